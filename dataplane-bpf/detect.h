/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scans, sweeps and floods, noticed in bounded memory. What is distinct is counted by the bits that hashes set in a bitmap (Whang,
 * Vander-Zanden and Taylor, "A linear-time probabilistic counting algorithm", 1990): off by some 5 % where hundreds are counted, and
 * a sampled share of what would fill the bitmap by some 7 %. All CPUs share the slots. A slot changes hands under a mark that the
 * others respect by not counting, so that a packet now and then is missed and none is counted for somebody else.
 */
#pragma once

#include "pages.h"
#include "prefix.h"
#include "event.h"
#include "track.h"

enum {
	SLOT_FREE = 0,
	SLOT_BUSY = 1,
	SLOT_WAYS = 4,
	SLOT_WORDS = sizeof(struct detection_slot) / 4,
	SETS_PER_PAGE = PAGE_WORDS / SLOT_WORDS / SLOT_WAYS,
};

/* Two multiplications, so that what one word does to the hash cannot be undone by the next without the secret. */
static __always_inline __u64 stir(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
	hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9ULL;
	return hash ^ hash >> 32;
}

static __always_inline __u64 stir_address(__u64 hash, const struct packet *packet, enum field field, __u32 length)
{
	const __be32 *address = packet->address[field & 1];

	hash = stir(hash, (__u64)(address[0] & prefix_mask(length, 0)) << 32 | (address[1] & prefix_mask(length, 1)));
	if (packet->family == FAMILY_IPV4)
		return hash;
	return stir(hash, (__u64)(address[2] & prefix_mask(length, 2)) << 32 | (address[3] & prefix_mask(length, 3)));
}

/* Who is counted. Neither free nor busy. */
static __always_inline __u64 key_of(const struct packet *packet, const struct detector *detector)
{
	__u64 hash = stir(config.secret, (__u64)detector->detector_id << 32 | packet->family);
	__u32 length = 128;

	if (detector->per == DETECTOR_PER_SOURCE_PREFIX)
		length = packet->family == FAMILY_IPV4 ? detector->ipv4_prefix : detector->ipv6_prefix;
	return stir_address(hash, packet, detector->per == DETECTOR_PER_DESTINATION ? FIELD_DESTINATION : FIELD_SOURCE, length) | 2;
}

/*
 * A resolver that answers many questions is no scanner. UDP does not say what is an answer; those that we wait for go to ports above
 * the registered ones that anybody listens on (Linux's net.ipv4.ip_local_port_range; RFC 6335 begins higher).
 */
static __always_inline bool is_question(const struct packet *packet)
{
	enum { FIRST_EPHEMERAL_PORT = 32768, ECHO = 8, ECHO_IPV6 = 128 };

	if (packet->fragment == FRAGMENT_LATER)
		return false;
	switch (packet->protocol) {
	case IPPROTO_TCP:
		return opens(packet->tcp_flags);
	case IPPROTO_UDP:
		return packet->has_ports && packet->port[FIELD_DESTINATION] < FIRST_EPHEMERAL_PORT;
	case IPPROTO_ICMP:
		return packet->icmp_type == ECHO;
	case IPPROTO_ICMPV6:
		return packet->icmp_type == ECHO_IPV6;
	default:
		return true;
	}
}

/* Answers to what we have asked are none of a detector's business, except for a rate. */
static __always_inline bool concerns(const struct packet *packet, const struct detector *detector)
{
	switch (detector->type) {
	case DETECTOR_PORT_SCAN:
		return packet->has_ports && is_question(packet);
	case DETECTOR_SWEEP:
		return is_question(packet);
	case DETECTOR_SYN_FLOOD:
		return packet->protocol == IPPROTO_TCP && opens(packet->tcp_flags);
	default:
		return true;
	}
}

