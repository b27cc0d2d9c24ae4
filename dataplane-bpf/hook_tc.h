/* SPDX-License-Identifier: GPL-2.0-only */
/* What TC does its own way: bytes and checksums are written by the kernel, which knows what a device still has to compute. */
#pragma once

#include "forward.h"

struct shim {
	struct __sk_buff *ctx;
	struct frame frame;
	__u32 interface_flags;
};

/* True where XDP has left this packet to us: what it knows of it is taken over. */
static __always_inline bool was_handed_over(struct __sk_buff *ctx, struct packet *packet)
{
	struct handover *handover = (void *)(long)ctx->data_meta;

	if ((void *)(handover + 1) > (void *)(long)ctx->data || handover->mark != HANDOVER_MARK)
		return false;
	packet->rule_id = handover->rule_id;
	packet->judged = handover->judged;
	packet->state = handover->state;
	return true;
}

/* Headers may lie outside of the part that can be read directly. */
static __always_inline void open_frame(struct shim *shim)
{
	enum { HEADERS = 192 };
	struct __sk_buff *ctx = shim->ctx;
	__u32 wanted = ctx->len < HEADERS ? ctx->len : HEADERS;

	if ((void *)(long)ctx->data + wanted > (void *)(long)ctx->data_end)
		bpf_skb_pull_data(ctx, wanted);
	shim->frame.start = (void *)(long)ctx->data;
	shim->frame.end = (void *)(long)ctx->data_end;
}

static __always_inline bool rewrite_address(struct __sk_buff *ctx, const struct packet *packet, const struct target *target, __u32 checksum,
					    __u64 flags)
{
	const __be32 *from = packet->address[target->field & 1];
	__u32 size = packet->family == FAMILY_IPV4 ? 4 : 16;
	__u32 at = packet->network_offset + (packet->family == FAMILY_IPV4 ? IPV4_ADDRESSES : IPV6_ADDRESSES) + target->field * size;
	__s64 difference;

	if (packet->family == FAMILY_IPV4) {
		difference = bpf_csum_diff((__be32 *)from, 4, (__be32 *)target->address, 4, 0);
		if (bpf_l3_csum_replace(ctx, packet->network_offset + IPV4_CHECKSUM, 0, difference, 0) ||
		    bpf_skb_store_bytes(ctx, at, target->address, 4, 0))
			return false;
	} else {
		difference = bpf_csum_diff((__be32 *)from, 16, (__be32 *)target->address, 16, 0);
		/* Where no checksum of the transport makes up for it, the sum of the whole is computed anew. */
		if (bpf_skb_store_bytes(ctx, at, target->address, 16, checksum ? 0 : BPF_F_RECOMPUTE_CSUM))
			return false;
	}
	if (checksum && bpf_l4_csum_replace(ctx, checksum, 0, difference, flags | BPF_F_PSEUDO_HDR))
		return false;
	/* The helper counts on an IPv4 header checksum that makes up for the address in the sum of the whole; IPv6 has none. */
	if (checksum && packet->family == FAMILY_IPV6)
		bpf_csum_update(ctx, difference);
	return true;
}

static __always_inline bool rewrite_port(struct __sk_buff *ctx, const struct packet *packet, const struct target *target, __u32 checksum,
					 __u64 flags)
{
	__be16 from = bpf_htons(target->old_port), to = bpf_htons(target->port);
	__u32 at = packet->transport_offset + (target->field & 1) * sizeof(to);

	if (checksum && bpf_l4_csum_replace(ctx, checksum, from, to, flags | sizeof(to)))
		return false;
	return !bpf_skb_store_bytes(ctx, at, &to, sizeof(to), 0);
}

/* Writes the new address and port, and mends the checksums. False where the bytes are not there. */
static __always_inline bool rewrite_end(struct __sk_buff *ctx, const struct packet *packet, const struct target *target)
{
	__u32 checksum = checksum_offset(packet);
	/* A UDP checksum of 0 means that there is none, and must neither come nor go (RFC 768). */
	__u64 flags = packet->protocol == IPPROTO_UDP ? BPF_F_MARK_MANGLED_0 : 0;

	if (checksum)
		checksum += packet->transport_offset;
	return rewrite_address(ctx, packet, target, checksum, flags) &&
	       (!target->port || rewrite_port(ctx, packet, target, checksum, flags));
}

