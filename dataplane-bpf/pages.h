/* SPDX-License-Identifier: GPL-2.0-only */
/* Pools of pages: arrays of maps, so that they grow while programs run. */
#pragma once

#include "maps.h"

/* Page `index` of a pool, or NULL where the pool ends before it. */
static __always_inline struct page *page_at(void *pool, __u32 index)
{
	__u32 segment = index / PAGES_PER_SEGMENT, row = index % PAGES_PER_SEGMENT;
	void *pages = bpf_map_lookup_elem(pool, &segment);

	return pages ? bpf_map_lookup_elem(pages, &row) : NULL;
}
