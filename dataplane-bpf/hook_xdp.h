/* SPDX-License-Identifier: GPL-2.0-only */
/* What XDP does its own way: bytes are written where they stand, frames are sent by verdict. */
#pragma once

#include "forward.h"

struct shim {
	struct xdp_md *ctx;
	struct frame frame;
};

static __always_inline struct shim shim_of(struct xdp_md *ctx)
{
	return (struct shim){ .ctx = ctx, .frame = { .start = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end } };
}

static __always_inline bool may_send_here(const struct packet *packet)
{
	__u32 ifindex = packet->interface;
	struct interface *interface;

	if (config.trace)
		return true;
	interface = bpf_map_lookup_elem(&interfaces, &ifindex);
	return !interface || !(interface->flags & INTERFACE_HANDOVER);
}

/* Bridges and tunnels have no queue for redirected frames, others only where XDP stands: what they are sent is lost, unseen. */
static __always_inline bool takes_redirected(const struct packet *packet, __u32 ifindex)
{
	enum { WANTED = INTERFACE_XDP, UNWANTED = INTERFACE_HANDOVER | INTERFACE_NO_ETHERNET };
	struct interface *interface;

	if (config.trace || ifindex == packet->interface)
		return true;
	interface = bpf_map_lookup_elem(&interfaces, &ifindex);
	return interface && (interface->flags & (WANTED | UNWANTED)) == WANTED;
}

/* tc_ingress looks at the packet afresh: it knows the state of checksums, and it can wait for a neighbour. */
static __always_inline int hand_over(struct shim *shim, struct packet *packet)
{
	struct handover *handover;

	if (config.trace)
		return VERDICT_HANDOVER;
	if (bpf_xdp_adjust_meta(shim->ctx, -(int)sizeof(*handover)))
		return drop(packet, REASON_HANDOVER_FAILED);
	handover = (void *)(long)shim->ctx->data_meta;
	if ((void *)(handover + 1) > (void *)(long)shim->ctx->data)
		return drop(packet, REASON_HANDOVER_FAILED);
	handover->mark = HANDOVER_MARK;
	handover->rule_id = packet->rule_id;
	handover->judged = packet->judged;
	__builtin_memset(handover->pad, 0, sizeof(handover->pad));
	return VERDICT_HANDOVER;
}

/* A veth and generic mode show a frame without the tag that its socket buffer bears: rules that name one are asked where it is seen. */
static __always_inline int show_tags(struct shim *shim, struct packet *packet)
{
	return may_send_here(packet) ? GO_ON : hand_over(shim, packet);
}

static __always_inline void update_checksum(__be16 *checksum, __u64 difference)
{
	*checksum = ~fold((__u16) ~*checksum + difference);
}

/* Writes one word of the new address; answers what that adds to a checksum. */
static __always_inline __u64 replace_word(__be32 *address, __u32 word, const struct target *target)
{
	__u64 difference = (__u64)(__u32)~address[word] + target->address[word];

	address[word] = target->address[word];
	return difference;
}

static __always_inline bool rewrite_ipv4(struct shim *shim, const struct packet *packet, const struct target *target, __u64 *difference)
{
	__be32 *address = saved_bytes_at(&shim->frame, packet->network_offset + IPV4_ADDRESSES + (target->field & 1) * 4, 4);
	__be16 *checksum = saved_bytes_at(&shim->frame, packet->network_offset + IPV4_CHECKSUM, sizeof(*checksum));

	if (!address || !checksum)
		return false;
	*difference = replace_word(address, 0, target);
	update_checksum(checksum, *difference);
	return true;
}

static __always_inline bool rewrite_ipv6(struct shim *shim, const struct packet *packet, const struct target *target, __u64 *difference)
{
	__be32 *address = saved_bytes_at(&shim->frame, packet->network_offset + IPV6_ADDRESSES + (target->field & 1) * 16, 16);

	if (!address)
		return false;
	*difference = replace_word(address, 0, target) + replace_word(address, 1, target) + replace_word(address, 2, target) +
		      replace_word(address, 3, target);
	return true;
}

