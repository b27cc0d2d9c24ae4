/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The longest prefix that contains an address: 16 bits by the root, then 8 at a time by branches, until few prefixes are left, which
 * are compared one by one. Prefixes that end on the way are written into all cells that they cover, so that nothing is looked up twice.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "pages.h"

enum {
	LINE_IPV4_PREFIXES = LINE_WORDS * 4 / sizeof(struct prefix_ipv4),
	LINE_IPV6_PREFIXES = LINE_WORDS * 4 / sizeof(struct prefix_ipv6),
	IPV6_STEPS = 28, /* a branch or a bucket for each 8 bits behind the root, and one more for either end */
};

static __always_inline enum cell_type type_of(__u32 cell)
{
	return cell >> CELL_TYPE_SHIFT;
}

static __always_inline __u32 root_cell(__u32 side, enum family family, __u32 leading)
{
	__u32 row = side * FAMILIES + family;
	const struct prefix_root *root = bpf_map_lookup_elem(&prefix_roots, &row);

	return root ? root->cells[leading % TRIE_ROOT_CELLS] : (__u32)family;
}

/* The cell of a branch for the next 8 bits of an address. */
static __always_inline __u32 branch_cell(__u32 branch, __u32 bits, enum family family)
{
	const struct page *page = page_at(&prefix_pages, branch & ((1U << CELL_LINE_BITS) - 1));

	return page ? page->words[bits % TRIE_FANOUT] : (__u32)family;
}

/* Line `index` of a bucket, which stands in one page. */
static __always_inline const void *bucket_line(const struct page *page, __u32 bucket, __u32 index)
{
	return &page->words[(bucket + index) % PAGE_LINES * LINE_WORDS];
}

static __always_inline const struct page *bucket_page(__u32 bucket)
{
	return page_at(&prefix_pages, (bucket & ((1U << CELL_LINE_BITS) - 1)) / PAGE_LINES);
}

/* Longest prefix first; the last matches everything. */
static __always_inline __u32 search_bucket_ipv4(__u32 bucket, __u32 address)
{
	const struct page *page = bucket_page(bucket);
	int i, j;

	if (!page)
		return MEMBERSHIP_IPV4;
#pragma unroll
	for (i = 0; i < BUCKET_LINES; i++) {
		const struct prefix_ipv4 *line = bucket_line(page, bucket, i);

#pragma unroll
		for (j = 0; j < LINE_IPV4_PREFIXES; j++)
			if (!((line[j].match ^ address) & line[j].match >> 16))
				return line[j].membership;
	}
	return MEMBERSHIP_IPV4;
}

/* `address` in host order. */
static __always_inline __u32 search_ipv4(__u32 side, __u32 address)
{
	__u32 cell = root_cell(side, FAMILY_IPV4, address >> 16);

	if (type_of(cell) == CELL_BRANCH) {
		cell = branch_cell(cell, address >> 8, FAMILY_IPV4);
		if (type_of(cell) == CELL_BRANCH)
			cell = branch_cell(cell, address, FAMILY_IPV4);
	}
	return type_of(cell) == CELL_BUCKET ? search_bucket_ipv4(cell, address) : cell;
}

/* Without a branch: 6.1 follows each that there is, and there are eight prefixes in a bucket. None is as short as the root's 16 bits. */
static __always_inline bool contains(const struct prefix_ipv6 *prefix, __u64 high, __u64 low)
{
	__s64 left_high = 64 - (__s64)prefix->length, left_low = 128 - (__s64)prefix->length;
	__u64 is_long = (left_low - 64) >> 63; /* all ones from 65 bits on */

	asm volatile("" : "+r"(left_high), "+r"(left_low), "+r"(is_long));
	left_high &= ~is_long;
	return !((prefix->high ^ high) >> (left_high & 63) | ((prefix->low ^ low) >> (left_low & 63) & is_long));
}

/* What a bucket says of an IPv6 address: a cell, and above 32 bits the level that it stands at. Verified by itself. */
__noinline __u64 search_bucket_ipv6(__u32 bucket, __u64 high, __u64 low)
{
	__u32 last = bucket >> CELL_LINES_SHIFT & (BUCKET_LINES - 1);
	const struct page *page = bucket_page(bucket);
	__u32 i, j;

	if (!page)
		return MEMBERSHIP_IPV6;
	for (i = 0; i < BUCKET_LINES; i++) {
		const struct prefix_ipv6 *line = bucket_line(page, bucket, i);

#pragma unroll
		for (j = 0; j < LINE_IPV6_PREFIXES; j++)
			if (contains(&line[j], high, low))
				return (__u64)line[j].length << 32 | line[j].cell;
		if (i == last)
			break;
	}
	return ((const struct prefix_ipv6 *)bucket_line(page, bucket, 0))->otherwise;
}

struct descent {
	__u64 high, low; /* the address, in host order */
	__u32 cell;
	__u32 level; /* bits that are decided */
};

/* One branch or bucket further down. Answers 1 where the membership is found. */
static long descend(__u32 index, struct descent *descent)
{
	__u32 cell = descent->cell, level = descent->level;
	__u64 found;

	if (type_of(cell) == CELL_MEMBERSHIP)
		return 1;
	if (type_of(cell) == CELL_BRANCH) {
		__u64 is_low = -(__u64)(level >> 6 & 1);

		asm volatile("" : "+r"(is_low));
		descent->cell =
			branch_cell(cell, ((descent->high & ~is_low) | (descent->low & is_low)) >> (56 - (level & 56)), FAMILY_IPV6);
		descent->level = (level + 8) & 127;
		return 0;
	}
	found = search_bucket_ipv6(cell, descent->high, descent->low);
	descent->cell = found;
	descent->level = found >> 32 & 127;
	return 0;
}

/*
 * The halves of the address in host order; `level` is 16. Verified by itself, and `level` is an argument, so that the verifier does not
 * know its value: 6.1 would follow each level for itself.
 */
__noinline __u32 search_ipv6(__u32 side, __u64 high, __u64 low, __u32 level)
{
	struct descent descent = { .high = high, .low = low, .cell = root_cell(side, FAMILY_IPV6, high >> 48), .level = level & 127 };

	bpf_loop(IPV6_STEPS, descend, &descent, 0);
	return descent.cell;
}
