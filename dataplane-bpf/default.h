/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of a packet that no rule has decided. */
#pragma once

#include "check.h"

/* Exempt from a default deny, never from a rule: without these a host loses its neighbours, its address or its path MTU. */
static __always_inline bool is_essential(const struct packet *packet, enum direction direction)
{
	enum { ND_FIRST = 133, ND_LAST = 137, ICMPV6_TOO_BIG = 2, ICMP_UNREACHABLE = 3, ICMP_TOO_BIG_CODE = 4 };
	enum { DHCP_SERVER = 67, DHCP_CLIENT = 68, DHCPV6_CLIENT = 546, DHCPV6_SERVER = 547 };
	enum field here = direction == DIRECTION_INGRESS ? FIELD_DESTINATION : FIELD_SOURCE;

	if (packet->fragment == FRAGMENT_LATER)
		return false;
	if (packet->family == FAMILY_IPV6 && packet->protocol == IPPROTO_ICMPV6) {
		/* A hop limit of 255 shows that no router has passed it on (RFC 4861). */
		if (packet->icmp_type >= ND_FIRST && packet->icmp_type <= ND_LAST)
			return packet->hop_limit == 255;
		return packet->icmp_type == ICMPV6_TOO_BIG;
	}
	if (packet->family == FAMILY_IPV4 && packet->protocol == IPPROTO_ICMP)
		return packet->icmp_type == ICMP_UNREACHABLE && packet->icmp_code == ICMP_TOO_BIG_CODE;
	if (packet->protocol != IPPROTO_UDP)
		return false;
	if (packet->family == FAMILY_IPV4)
		return packet->port[here] == DHCP_CLIENT && packet->port[!here] == DHCP_SERVER;
	return packet->port[here] == DHCPV6_CLIENT && packet->port[!here] == DHCPV6_SERVER;
}

/* For a packet that no rule has decided. */
static __always_inline int default_verdict(struct packet *packet, const struct view *view, enum direction direction)
{
	int verdict = pass(packet, REASON_DEFAULT);

	if (view->side->defaults[direction] == VERDICT_DROP) {
		if (view->side->essentials && is_essential(packet, direction))
			verdict = pass(packet, REASON_ESSENTIAL);
		else if (find_check(packet, view, direction))
			verdict = pass(packet, REASON_HEALTH_CHECK);
		else
			verdict = drop(packet, REASON_DEFAULT);
	}
	step(packet, STAGE_DEFAULT, packet->reason, 0, 0);
	return verdict;
}