/* Writes the new address and port, and mends both checksums. False where the bytes are not there. */
static __always_inline bool rewrite_end(struct shim *shim, struct packet *packet, const struct target *target)
{
	__u32 transport = packet->transport_offset, checksum_at = checksum_offset(packet);
	__be16 *checksum, *port;
	__u64 difference;

	if (packet->family == FAMILY_IPV4 ? !rewrite_ipv4(shim, packet, target, &difference)
					  : !rewrite_ipv6(shim, packet, target, &difference))
		return false;
	if (target->port) {
		port = saved_bytes_at(&shim->frame, transport + (target->field & 1) * sizeof(*port), sizeof(*port));
		if (!port)
			return false;
		difference += (__u16) ~*port;
		*port = bpf_htons(target->port);
		difference += *port;
	}
	if (!checksum_at)
		return true;
	checksum = saved_bytes_at(&shim->frame, transport + checksum_at, sizeof(*checksum));
	if (!checksum)
		return false;
	/* A UDP checksum of 0 means that there is none; one that comes out as 0 is written as its other form (RFC 768). */
	if (packet->protocol == IPPROTO_UDP && !*checksum)
		return true;
	update_checksum(checksum, difference);
	if (packet->protocol == IPPROTO_UDP && !*checksum)
		*checksum = 0xffff;
	return true;
}

static __always_inline bool rewrite(struct shim *shim, struct packet *packet, struct target *target)
{
	if (target->quoted_transport)
		return translate_error(shim->ctx, packet, target);
	if (!rewrite_end(shim, packet, target))
		return false;
	if (!target->both)
		return true;
	turn_to_other(packet, target);
	return rewrite_end(shim, packet, target);
}

/* Nothing: a packet that is handed over has to be untouched. */
static __always_inline bool rewrite_ahead(context *ctx, struct packet *packet, struct target *target)
{
	return true;
}

static __always_inline bool age(struct shim *shim, const struct packet *packet)
{
	if (packet->family == FAMILY_IPV4) {
		struct iphdr *ip = saved_bytes_at(&shim->frame, packet->network_offset, sizeof(*ip));

		if (!ip)
			return false;
		ip->ttl--;
		update_checksum(&ip->check, (__u16)~bpf_htons(0x0100));
	} else {
		struct ipv6hdr *ip = saved_bytes_at(&shim->frame, packet->network_offset, sizeof(*ip));

		if (!ip)
			return false;
		ip->hop_limit--;
	}
	return true;
}

/*
 * 0 where XDP may not send here or there, the route or its neighbour is not known, or a router stands in the way of `dsr-l2`. Rare, and a
 * function of its own since a route is large: 6.1 allows two calls 512 bytes of stack together.
 */
__noinline int learn_next_hop(context *ctx, struct packet *packet, struct target *target, struct next_hop *hop)
{
	struct bpf_fib_lookup route = {};

	if (!packet || !target || !hop)
		return 0;
	hop->expires_ns = 0;
	if (!may_send_here(packet))
		return 0;
	if (is_tunnel(target->forwarding)) {
		if (find_tunnel(ctx, packet, target, &route, 1, hop->source) != BPF_FIB_LKUP_RET_SUCCESS ||
		    !is_address(hop->source, target->family))
			return 0;
		hop->mtu = route.mtu_result;
	} else {
		const __be32 *given = given_source(target);

		if (find_route(ctx, packet, target, &route) != BPF_FIB_LKUP_RET_SUCCESS)
			return 0;
		if (given)
			copy_address(hop->source, given);
	}
	if (target->forwarding == FORWARDING_DSR_L2 && !is_on_link(packet, target, &route))
		return 0;
	if (!takes_redirected(packet, route.ifindex))
		return 0;
	__builtin_memcpy(hop->destination_mac, route.dmac, ETH_ALEN);
	__builtin_memcpy(hop->source_mac, route.smac, ETH_ALEN);
	copy_address(hop->address, target->next_hop);
	hop->ifindex = route.ifindex;
	return 1;
}

/*
 * The line of the cache that knows the way, or NULL: tc_ingress then finds out what is the matter. Ways are told apart by a source that we
 * give, since rules of routing may; by clients' own they are not, or the cache would hold one flow a line.
 */
static __always_inline const struct next_hop *find_next_hop(struct xdp_md *ctx, struct packet *packet, struct target *target)
{
	const __be32 *given = is_tunnel(target->forwarding) ? NULL : given_source(target);
	__u32 selector = packet->interface << 4 | !!given << 3 | target->forwarding << 1 | target->family, row;
	__u64 now = bpf_ktime_get_coarse_ns();
	struct next_hop *hop;

	row = target->next_hop[0] ^ target->next_hop[1] ^ target->next_hop[2] ^ target->next_hop[3];
	row = row * 0x9e3779b9 >> 16;
	row = bpf_get_smp_processor_id() * NEXT_HOP_LINES + row % NEXT_HOP_LINES;
	hop = bpf_map_lookup_elem(&next_hops, &row);
	if (!hop)
		return NULL;
	if (now < hop->expires_ns && hop->selector == selector && same_address(hop->address, target->next_hop) &&
	    (!given || same_address(hop->source, given)))
		return hop;
	if (!learn_next_hop(ctx, packet, target, hop))
		return NULL;
	hop->selector = selector;
	hop->expires_ns = now + NEXT_HOP_NS;
	return hop;
}

