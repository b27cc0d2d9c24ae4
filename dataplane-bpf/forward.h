/* SPDX-License-Identifier: GPL-2.0-only */
/* The next hop of a balanced packet, asked of the kernel's routes and neighbours. */
#pragma once

#include "rewrite.h"

/* Left in a frame's metadata by XDP for tc_ingress; no other writer can reach it. */
struct handover {
	__u32 mark;
	__u32 rule_id;
	__u8 judged; /* as in struct packet: rules are not asked, counted and limited twice */
	__u8 state;
	__u16 pad;
};

enum {
	HANDOVER_MARK = 0x44524157, /* "DRAW" */
};

enum address_family {
	AF_IPV4 = 2,
	AF_IPV6 = 10,
};

/* Fills `route` and answers as bpf_fib_lookup does; the next hop is left in ipv4_dst or ipv6_dst, the device in ifindex. */
static __always_inline long find_route(void *ctx, const struct packet *packet, const struct target *target, struct bpf_fib_lookup *route)
{
	route->l4_protocol = packet->protocol;
	route->ifindex = packet->interface;
	if (packet->family == FAMILY_IPV4) {
		route->family = AF_IPV4;
		route->ipv4_src = packet->address[FIELD_SOURCE][0];
		route->ipv4_dst = target->next_hop[0];
	} else {
		route->family = AF_IPV6;
		copy_address(route->ipv6_src, packet->address[FIELD_SOURCE]);
		copy_address(route->ipv6_dst, target->next_hop);
	}
	return bpf_fib_lookup(ctx, route, sizeof(*route), 0);
}

/* A backend of `dsr-l2` has to be a neighbour: a router in between would send the packet back to us. */
static __always_inline bool is_on_link(const struct packet *packet, const struct target *target, const struct bpf_fib_lookup *route)
{
	if (packet->family == FAMILY_IPV4)
		return route->family == AF_IPV4 && route->ipv4_dst == target->next_hop[0];
	return route->family == AF_IPV6 && same_address(route->ipv6_dst, target->next_hop);
}
