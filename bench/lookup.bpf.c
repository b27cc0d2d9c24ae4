/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own LPM trie beside ours: one lookup a run, of the next of many addresses. */
#include <bpf/bpf_endian.h>
#include "../dataplane-bpf/trie.h"

struct bench_address {
	__be32 words[4]; /* IPv4: the first */
};

/* Row 0: the number of the next address. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} bench_next SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1 << 20);
	__type(key, __u32);
	__type(value, struct bench_address);
} bench_addresses SEC(".maps");

struct bench_prefix {
	__u32 length;
	__be32 address[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1 << 21);
	__uint(key_size, 8);
	__type(value, __u32);
} bench_lpm_ipv4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1 << 21);
	__type(key, struct bench_prefix);
	__type(value, __u32);
} bench_lpm_ipv6 SEC(".maps");

static __always_inline const struct bench_address *next_address(void)
{
	__u32 row = 0;
	__u64 *next = bpf_map_lookup_elem(&bench_next, &row);

	if (!next)
		return NULL;
	row = (*next)++ & ((1 << 20) - 1);
	return bpf_map_lookup_elem(&bench_addresses, &row);
}

/* What it costs to come by an address. */
SEC("xdp")
int bench_no_lookup(struct xdp_md *ctx)
{
	const struct bench_address *address = next_address();

	return address ? address->words[0] : 0;
}

SEC("xdp")
int bench_ours_ipv4(struct xdp_md *ctx)
{
	const struct bench_address *address = next_address();

	return address ? search_ipv4(1, bpf_ntohl(address->words[0])) : 0;
}

SEC("xdp")
int bench_lpm_trie_ipv4(struct xdp_md *ctx)
{
	const struct bench_address *address = next_address();
	__u32 key[2] = { 32 }, *membership;

	if (!address)
		return 0;
	key[1] = address->words[0];
	membership = bpf_map_lookup_elem(&bench_lpm_ipv4, key);
	return membership ? *membership : 0;
}

SEC("xdp")
int bench_ours_ipv6(struct xdp_md *ctx)
{
	const struct bench_address *address = next_address();

	if (!address)
		return 0;
	return search_ipv6(1, (__u64)bpf_ntohl(address->words[0]) << 32 | bpf_ntohl(address->words[1]),
			   (__u64)bpf_ntohl(address->words[2]) << 32 | bpf_ntohl(address->words[3]), 16);
}

SEC("xdp")
int bench_lpm_trie_ipv6(struct xdp_md *ctx)
{
	const struct bench_address *address = next_address();
	struct bench_prefix key = { .length = 128 };
	__u32 *membership;

	if (!address)
		return 0;
	key.address[0] = address->words[0];
	key.address[1] = address->words[1];
	key.address[2] = address->words[2];
	key.address[3] = address->words[3];
	membership = bpf_map_lookup_elem(&bench_lpm_ipv6, &key);
	return membership ? *membership : 0;
}

char LICENSE[] SEC("license") = "GPL";