/* The frame is another one then, and so are the packet's offsets. False, and nothing changed, where the driver has left no room. */
static __always_inline bool make_head_room(struct shim *shim, struct packet *packet, __u32 headers)
{
	if (bpf_xdp_adjust_head(shim->ctx, -(int)headers))
		return false;
	shim->frame.start = (void *)(long)shim->ctx->data;
	shim->frame.end = (void *)(long)shim->ctx->data_end;
	packet->network_offset += headers;
	packet->transport_offset += headers;
	return true;
}

/* Fills the room between Ethernet's header, which is the caller's, and the packet. False where the bytes are not there. */
static __noinline bool encapsulate(struct shim *shim, struct packet *packet, const struct target *target, const __be32 *source)
{
	enum { IP = sizeof(struct ethhdr) };
	bool gue = target->forwarding == FORWARDING_DSR_GUE;
	__u32 length = packet->length + tunnel_header_length(target);
	struct udphdr *udp;

	if (target->family == FAMILY_IPV4) {
		struct iphdr *ip = at(&shim->frame, IP, struct iphdr);

		if (!ip)
			return false;
		write_outer_ipv4(ip, packet, target, source, length);
		if (!gue)
			return true;
		udp = at(&shim->frame, IP + sizeof(*ip), struct udphdr);
		if (!udp)
			return false;
		write_outer_udp(udp, target, length - sizeof(*ip));
	} else {
		struct ipv6hdr *ip = at(&shim->frame, IP, struct ipv6hdr);
		__be32 *start = bytes_at(&shim->frame, IP + sizeof(*ip) + sizeof(*udp), 2 * sizeof(*start));
		__be16 *inner;

		if (!ip)
			return false;
		write_outer_ipv6(ip, packet, target, source, length);
		if (!gue)
			return true;
		udp = at(&shim->frame, IP + sizeof(*ip), struct udphdr);
		inner = saved_bytes_at(&shim->frame, packet->transport_offset + UDP_CHECKSUM, sizeof(*inner));
		if (!udp || !start)
			return false;
		length -= sizeof(*ip);
		write_outer_udp(udp, target, length);
		/* The last fragment may be shorter than a header. */
		if (inner && is_covered(packet, *inner))
			udp->check = outer_udp_checksum(packet, target, source, length, start);
	}
	return true;
}

/* What cannot be finished here is handed over untouched; nothing is written before the route is known. */
static __always_inline int forward(struct shim *shim, struct packet *packet, struct target *target)
{
	const struct next_hop *hop;
	struct ethhdr *eth;

	if (packet->hop_limit <= 1)
		return drop(packet, REASON_TTL_EXCEEDED);
	/* tc_ingress takes the tags off. */
	if (packet->vlan_count)
		return hand_over(shim, packet);
	hop = find_next_hop(shim->ctx, packet, target);
	if (!hop)
		return hand_over(shim, packet);
	if (is_tunnel(target->forwarding)) {
		__u32 headers = tunnel_header_length(target);

		if (fit(packet, target, packet->length + headers, hop->mtu) != GO_ON)
			return VERDICT_DROP;
		if (!make_head_room(shim, packet, headers))
			return hand_over(shim, packet);
	} else if (target->forwarding == FORWARDING_NAT && !rewrite(shim, packet, target)) {
		return drop(packet, REASON_MALFORMED);
	}
	eth = at(&shim->frame, 0, struct ethhdr);
	if (!age(shim, packet) || !eth)
		return drop(packet, REASON_MALFORMED);
	if (is_tunnel(target->forwarding) && !encapsulate(shim, packet, target, hop->source))
		return drop(packet, REASON_MALFORMED);
	__builtin_memcpy(eth->h_dest, hop->destination_mac, ETH_ALEN);
	__builtin_memcpy(eth->h_source, hop->source_mac, ETH_ALEN);
	if (is_tunnel(target->forwarding))
		eth->h_proto = bpf_htons(target->family == FAMILY_IPV4 ? ETH_P_IP : ETH_P_IPV6);
	if (hop->ifindex == packet->interface)
		return VERDICT_TRANSMIT;
	return bpf_redirect(hop->ifindex, 0) == XDP_REDIRECT ? VERDICT_REDIRECT : drop(packet, REASON_NO_ROUTE);
}