static __always_inline bool rewrite(struct __sk_buff *ctx, struct packet *packet, struct target *target)
{
	if (target->quoted_transport) /* done ahead */
		return true;
	if (!rewrite_end(ctx, packet, target))
		return false;
	if (!target->both)
		return true;
	turn_to_other(packet, target);
	return rewrite_end(ctx, packet, target);
}

static __always_inline bool age(struct __sk_buff *ctx, const struct packet *packet)
{
	__u8 left = packet->hop_limit - 1;

	if (packet->family == FAMILY_IPV6)
		return !bpf_skb_store_bytes(ctx, packet->network_offset + IPV6_HOP_LIMIT, &left, sizeof(left), 0);
	/* The time to live is the upper byte of its word, in network order. */
	return !bpf_l3_csum_replace(ctx, packet->network_offset + IPV4_CHECKSUM, bpf_htons(packet->hop_limit << 8), bpf_htons(left << 8),
				    2) &&
	       !bpf_skb_store_bytes(ctx, packet->network_offset + IPV4_TTL, &left, sizeof(left), 0);
}

/* The neighbour layer loses what does not begin with an Ethernet header, and sends the tags of the way in along. */
static __always_inline bool make_plain_ethernet(struct __sk_buff *ctx, const struct packet *packet)
{
	if (!packet->network_offset)
		return config.trace || !bpf_skb_change_head(ctx, ETH_HLEN, 0);
	if (packet->vlan_count > 0 && bpf_skb_vlan_pop(ctx))
		return false;
	return packet->vlan_count < 2 || !bpf_skb_vlan_pop(ctx);
}

/* What takes a call of its own is written before `forward`, for the sake of the stack: whatever comes of it, nobody else gets the packet as it was. */
static __always_inline bool rewrite_ahead(struct shim *shim, struct packet *packet, struct target *target)
{
	return !target->quoted_transport || translate_error(shim->ctx, packet, target);
}

/*
 * The kernel resolves the neighbour, so a packet waits for it and is not lost. A `nat` packet without a route that we may take is
 * rewritten and left to the kernel, which delivers it, routes it, or says why not.
 */
static __noinline int forward(struct shim *shim, struct packet *packet, struct target *target)
{
	struct bpf_redir_neigh neighbour = {};
	struct bpf_fib_lookup route = {};
	struct __sk_buff *ctx = shim->ctx;
	long found;
	bool routed;

	if (packet->hop_limit <= 1)
		return drop(packet, REASON_TTL_EXCEEDED);
	found = find_route(ctx, packet, target, &route);
	routed = found == BPF_FIB_LKUP_RET_SUCCESS || found == BPF_FIB_LKUP_RET_NO_NEIGH;
	if (target->forwarding == FORWARDING_DSR_L2 && (!routed || !is_on_link(packet, target, &route)))
		return drop(packet, REASON_NO_ROUTE);
	if (target->forwarding == FORWARDING_NAT && !rewrite(ctx, packet, target))
		return drop(packet, REASON_MALFORMED);
	if (!routed)
		return VERDICT_PASS;
	if (!age(ctx, packet))
		return drop(packet, REASON_MALFORMED);
	neighbour.nh_family = route.family;
	copy_address((__be32 *)neighbour.ipv6_nh, (__be32 *)route.ipv6_dst);
	if (!make_plain_ethernet(ctx, packet))
		return drop(packet, REASON_MALFORMED);
	ctx->mark = config.forwarded_mark;
	if (bpf_redirect_neigh(route.ifindex, &neighbour, sizeof(neighbour), 0) != TC_ACT_REDIRECT)
		return drop(packet, REASON_NO_ROUTE);
	return route.ifindex == packet->interface ? VERDICT_TRANSMIT : VERDICT_REDIRECT;
}
