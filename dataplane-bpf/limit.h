/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rates, by the generic cell rate algorithm (ITU-T I.371, virtual scheduling). Whoever shares a limit has a theoretical arrival time
 * (tat): each packet that is let through moves it on by its cost, the time that the rate allows for it; what would move it further
 * ahead of now than the burst is beyond the rate.
 *
 * A slot is one word, so that one compare-and-swap claims and charges it: the owner's tag above, the tat below. Limits of a rule have
 * slots of their own in `rule_tats`; those of sources share sets of eight, one cache line, in `limit_pages`. A tat that is past says
 * nothing and makes room first, then the one that is next to be past: who owes least is forgotten.
 */
#pragma once

#include "hash.h"
#include "pages.h"
#include "track.h"

enum {
	TAT_BITS = 42,
	TAT_SHIFT = 16, /* ticks of a unit of the tat: 1 us, which repeats after 52 days */
	TAT_TRIES = 8,
	LIMIT_WAYS = 8,
	LIMIT_SETS = PAGE_WORDS / 2 / LIMIT_WAYS,
	TAG_OF_BITS = 1, /* in a tag: counts bits, not packets */
	LONGEST_PACKET = 65535,
	COARSE_TICK_NS = 10000000, /* HZ of 100 at worst */
};

/* What a packet asks of one slot. Times in ticks. */
struct charge {
	__u64 now;
	__u64 cost;
	__u64 tolerance;
	__u64 bound; /* what is as far ahead is left from another rate, or from 52 days ago */
	__u64 tag;
	__u64 before, after; /* what was found in the slot and written */
};

/*
 * All ones or nothing: what is reckoned without branches is one path to the verifier, and none to mispredict. The compiler would make
 * branches of it again.
 */
static __always_inline __u64 mask_of(__u64 sign)
{
	__u64 mask;

	asm("" : "+r"(sign));
	mask = (__s64)sign >> 63;
	asm("" : "+r"(mask));
	return mask;
}

static __always_inline __u64 if_set(__u64 word)
{
	__u64 negative = -word;

	asm("" : "+r"(negative));
	return mask_of(word | negative);
}

static __always_inline __u64 if_less(__u64 a, __u64 b)
{
	return mask_of(a - b);
}

/* How far a slot's tat is ahead of now, in ticks; 0: it is past. What is a day ahead is 51 days old. */
static __always_inline __u64 ahead(__u64 slot, __u64 now)
{
	const __u64 day = 2ULL * MAX_TOLERANCE_S * NS_PER_S * TICKS_PER_NS;
	enum { TAG_BITS = 64 - TAT_BITS - TAT_SHIFT };
	__s64 ticks = (__s64)(((slot << TAT_SHIFT) - now) << TAG_BITS) >> TAG_BITS;

	return ticks & ~if_less(ticks, 0) & if_less(ticks, day) & if_set(slot);
}

static __always_inline __u64 owed(__u64 slot, const struct charge *charge)
{
	__u64 ticks = ahead(slot, charge->now);

	return ticks & ~if_set(slot >> TAT_BITS ^ charge->tag) & if_less(ticks, charge->bound);
}

/* A cost is rounded up or down by chance, so that on the whole it is exact however short it is. */
static __always_inline bool spend(__u64 *slot, struct charge *charge)
{
	int i;

	for (i = 0; i < TAT_TRIES; i++) {
		__u64 before = *(volatile __u64 *)slot, ticks = owed(before, charge), tat;

		/* What costs more than the whole burst passes where nothing is owed, and is paid for in full. */
		if (ticks && ticks + charge->cost > charge->tolerance)
			return false;
		if (config.trace)
			return true;
		tat = charge->now + ticks + charge->cost + (__u16)bpf_get_prandom_u32();
		tat = tat >> TAT_SHIFT & ((1ULL << TAT_BITS) - 1);
		charge->before = before;
		charge->after = charge->tag << TAT_BITS | tat;
		if (__sync_val_compare_and_swap(slot, before, charge->after) == before)
			return true;
	}
	return false;
}

