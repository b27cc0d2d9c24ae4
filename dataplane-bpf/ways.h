/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracking table by itself: where an entry is placed, how one is found, entered and made room for. */
#pragma once

#include "pages.h"
#include "packet.h"

static __always_inline struct tracking *tracking_row(void)
{
	__u32 row = 0;

	return bpf_map_lookup_elem(&tracking, &row);
}

/*
 * Seconds of the monotonic clock, slow by one part in 100,000: that spares a division of 64 bits. The clock is asked once in a jiffy,
 * since a call of the kernel costs as much as the rest of a lookup.
 */
static __always_inline __u32 seconds_now(struct tracking *placing)
{
	__u64 clock = *(volatile __u64 *)&placing->clock, jiffies = bpf_jiffies64() << 32;

	if ((clock ^ jiffies) >> 32) {
		clock = jiffies | (__u32)((bpf_ktime_get_coarse_ns() >> 20) * 17592 >> 24);
		if (!config.trace)
			*(volatile __u64 *)&placing->clock = clock;
	}
	return clock;
}

/* Keys are made and compared by words: fields written one by one would stall the processor when words are read. */
enum {
	KEY_PROTOCOL_SHIFT = 32,
	KEY_FAMILY_SHIFT = 40,
	NO_WAY = 15,
};
_Static_assert(offsetof(struct tracked_key, protocol) == 36, "as shifted; the family follows");

/* The second half of the hash says which way an entry prefers, so that its line is read while its tag is. */
static __always_inline __u32 home_of(__u32 tag)
{
	return (tag >> 8 & 0xffff) * TRACKED_WAYS >> 16;
}

static __always_inline bool is_same_address(const __be32 *a, const __be32 *b)
{
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
}

static __always_inline bool is_same_key(const struct tracked_key *a, const struct tracked_key *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;

	return !((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) | (x[4] ^ y[4]));
}

/*
 * Multilinear with secret keys (Carter and Wegman 1979; Dietzfelbinger 1996), so that nobody without them can choose what meets in
 * one set; then mixed, so that neighbouring ports do not meet there by themselves.
 */
static __always_inline __u64 hash_of(const struct tracking *placing, const struct tracked_key *key)
{
	const __u64 *words = (const __u64 *)key, *keys = placing->keys;
	__u64 hash = keys[0] * (__u32)words[0] + keys[4] * (__u32)words[2] + keys[8] * (__u32)words[4] + keys[9] * (words[4] >> 32);

	if (words[4] >> KEY_FAMILY_SHIFT == FAMILY_IPV6)
		hash += keys[1] * (words[0] >> 32) + keys[2] * (__u32)words[1] + keys[3] * (words[1] >> 32) + keys[5] * (words[2] >> 32) +
			keys[6] * (__u32)words[3] + keys[7] * (words[3] >> 32);
	hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93ULL;
	hash = (hash ^ hash >> 29) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 32;
}

static __always_inline __u32 page_of(__u64 hash, __u32 segments)
{
	return (hash >> 32) * (segments * PAGES_PER_SEGMENT) >> 32;
}

static __always_inline __u32 tag_of(__u64 hash)
{
	return (__u32)hash | TAG_USED;
}

static __always_inline bool is_over(__u64 standing, const struct side *side, __u32 now_s)
{
	__u32 timeout = standing >> STANDING_SHIFT & STANDING_TIMEOUT;

	return timeout >= TIMEOUTS || now_s > (standing & ~0U) + side->timeouts_s[timeout];
}

static __always_inline __u64 generation_of(__u64 standing)
{
	return standing & ~((__u64)STANDING_GENERATION - 1) << STANDING_SHIFT;
}

/* The compiler checks one copy of a number and uses another; 6.1 does not see that they are the same. */
static __always_inline __u64 bounded_way(__u64 way)
{
	asm volatile("if %0 < 15 goto +1; %0 = 0" : "+r"(way));
	return way;
}
_Static_assert(TRACKED_WAYS == 15, "as above");

static __always_inline bool holds(const struct tracked_page *page, __u64 way, __u32 tag, const struct tracked_key *key)
{
	return page->tags[way] == tag && is_same_key(&page->entries[way].key, key);
}

/*
 * The way that holds a key, and how it stands; NO_WAY: none. An entry that is taken for another while we read it has its tag changed
 * before its key, and its generation after: `standing` then fits no exchange.
 */
static __always_inline __u32 way_of(struct tracked_page *page, __u32 tag, const struct tracked_key *key, __u64 *standing)
{
	__u64 way = bounded_way(home_of(tag));

	*standing = *(volatile __u64 *)&page->entries[way].standing;
	if (holds(page, way, tag, key))
		return way;
	for (way = 0; way < TRACKED_WAYS; way++) {
		if (page->tags[way] != tag)
			continue;
		*standing = *(volatile __u64 *)&page->entries[way].standing;
		if (is_same_key(&page->entries[way].key, key))
			return way;
	}
	return NO_WAY;
}

