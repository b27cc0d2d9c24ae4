/* SPDX-License-Identifier: GPL-2.0-only */
/* A change of the tracking table's size: entries move to where the side in force looks for them, while packets go on to be tracked. */
#pragma once

#include "holding.h"

/* Who counts an entry moves along, and what packets have made of it while it was copied. */
static __always_inline void catch_up(struct tracked_page *there, __u32 tag, const struct tracked_key *key, __u64 before,
				     const struct tracked *entry)
{
	__u64 copied, after = *(const volatile __u64 *)&entry->standing;
	__u32 way = way_of(there, tag, key, &copied);

	if (way == NO_WAY)
		return;
	__builtin_memcpy(there->entries[bounded_way(way)].holders, entry->holders, sizeof(entry->holders));
	if (before != after && generation_of(before) == generation_of(after))
		__sync_val_compare_and_swap(&there->entries[way].standing, copied, generation_of(copied) | (after & ~generation_of(after)));
}

/* The new entry is there before the old one goes: who looks meanwhile finds either. */
static __always_inline void move_way(struct tracking *placing, const struct side *side, struct tracked_page *page, __u32 index, __u32 way)
{
	struct tracked_key key __attribute__((aligned(8)));
	struct tracked *entry = &page->entries[way];
	__u32 tag = *(volatile __u32 *)&page->tags[way], target;
	struct tracked_page *there;
	__u64 standing, hash;

	if (!(tag & TAG_USED))
		return;
	standing = *(volatile __u64 *)&entry->standing;
	key = entry->key;
	hash = hash_of(placing, &key);
	target = page_of(hash, side->tracked_segments);
	if (tag != tag_of(hash) || target == index)
		return;
	there = (struct tracked_page *)page_at(&tracked_pages, target);
	if (!there)
		return;
	if (!is_over(standing, side, seconds_now(placing))) {
		enter(there, side, &key, tag, standing & ~generation_of(standing));
		catch_up(there, tag, &key, standing, entry);
	}
	__sync_val_compare_and_swap(&page->tags[way], tag, TAG_FREE);
}

__noinline int move_page(void)
{
	struct tracking *placing = tracking_row();
	const struct side *side = side_in_force();
	struct tracked_page *page;
	__u32 way, index;

	if (!placing || !side || !side->tracked_segments)
		return 1;
	index = placing->page;
	page = (struct tracked_page *)page_at(&tracked_pages, index);
	if (!page)
		return 1;
	for (way = 0; way < TRACKED_WAYS; way++)
		move_way(placing, side, page, index, way);
	placing->page = index + 1;
	return 0;
}