/* Where somebody has spent since, what was spent in vain stays so. */
static __always_inline void take_back(__u64 *slot, const struct charge *charge)
{
	if (!config.trace)
		__sync_val_compare_and_swap(slot, charge->after, charge->before);
}

/* The slot of a tag, or the one that it may have: the one that is ahead least, but for the packet's other slot. */
static __always_inline __u64 *slot_in(__u64 *set, const struct charge *charge)
{
	__u64 best = ~0ULL >> 1;
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < LIMIT_WAYS; i++) {
		__u64 slot = *(volatile __u64 *)&set[i], other = slot >> TAT_BITS ^ charge->tag, rank;

		rank = ((ahead(slot, charge->now) + 1) & if_set(other)) | (1ULL << 58 & ~if_set(other ^ TAG_OF_BITS));
		rank = rank * LIMIT_WAYS + i;
		best ^= (best ^ rank) & if_less(rank, best);
	}
	return &set[best % LIMIT_WAYS];
}

/* Who shares the limit with this packet: rule, and source or what is left of it. */
static __always_inline __u64 limit_key(const struct packet *packet, const struct limit_row *rates, const struct secret *secret)
{
	const __be32 *source = packet->address[FIELD_SOURCE];
	__u64 high = (__u64)bpf_ntohl(source[0]) << 32, low = 0;
	__u32 prefix = packet->family == FAMILY_IPV4 ? rates->ipv4_prefix : rates->ipv6_prefix;
	struct sip sip;

	if (packet->family == FAMILY_IPV6) {
		high |= bpf_ntohl(source[1]);
		low = (__u64)bpf_ntohl(source[2]) << 32 | bpf_ntohl(source[3]);
	}
	if (rates->per == LIMIT_PER_SOURCE_PREFIX) {
		if (prefix <= 64)
			low = 0;
		else if (prefix < 128)
			low &= ~0ULL << (128 - prefix);
		if (prefix == 0)
			high = 0;
		else if (prefix < 64)
			high &= ~0ULL << (64 - prefix);
	}
	sip_begin(&sip, secret);
	sip_take(&sip, (__u64)rates->rule_id << 32 | packet->family);
	sip_take(&sip, high);
	if (packet->family == FAMILY_IPV6)
		sip_take(&sip, low);
	return sip_end(&sip);
}

/* The set of a key, or NULL where the pool has none. */
static __always_inline __u64 *set_of(const struct packet *packet, __u64 key)
{
	__u32 row = packet->side;
	const struct side *side = bpf_map_lookup_elem(&sides, &row);
	struct page *page;
	__u64 set;

	if (!side)
		return NULL;
	set = (key >> 32) * side->limit_segments * PAGES_PER_SEGMENT * LIMIT_SETS >> 32;
	page = page_at(&limit_pages, set / LIMIT_SETS);
	if (!page)
		return NULL;
	return (__u64 *)&page->words[set % LIMIT_SETS * LIMIT_WAYS * 2];
}

/* Between two ticks of the coarse clock, at half the price, a burst that is short would be lost. */
static __always_inline __u64 limit_clock(const struct limit_row *rates)
{
	const __u64 short_burst = (__u64)COARSE_TICK_NS * 10 * TICKS_PER_NS;
	bool precise =
		(rates->packet_cost && rates->packet_tolerance < short_burst) || (rates->bits_per_s && rates->bit_tolerance < short_burst);

	return (precise ? bpf_ktime_get_ns() : bpf_ktime_get_coarse_ns()) * TICKS_PER_NS;
}

static __always_inline __u64 cost_of_bits(const struct limit_row *rates, __u32 bytes)
{
	return (__u64)bytes * 8 * NS_PER_S * TICKS_PER_NS / rates->bits_per_s;
}

static __always_inline __u64 limit_tag(__u64 key)
{
	return key & ((1ULL << (64 - TAT_BITS)) - 1) & ~(__u64)TAG_OF_BITS;
}