/* Who makes room: the lowest goes first, and of equals the one that was idle for longest. */
enum rank {
	RANK_SAME, /* the connection's own entry, whose time is over */
	RANK_FREE,
	RANK_OVER,
	RANK_UNANSWERED,
	RANK_ANSWERED, /* and not held: TCP whose opener has not come back */
	RANK_KEPT,
};

enum entering {
	ENTER_OPENED,
	ENTER_EVICTED, /* opened, and another made room */
	ENTER_KNOWN,   /* somebody else has entered it */
	ENTER_SHED,
};

static __always_inline enum rank rank_of(__u64 standing, const struct side *side, __u32 now_s)
{
	if (is_over(standing, side, now_s))
		return RANK_OVER;
	if (standing >> STANDING_SHIFT & STANDING_HELD)
		return RANK_KEPT;
	return standing >> STANDING_SHIFT & STANDING_ANSWERED ? RANK_ANSWERED : RANK_UNANSWERED;
}

/* The way to take: rank << 36 | seconds << 4 | its distance from home, which is way ^ home. A function of its own, so that the verifier
 * forgets how it came to the answer. */
__noinline __u64 cheapest_way(struct tracked_page *page, const struct side *side, const struct tracked_key *key, __u32 tag, __u32 now_s)
{
	__u64 cheapest = (__u64)RANK_KEPT << 36;
	__u32 way, home = home_of(tag);

	if (!page || !side || !key)
		return cheapest;
	for (way = 0; way < TRACKED_WAYS; way++) {
		__u32 there = *(const volatile __u32 *)&page->tags[way];
		__u64 standing = 0, price, rank = RANK_FREE;

		if (there == TAG_BUSY)
			continue;
		if (there != TAG_FREE) {
			standing = page->entries[way].standing;
			rank = rank_of(standing, side, now_s);
			if (there == tag && is_same_key(&page->entries[way].key, key))
				rank = RANK_SAME;
		}
		price = rank << 36 | (standing & ~0U) << 4 | (way ^ home);
		if (price < cheapest)
			cheapest = price;
	}
	return cheapest;
}

/* Of two CPUs that enter one connection at the same time the lower way stays. */
static __always_inline bool is_below(const struct tracked_page *page, const struct tracked_key *key, __u32 tag, __u32 own)
{
	__u32 way;

	for (way = 0; way < TRACKED_WAYS; way++) {
		if (way < own && holds(page, way, tag, key))
			return true;
	}
	return false;
}

/* Enters a connection: enum entering. A way is claimed by exchanging its tag, so that one CPU alone writes the entry. */
__noinline int enter(struct tracked_page *page, const struct side *side, const struct tracked_key *key, __u32 tag, __u64 standing)
{
	struct tracked *entry;
	__u64 price, before;
	enum rank rank;
	__u32 there;
	__u64 way;

	if (!page || !side || !key)
		return ENTER_SHED;
	price = cheapest_way(page, side, key, tag, standing);
	way = (price ^ home_of(tag)) & 15;
	rank = price >> 36;
	if (rank >= RANK_KEPT || way >= TRACKED_WAYS)
		return ENTER_SHED;
	way = bounded_way(way);
	entry = &page->entries[way];
	there = *(volatile __u32 *)&page->tags[way];
	before = *(volatile __u64 *)&entry->standing;
	if (rank == RANK_SAME && !is_over(before, side, standing))
		return ENTER_KNOWN;
	if (there == TAG_BUSY || __sync_val_compare_and_swap(&page->tags[way], there, TAG_BUSY) != there)
		return ENTER_SHED;
	/* What was answered between the look and the claim stays. */
	before = *(volatile __u64 *)&entry->standing;
	if (there != TAG_FREE && rank > RANK_FREE && rank_of(before, side, standing) > rank) {
		__sync_lock_test_and_set(&page->tags[way], there);
		return ENTER_SHED;
	}
	entry->holders[0] = 0;
	*(volatile __u64 *)&entry->standing = standing | generation_of(before + ((__u64)STANDING_GENERATION << STANDING_SHIFT));
	entry->key = *key;
	__sync_lock_test_and_set(&page->tags[way], tag);
	if (is_below(page, key, tag, way)) {
		__sync_lock_test_and_set(&page->tags[way], TAG_FREE);
		return ENTER_KNOWN;
	}
	return rank > RANK_OVER ? ENTER_EVICTED : ENTER_OPENED;
}