/* The slot of `key` in its window, or one that is taken for it: one that is over, else that with the lowest count. */
static __always_inline struct detection_slot *slot_of(__u64 key, const struct detector *detector, __u32 segments)
{
	__u64 set = (key >> 32) * segments * PAGES_PER_SEGMENT * SETS_PER_PAGE >> 32;
	__u32 now = bpf_ktime_get_coarse_ns() / DETECTION_TICK_NS, lowest = ~0U, i;
	struct page *page = page_at(&detection_pages, set / SETS_PER_PAGE);
	struct detection_slot *slots, *taken = NULL;
	__u64 held = SLOT_BUSY;

	if (!page)
		return NULL;
	slots = (struct detection_slot *)&page->words[set % SETS_PER_PAGE * SLOT_WAYS * SLOT_WORDS];
	for (i = 0; i < SLOT_WAYS; i++) {
		__u64 holder = *(volatile __u64 *)&slots[i].key;
		bool over = holder == SLOT_FREE || (__s32)(slots[i].end - now) <= 0;

		if (holder == SLOT_BUSY)
			return NULL;
		if (holder == key && !over)
			return &slots[i];
		if (holder == key) {
			taken = &slots[i];
			held = holder;
			break;
		}
		if ((over ? 0 : slots[i].count + 1) < lowest) {
			lowest = over ? 0 : slots[i].count + 1;
			taken = &slots[i];
			held = holder;
		}
	}
	if (!taken || __sync_val_compare_and_swap(&taken->key, held, SLOT_BUSY) != held)
		return NULL;
	taken->end = now + (__u64)detector->window_s * NS_PER_S / DETECTION_TICK_NS;
	taken->count = 0;
	__builtin_memset(taken->bitmap, 0, sizeof(taken->bitmap));
	__sync_lock_test_and_set(&taken->key, key);
	return taken;
}

static __always_inline bool is_distinct(const struct detector *detector)
{
	return detector->type == DETECTOR_PORT_SCAN || detector->type == DETECTOR_SWEEP;
}

/* False where this value was seen before. */
static __always_inline bool is_new(struct detection_slot *slot, __u64 hash)
{
	__u64 bit = (hash >> 32) * DETECTION_BITS >> 32, mask = 1ULL << bit % 64, index = bit / 64;
	__u64 *word;

	/* The compiler knows the range, the verifier does not. */
	asm volatile("" : "+r"(index));
	if (index >= DETECTION_BITS / 64)
		return false;
	word = &slot->bitmap[index];
	return !(*word & mask) && !(__sync_fetch_and_or(word, mask) & mask);
}

/* What one detector makes of a packet. Of all CPUs, one finds the count at the threshold: one event for each key and window. */
__noinline int consult(struct packet *packet, const struct detector *detector, __u32 segments)
{
	struct detection_slot *slot;
	struct event *event;
	__u64 key, value = 0;
	__u32 noticed_at;

	if (!packet || !detector || !concerns(packet, detector))
		return 0;
	key = key_of(packet, detector);
	noticed_at = detector->threshold;
	if (is_distinct(detector)) {
		noticed_at = detector->bits;
		if (detector->type == DETECTOR_PORT_SCAN)
			value = stir(key, packet->port[FIELD_DESTINATION]);
		else
			value = stir_address(key, packet, FIELD_DESTINATION, 128);
		if (value & ((1U << (detector->sampling & 31)) - 1))
			return 0;
	}
	slot = slot_of(key, detector, segments);
	if (!slot || (is_distinct(detector) && !is_new(slot, value)))
		return 0;
	if (__sync_fetch_and_add(&slot->count, 1) + 1 != noticed_at)
		return 0;
	event = open_event(packet, EVENT_DETECTION);
	if (!event) {
		/* Told by what comes next. */
		__sync_fetch_and_add(&slot->count, -1);
		return 0;
	}
	event->detector_id = detector->detector_id;
	event->value = detector->threshold;
	event->verdict = VERDICT_PASS;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

/* `exempt`: bits of detectors that the source is exempt from, and above them those of the destination. */
__noinline int consult_all(struct packet *packet, __u32 exempt, __u32 segments)
{
	__u32 i;

	if (!packet)
		return 0;
	for (i = 0; i < DETECTORS; i++) {
		__u32 row = (packet->side & 1) * DETECTORS + i;
		const struct detector *detector = bpf_map_lookup_elem(&detectors, &row);

		if (!detector || detector->type == DETECTOR_NONE)
			break;
		if (!(exempt >> (detector->per == DETECTOR_PER_DESTINATION ? i + DETECTORS : i) & 1))
			consult(packet, detector, segments);
	}
	return 0;
}

/* Looks at every packet that comes in, whatever becomes of it. */
static __always_inline void detect(struct packet *packet, const struct view *view)
{
	const struct membership *source = view->ends[FIELD_SOURCE], *destination = view->ends[FIELD_DESTINATION];

	if (!config.trace)
		consult_all(packet, source->exempt | destination->exempt << DETECTORS, view->side->detection_segments);
}