static __always_inline void charge_packet(const struct limit_row *rates, struct charge *charge, __u64 now, __u64 key)
{
	charge->now = now;
	charge->tag = limit_tag(key);
	charge->cost = rates->packet_cost;
	charge->tolerance = rates->packet_tolerance;
	charge->bound = charge->tolerance + charge->cost + (1 << TAT_SHIFT);
}

static __always_inline void charge_bits(const struct packet *packet, const struct limit_row *rates, struct charge *charge, __u64 now,
					__u64 key)
{
	const __u64 most = (__u64)MAX_TOLERANCE_S * NS_PER_S * TICKS_PER_NS;

	charge->now = now;
	charge->tag = limit_tag(key) | TAG_OF_BITS;
	charge->cost = cost_of_bits(rates, packet->length);
	if (charge->cost > most)
		charge->cost = most;
	charge->tolerance = rates->bit_tolerance;
	charge->bound = charge->tolerance + cost_of_bits(rates, LONGEST_PACKET) + (1 << TAT_SHIFT);
}

/* Whom a connection would count for, never 0; 0: this packet opens none. */
static __always_inline __u32 holder_of(const struct packet *packet, const struct limit_row *rates)
{
	const struct secret *secret;
	struct sip sip;

	if (packet->state != STATE_NEW || packet->tracked & TRACKED_KNOWN)
		return 0;
	secret = secret_words();
	if (!secret)
		return 0;
	if (rates->per != LIMIT_PER_RULE)
		return limit_key(packet, rates, secret) >> 32 | 1;
	sip_begin(&sip, secret);
	sip_take(&sip, rates->rule_id);
	return sip_end(&sip) >> 32 | 1;
}

/* 1 or 0. A packet that exceeds one of the two rates takes from neither. */
static __always_inline int within_rates(struct packet *packet, const struct limit_row *rates)
{
	__u64 *set = NULL, *packets, *bits;
	struct charge by_packet, by_bits;
	__u64 now, key = 0;
	__u32 row;

	if (rates->per == LIMIT_PER_RULE) {
		struct rule_tat *own;

		row = rates->rule_id;
		own = bpf_map_lookup_elem(&rule_tats, &row);
		if (!own)
			return 1;
		/* The compiler would add before it tests, which the verifier refuses. */
		asm volatile("" : "+r"(own));
		packets = &own->packets;
		bits = &own->bits;
	} else {
		const struct secret *secret = secret_words();

		if (!secret)
			return 1;
		key = limit_key(packet, rates, secret);
		set = set_of(packet, key);
		if (!set)
			return 1;
		packets = bits = set;
	}
	now = limit_clock(rates);
	if (rates->packet_cost) {
		charge_packet(rates, &by_packet, now, key);
		if (set)
			packets = slot_in(set, &by_packet);
		if (!spend(packets, &by_packet))
			return 0;
	}
	if (rates->bits_per_s) {
		charge_bits(packet, rates, &by_bits, now, key);
		if (set)
			bits = slot_in(set, &by_bits);
		if (!spend(bits, &by_bits)) {
			if (rates->packet_cost)
				take_back(packets, &by_packet);
			return 0;
		}
	}
	return 1;
}

/* 1 or 0: takes the packet into account. Verified by itself. What has no connection left takes from no rate. */
__noinline int within_limit(struct packet *packet, __u32 limit)
{
	const struct limit_row *rates;
	__u32 row, holder = 0;

	if (!packet)
		return 0;
	row = (packet->side & 1) * LIMIT_ROWS + limit;
	rates = bpf_map_lookup_elem(&limits, &row);
	if (!rates)
		return 1;
	if (rates->max_connections)
		holder = holder_of(packet, rates);
	if (holder && count_held(holder) >= rates->max_connections)
		return 0;
	if ((rates->packet_cost || rates->bits_per_s) && !within_rates(packet, rates))
		return 0;
	if (holder)
		note_holder(packet, holder);
	return 1;
}

static __always_inline bool allows_within(const struct packet *packet, __u16 limit)
{
	__u32 row = packet->side * LIMIT_ROWS + limit;
	const struct limit_row *rates = bpf_map_lookup_elem(&limits, &row);

	return rates && rates->allows;
}
