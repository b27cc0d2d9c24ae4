/* SPDX-License-Identifier: GPL-2.0-only */
/* The rounds of holding.h: no packet's work. */
#pragma once

#include "holding.h"

static __always_inline void forget_holders(__u32 bank, __u32 step)
{
	__u32 i;

	for (i = 0; i < SETS_PER_STEP; i++) {
		__u32 row = (bank & 1) * HOLDING_SETS + step * SETS_PER_STEP + i;
		struct holding_set *set = bpf_map_lookup_elem(&holdings, &row);

		if (set)
			__builtin_memset(set, 0, sizeof(*set));
	}
}

static __always_inline void count_page(const struct side *side, struct tracked_page *page, __u32 now_s, __u32 bank)
{
	__u32 way;
	int i;

	for (way = 0; way < TRACKED_WAYS; way++) {
		const struct tracked *entry = &page->entries[way];
		__u64 standing;

		if (!(*(volatile __u32 *)&page->tags[way] & TAG_USED) || !entry->holders[0])
			continue;
		standing = *(const volatile __u64 *)&entry->standing;
		if (is_over(standing, side, now_s) || (standing >> STANDING_SHIFT & STANDING_TIMEOUT) == TIMEOUT_TCP_CLOSING)
			continue;
		for (i = 0; i < HOLDERS && entry->holders[i]; i++)
			add_held(entry->holders[i], bank);
	}
}

/* 1: nobody asks for counts. */
__noinline int sweep_step(void)
{
	const struct side *side = side_in_force();
	struct tracking *placing = tracking_row();
	struct sweep *sweep = sweep_row();
	struct tracked_page *page;
	__u32 step, segments;

	if (!side || !placing || !sweep || !(side->flags & SIDE_HOLDERS))
		return 1;
	segments = side->tracked_segments > placing->segments ? side->tracked_segments : placing->segments;
	step = sweep->step;
	if (step < CLEARING_STEPS) {
		forget_holders(sweep->bank ^ 1, step);
	} else if (step - CLEARING_STEPS < segments * PAGES_PER_SEGMENT) {
		page = (struct tracked_page *)page_at(&tracked_pages, step - CLEARING_STEPS);
		if (page)
			count_page(side, page, seconds_now(placing), sweep->bank ^ 1);
	} else {
		*(volatile __u32 *)&sweep->bank = sweep->bank ^ 1;
		sweep->step = 0;
		return 0;
	}
	*(volatile __u32 *)&sweep->step = step + 1;
	return 0;
}

static int sweep_on(void *map, __u32 *row, struct sweep *sweep)
{
	int i;

	for (i = 0; i < SWEEP_STEPS; i++) {
		if (sweep_step())
			return 0;
	}
	bpf_timer_start(&sweep->timer, SWEEP_EVERY_NS, 0);
	return 0;
}

static __always_inline int begin_sweeps(void)
{
	struct sweep *sweep = sweep_row();

	if (!sweep)
		return 1;
	/* It may be there already, with a program of an earlier process. */
	bpf_timer_init(&sweep->timer, &sweeps, CLOCK_MONOTONIC);
	if (bpf_timer_set_callback(&sweep->timer, sweep_on))
		return 1;
	return bpf_timer_start(&sweep->timer, 0, 0) != 0;
}
