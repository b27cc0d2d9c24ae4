/* SPDX-License-Identifier: GPL-2.0-only */
/* What TC does its own way: bytes and checksums are written by the kernel, which knows what a device still has to compute. */
#pragma once

#include "forward.h"

struct shim {
	struct __sk_buff *ctx;
	struct frame frame;
};

static __always_inline struct shim shim_of(struct __sk_buff *ctx)
{
	return (struct shim){ .ctx = ctx, .frame = { .start = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end } };
}

/* True where XDP has left this packet to us: what it knows of it is taken over. */
static __always_inline bool was_handed_over(struct __sk_buff *ctx, struct packet *packet)
{
	struct handover *handover = (void *)(long)ctx->data_meta;

	if ((void *)(handover + 1) > (void *)(long)ctx->data || handover->mark != HANDOVER_MARK)
		return false;
	packet->rule_id = handover->rule_id;
	packet->judged = handover->judged;
	packet->again = handover->judged != 0;
	return true;
}

static __always_inline int show_tags(struct shim *shim, struct packet *packet)
{
	return GO_ON;
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

/* What takes a call of its own is written before `forward`, for the sake of the stack: whatever comes of it, nobody else gets the packet as
 * it was. */
static __always_inline bool rewrite_ahead(context *ctx, struct packet *packet, struct target *target)
{
	return !target->quoted_transport || translate_error(ctx, packet, target);
}

/*
 * Bytes of the longest packet that leaves for a tunnel. The kernel makes the segments of merged TCP packets shorter by what is put in front
 * of them; those of UDP keep their size.
 */
static __always_inline __u32 tunnel_length(struct shim *shim, const struct packet *packet, const struct target *target)
{
	__u32 headers = tunnel_header_length(target), segment = shim->ctx->gso_size;
	struct tcphdr *tcp;

	if (!segment)
		return packet->length + headers;
	segment += packet->transport_offset - packet->network_offset;
	if (packet->protocol != IPPROTO_TCP)
		return segment + headers + sizeof(struct udphdr);
	tcp = saved_bytes_at(&shim->frame, packet->transport_offset, sizeof(*tcp));
	return tcp ? segment + tcp->doff * 4 : segment;
}

/*
 * The device that leads to the next hop, which is left in `target`; 0 where there is none, or less: the packet is dropped, for its reason.
 * A function of its own for the sake of the stack.
 */
__noinline int find_way(struct __sk_buff *ctx, struct packet *packet, struct target *target, __u32 length)
{
	struct bpf_fib_lookup route = {};
	long found;

	if (!packet || !target)
		return 0;
	if (is_tunnel(target->forwarding)) {
		struct tunnel *tunnel = tunnel_row();

		if (!tunnel)
			return 0;
		found = find_tunnel(ctx, packet, target, &route, length, tunnel->source);
		if (found == BPF_FIB_LKUP_RET_FRAG_NEEDED && fit(packet, target, length, route.mtu_result) != GO_ON)
			return -1;
		if (!is_address(tunnel->source, target->family))
			return 0;
	} else {
		found = find_route(ctx, packet, target, &route);
	}
	if (found != BPF_FIB_LKUP_RET_SUCCESS && found != BPF_FIB_LKUP_RET_NO_NEIGH)
		return 0;
	if (target->forwarding == FORWARDING_DSR_L2 && !is_on_link(packet, target, &route))
		return 0;
	copy_address(target->next_hop, (__be32 *)route.ipv6_dst);
	target->next_family = route.family;
	return route.ifindex;
}

/* The checksum over IPv6; that of merged segments would be another one for each, and is "none". */
static __always_inline bool sum_outer_udp(struct __sk_buff *ctx, const struct packet *packet, const struct target *target,
					  struct tunnel *tunnel, __u32 at)
{
	__u32 length = packet->length + sizeof(struct udphdr);
	struct udphdr *udp = (void *)tunnel->headers + sizeof(struct ipv6hdr);
	__be16 udp_checksum = 0;
	__be32 start[2];

	if (ctx->gso_size || packet->fragment != FRAGMENT_NONE)
		return true;
	if (load_bytes(ctx, at, start, sizeof(start)))
		return false;
	at += packet->transport_offset - packet->network_offset + UDP_CHECKSUM;
	if (packet->protocol == IPPROTO_UDP && load_bytes(ctx, at, &udp_checksum, sizeof(udp_checksum)))
		return false;
	if (is_covered(packet, udp_checksum))
		udp->check = outer_udp_checksum(packet, target, tunnel->source, length, start);
	return true;
}

/* 1: outer headers stand in front of the packet, whose frame begins with Ethernet's or, in a twin, with none. */
__noinline int encapsulate(struct __sk_buff *ctx, struct packet *packet, struct target *target)
{
	__u32 headers, length, at;
	struct tunnel *tunnel = tunnel_row();
	__u64 flags = 0;
	__be16 protocol;
	void *outer;

	if (!packet || !target || !tunnel)
		return 0;
	outer = tunnel->headers;
	headers = tunnel_header_length(target);
	length = packet->length + headers;
	at = packet->network_offset || !config.trace ? ETH_HLEN : 0;
	if (target->family == FAMILY_IPV4) {
		flags = BPF_F_ADJ_ROOM_ENCAP_L3_IPV4;
		protocol = bpf_htons(ETH_P_IP);
		write_outer_ipv4(outer, packet, target, tunnel->source, length);
		write_outer_udp(outer + sizeof(struct iphdr), target, length - sizeof(struct iphdr));
	} else {
		flags = BPF_F_ADJ_ROOM_ENCAP_L3_IPV6;
		protocol = bpf_htons(ETH_P_IPV6);
		write_outer_ipv6(outer, packet, target, tunnel->source, length);
		write_outer_udp(outer + sizeof(struct ipv6hdr), target, length - sizeof(struct ipv6hdr));
		if (target->forwarding == FORWARDING_DSR_GUE && !sum_outer_udp(ctx, packet, target, tunnel, at))
			return 0;
	}
	if (target->forwarding == FORWARDING_DSR_GUE)
		flags |= BPF_F_ADJ_ROOM_ENCAP_L4_UDP;
	if (packet->protocol == IPPROTO_UDP)
		flags |= BPF_F_ADJ_ROOM_FIXED_GSO;
	if (bpf_skb_adjust_room(ctx, headers, BPF_ADJ_ROOM_MAC, flags))
		return 0;
	asm volatile("" : "+r"(headers));
	if (headers < sizeof(struct iphdr) || headers > sizeof(tunnel->headers))
		return 0;
	if (bpf_skb_store_bytes(ctx, at, outer, headers, BPF_F_RECOMPUTE_CSUM))
		return 0;
	return !at || !bpf_skb_store_bytes(ctx, offsetof(struct ethhdr, h_proto), &protocol, sizeof(protocol), 0);
}

/*
 * The kernel resolves the neighbour, so a packet waits for it and is not lost. A `nat` packet without a route that we may take is
 * rewritten and left to the kernel, which delivers it, routes it, or says why not.
 */
static __noinline int forward(struct shim *shim, struct packet *packet, struct target *target)
{
	struct bpf_redir_neigh neighbour = {};
	struct __sk_buff *ctx = shim->ctx;
	bool tunnel = is_tunnel(target->forwarding);
	int ifindex;

	if (packet->hop_limit <= 1)
		return drop(packet, REASON_TTL_EXCEEDED);
	ifindex = find_way(ctx, packet, target, tunnel ? tunnel_length(shim, packet, target) : 0);
	if (ifindex < 0)
		return VERDICT_DROP;
	if (target->forwarding != FORWARDING_NAT && !ifindex)
		return drop(packet, REASON_NO_ROUTE);
	if (target->forwarding == FORWARDING_NAT && !rewrite(ctx, packet, target))
		return drop(packet, REASON_MALFORMED);
	if (!ifindex)
		return VERDICT_PASS;
	if (!age(ctx, packet) || !make_plain_ethernet(ctx, packet) || (tunnel && !encapsulate(ctx, packet, target)))
		return drop(packet, REASON_MALFORMED);
	neighbour.nh_family = target->next_family;
	copy_address((__be32 *)neighbour.ipv6_nh, target->next_hop);
	ctx->mark = packet->hook == HOOK_TC_EGRESS ? config.checked_mark : config.forwarded_mark;
	if (bpf_redirect_neigh(ifindex, &neighbour, sizeof(neighbour), 0) != TC_ACT_REDIRECT)
		return drop(packet, REASON_NO_ROUTE);
	return (__u32)ifindex == packet->interface ? VERDICT_TRANSMIT : VERDICT_REDIRECT;
}
