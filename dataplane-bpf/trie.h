/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The longest prefix that contains an address: 16 bits by the root, then 8 at a time by branches, until few prefixes are left, which
 * are compared one by one. Prefixes that end on the way are written into all cells that they cover, so that nothing is looked up twice.
 */
#pragma once

#include "packet.h"
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
__noinline __u32 search_ipv4(__u32 side, __u32 address)
{
	__u32 cell = root_cell(side, FAMILY_IPV4, address >> 16);

	if (type_of(cell) == CELL_BRANCH) {
		cell = branch_cell(cell, address >> 8, FAMILY_IPV4);
		if (type_of(cell) == CELL_BRANCH)
			cell = branch_cell(cell, address, FAMILY_IPV4);
	}
	return type_of(cell) == CELL_BUCKET ? search_bucket_ipv4(cell, address) : cell;
}

static __always_inline bool contains(const struct prefix_ipv6 *prefix, __u64 high, __u64 low)
{
	if (prefix->length <= 64)
		return !((prefix->high ^ high) >> (64 - prefix->length));
	return prefix->high == high && !((prefix->low ^ low) >> (128 - prefix->length));
}

/* What holds for an IPv6 address in a bucket, or NULL for what holds around it. */
static __always_inline const struct prefix_ipv6 *search_bucket_ipv6(const struct page *page, __u32 bucket, __u64 high, __u64 low)
{
	__u32 last = bucket >> CELL_LINES_SHIFT & (BUCKET_LINES - 1), i, j;

	for (i = 0; i < BUCKET_LINES; i++) {
		const struct prefix_ipv6 *line = bucket_line(page, bucket, i);

#pragma unroll
		for (j = 0; j < LINE_IPV6_PREFIXES; j++)
			if (contains(&line[j], high, low))
				return &line[j];
		if (i == last)
			break;
	}
	return NULL;
}

/* Verified by itself. */
__noinline __u32 search_ipv6(const struct packet *packet, __u32 field)
{
	const __be32 *address;
	__u32 cell, level = 16;
	__u64 high, low;
	int i;

	if (!packet)
		return MEMBERSHIP_IPV6;
	address = packet->address[field % FIELDS];
	high = (__u64)bpf_ntohl(address[0]) << 32 | bpf_ntohl(address[1]);
	low = (__u64)bpf_ntohl(address[2]) << 32 | bpf_ntohl(address[3]);
	cell = root_cell(packet->side, FAMILY_IPV6, high >> 48);
	for (i = 0; i < IPV6_STEPS && type_of(cell) != CELL_MEMBERSHIP; i++) {
		if (type_of(cell) == CELL_BRANCH) {
			cell = branch_cell(cell, level < 64 ? high >> (56 - level) : low >> (120 - level), FAMILY_IPV6);
			level += 8;
		} else {
			const struct page *page = bucket_page(cell);
			const struct prefix_ipv6 *prefix;

			if (!page)
				return MEMBERSHIP_IPV6;
			prefix = search_bucket_ipv6(page, cell, high, low);
			if (!prefix)
				return ((const struct prefix_ipv6 *)bucket_line(page, cell, 0))->otherwise;
			cell = prefix->cell;
			level = prefix->length;
		}
	}
	return cell;
}
