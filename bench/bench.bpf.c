/* SPDX-License-Identifier: GPL-2.0-only */
/* What the bench measures against, and what gives each run of a program the packet that it should see. */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

enum {
	TEMPLATE_BYTES = 64,
	SOURCE_IPV4 = 14 + 12,
	DESTINATION_IPV4 = 14 + 16,
	SOURCE_IPV6 = 14 + 8,
};

struct bench_template {
	__u8 bytes[TEMPLATE_BYTES]; /* the head of the frame, written anew before every run: the last one has rewritten it */
	__u32 source_offset;	    /* bytes; 0: the source stays */
	__u32 source_mask;	    /* of the source's last 32 bits, network order: bits that vary */
	__u32 port_offset;	    /* bytes; 0: the source port stays */
	__u32 flows;		    /* sources repeat after so many, a power of two; 0: never */
	__u64 state;
	__u32 length; /* bytes of the whole frame; 0: it keeps its length */
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bench_template);
} bench_templates SEC(".maps");

/* Row 0: the program under test. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} bench_programs SEC(".maps");

SEC("xdp.frags")
int bench_bare(struct xdp_md *ctx)
{
	return XDP_DROP;
}

static __always_inline __u64 scatter(__u64 n)
{
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9ULL;
	n = (n ^ n >> 27) * 0x94d049bb133111ebULL;
	return n ^ n >> 31;
}

/* Restores the packet and gives it the next source; false where the frame is too short. */
static __always_inline bool next_packet(struct xdp_md *ctx)
{
	struct bench_template *template;
	__u32 row = 0, i, length;
	__u64 number, *words;
	void *data, *end;

	template = bpf_map_lookup_elem(&bench_templates, &row);
	if (!template)
		return false;
	/* Outer headers that the last run has put in front. */
	length = ctx->data_end - ctx->data;
	if (template->length && length > template->length && bpf_xdp_adjust_head(ctx, length - template->length))
		return false;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	words = data;
	if (data + TEMPLATE_BYTES > end)
		return false;
#pragma unroll
	for (i = 0; i < TEMPLATE_BYTES / 8; i++)
		words[i] = ((__u64 *)template->bytes)[i];
	number = template->state++;
	if (template->flows)
		number &= template->flows - 1;
	number = scatter(number);
	if (template->source_offset == SOURCE_IPV4) {
		*(__u32 *)(data + SOURCE_IPV4) ^= number & template->source_mask;
	} else if (template->source_offset == DESTINATION_IPV4) {
		*(__u32 *)(data + DESTINATION_IPV4) ^= number & template->source_mask;
	} else if (template->source_offset == SOURCE_IPV6) {
		*(__u32 *)(data + SOURCE_IPV6 + 4) ^= number >> 32 & template->source_mask;
		*(__u32 *)(data + SOURCE_IPV6 + 12) ^= number & template->source_mask;
	}
	if (template->port_offset == 34)
		*(__u16 *)(data + 34) ^= number >> 48;
	else if (template->port_offset == 54)
		*(__u16 *)(data + 54) ^= number >> 48;
	return true;
}

SEC("xdp.frags")
int bench_vary(struct xdp_md *ctx)
{
	if (next_packet(ctx))
		bpf_tail_call(ctx, &bench_programs, 0);
	return XDP_ABORTED;
}

/* Sends live frames into a device: what arrives at its peer has taken the way of a real packet. */
const volatile __u32 target_ifindex = 0;

SEC("xdp")
int bench_generate(struct xdp_md *ctx)
{
	return next_packet(ctx) ? bpf_redirect(target_ifindex, 0) : XDP_ABORTED;
}

/* The TC hook's floor: what a program costs there that decides nothing. */
SEC("tc")
int bench_bare_tc(struct __sk_buff *ctx)
{
	return TC_ACT_SHOT;
}

/* For a test: the tag that the last byte of the source says, where a VLAN device and the hardware put it: beside the bytes. */
SEC("tc")
int bench_tag(struct __sk_buff *ctx)
{
	enum { LAST_BYTE_OF_SOURCE = 29 };
	__u8 id;

	if (bpf_skb_load_bytes(ctx, LAST_BYTE_OF_SOURCE, &id, sizeof(id)))
		return TC_ACT_SHOT;
	bpf_skb_vlan_push(ctx, bpf_htons(ETH_P_8021Q), id);
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
