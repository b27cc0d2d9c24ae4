/* SPDX-License-Identifier: GPL-2.0-only */
/* The next hop of a balanced packet, asked of the kernel's routes and neighbours. */
#pragma once

#include "tunnel.h"

/* Left in a frame's metadata by XDP for tc_ingress; no other writer can reach it. */
struct handover {
	__u32 mark;
	__u32 rule_id;
	__u8 judged; /* as in struct packet: rules are not asked, counted and limited twice */
	__u8 pad[3];
};

enum {
	HANDOVER_MARK = 0x44524157, /* "DRAW" */
};

enum address_family {
	AF_IPV4 = 2,
	AF_IPV6 = 10,
};

/* The source that a packet is given, or NULL: it keeps its own. */
static __always_inline const __be32 *given_source(const struct target *target)
{
	if (target->field == FIELD_SOURCE)
		return target->address;
	return target->both && !target->quoted_transport ? target->other_address : NULL;
}

/* Fills `route` and answers as bpf_fib_lookup does; the next hop is left in ipv4_dst or ipv6_dst, the device in ifindex. */
static __always_inline long find_route(void *ctx, const struct packet *packet, const struct target *target, struct bpf_fib_lookup *route)
{
	const __be32 *given = given_source(target), *source = given ? given : packet->address[FIELD_SOURCE];

	route->l4_protocol = packet->protocol;
	route->ifindex = packet->interface;
	/* Rules of routing ask for the source that the packet leaves with. */
	if (packet->family == FAMILY_IPV4) {
		route->family = AF_IPV4;
		route->ipv4_src = source[0];
		route->ipv4_dst = target->next_hop[0];
	} else {
		route->family = AF_IPV6;
		copy_address(route->ipv6_src, source);
		copy_address(route->ipv6_dst, target->next_hop);
	}
	return bpf_fib_lookup(ctx, route, sizeof(*route), 0);
}

/* The kernel tells a route's source from 6.7 on, and before that refuses to be asked. Then it is the address of the device. */
static __always_inline void take_source(const struct target *target, const struct bpf_fib_lookup *route, bool told, __be32 *source)
{
	struct device_address *known;
	__u32 ifindex = route->ifindex;

	if (told) {
		copy_address(source, (const __be32 *)route->ipv6_src);
		return;
	}
	known = bpf_map_lookup_elem(&device_addresses, &ifindex);
	if (!known)
		source[0] = source[1] = source[2] = source[3] = 0;
	else if (target->family == FAMILY_IPV4)
		source[0] = known->ipv4;
	else
		copy_address(source, known->ipv6);
}

/*
 * The way of a tunnel to its backend, which begins here: `source` is ours. `length`: of a packet that is to fit; the
 * answer is FRAG_NEEDED where it does not, and the size that does is in mtu_result, as it is with SUCCESS.
 */
static __always_inline long find_tunnel(void *ctx, const struct packet *packet, const struct target *target, struct bpf_fib_lookup *route,
					__u32 length, __be32 *source)
{
	enum { TELL_SOURCE = 1 << 4, INVALID = -22 };
	bool told = true;
	long found;

	route->family = target->family == FAMILY_IPV4 ? AF_IPV4 : AF_IPV6;
	route->l4_protocol = tunnel_protocol(packet, target);
	route->ifindex = packet->interface;
	route->tot_len = length < 0xffff ? length : 0xffff;
	copy_address(route->ipv6_dst, target->next_hop);
	found = bpf_fib_lookup(ctx, route, sizeof(*route), TELL_SOURCE);
	if (found == INVALID) {
		told = false;
		found = bpf_fib_lookup(ctx, route, sizeof(*route), 0);
	}
	take_source(target, route, told, source);
	return found;
}

static __always_inline bool is_address(const __be32 *address, enum family family)
{
	return family == FAMILY_IPV4 ? address[0] : address[0] | address[1] | address[2] | address[3];
}

/* A backend of `dsr-l2` has to be a neighbour: a router in between would send the packet back to us. */
static __always_inline bool is_on_link(const struct packet *packet, const struct target *target, const struct bpf_fib_lookup *route)
{
	if (packet->family == FAMILY_IPV4)
		return route->family == AF_IPV4 && route->ipv4_dst == target->next_hop[0];
	return route->family == AF_IPV6 && same_address(route->ipv6_dst, target->next_hop);
}
