/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many connections each limit counts. An entry of the tracking table names the limits that count it. A timer of the kernel goes over
 * the table piece by piece and counts anew into a second bank of slots; then the banks change places. So what has ended leaves its place
 * within one round, whoever ended it, a wrong count lasts no longer, and no daemon is needed. What is entered meanwhile, the packet adds.
 */
#pragma once

#include "ways.h"
#include <linux/time.h>

enum {
	BANKS = 2,
	SWEEP_STEPS = 1024, /* of one call of the timer */
	SWEEP_EVERY_NS = 20000000,
	SETS_PER_STEP = 64,
	CLEARING_STEPS = HOLDING_SETS / SETS_PER_STEP, /* before a round counts, its bank forgets the round before the last */
};

static __always_inline struct sweep *sweep_row(void)
{
	__u32 row = 0;

	return bpf_map_lookup_elem(&sweeps, &row);
}

static __always_inline struct holding_set *holding_set_of(__u32 holder, __u32 bank)
{
	__u32 row = (bank & 1) * HOLDING_SETS + ((__u64)holder * HOLDING_SETS >> 32);

	return bpf_map_lookup_elem(&holdings, &row);
}

/* Connections that count for a limit now. */
static __always_inline __u32 count_held(__u32 holder)
{
	const struct sweep *sweep = sweep_row();
	const struct holding_set *set;
	int i;

	if (!sweep)
		return 0;
	set = holding_set_of(holder, *(volatile __u32 *)&sweep->bank);
	if (!set)
		return 0;
	for (i = 0; i < HOLDING_WAYS; i++) {
		__u64 slot = *(const volatile __u64 *)&set->slots[i];

		if (slot >> 32 == holder)
			return slot;
	}
	return 0;
}

/* One more. A holder that finds no room takes that of the one with the fewest. */
__noinline int add_held(__u32 holder, __u32 bank)
{
	struct holding_set *set = holding_set_of(holder, bank);
	__u64 fewest = ~0ULL, there = 0;
	__u32 at = 0, i;

	if (!set)
		return 0;
#pragma clang loop unroll(disable)
	for (i = 0; i < HOLDING_WAYS; i++) {
		__u64 slot = *(volatile __u64 *)&set->slots[i];

		if (slot >> 32 == holder) {
			__sync_fetch_and_add(&set->slots[i], 1);
			return 0;
		}
		if ((__u32)slot < fewest) {
			fewest = (__u32)slot;
			there = slot;
			at = i;
		}
	}
	asm volatile("" : "+r"(at));
	if (at < HOLDING_WAYS)
		__sync_val_compare_and_swap(&set->slots[at], there, (__u64)holder << 32 | 1);
	return 0;
}

static __always_inline struct opening *opening_of(const struct packet *packet)
{
	__u32 row = packet->hook;

	return bpf_map_lookup_elem(&openings, &row);
}

/* A connection that is about to be entered will count for this holder too, if it is not one too many. */
static __always_inline void note_holder(struct packet *packet, __u32 holder)
{
	struct opening *opening = opening_of(packet);
	__u32 at = packet->holders;

	if (!opening || at >= HOLDERS)
		return;
	opening->holders[at] = holder;
	packet->holders = at + 1;
}

/* A connection was entered: it counts now, and in the round that is going on where that has passed its page. */
__noinline int hold(struct packet *packet, struct tracked_page *page, const struct tracked_key *key, __u32 tag, __u32 index)
{
	const struct sweep *sweep = sweep_row();
	const struct opening *opening;
	struct tracked *entry;
	__u64 standing;
	__u32 way, i;

	if (!packet || !page || !key || !sweep)
		return 0;
	opening = opening_of(packet);
	if (!opening)
		return 0;
	way = way_of(page, tag, key, &standing);
	if (way == NO_WAY)
		return 0;
	entry = &page->entries[bounded_way(way)];
	for (i = 0; i < HOLDERS; i++) {
		__u32 holder = i < packet->holders ? opening->holders[i] : 0, bank = sweep->bank;

		entry->holders[i] = holder;
		if (!holder)
			break;
		add_held(holder, bank);
		if (sweep->step > CLEARING_STEPS + index)
			add_held(holder, bank ^ 1);
	}
	return 0;
}

static __always_inline const struct side *side_in_force(void)
{
	__u32 row = 0, side;
	const struct in_force *in_force = bpf_map_lookup_elem(&revision, &row);

	if (!in_force)
		return NULL;
	side = in_force->revision & (SIDES - 1);
	return bpf_map_lookup_elem(&sides, &side);
}
