/* SPDX-License-Identifier: GPL-2.0-only */
/* The way in of those who operate the host: no rule, limit or service comes before it. */
#pragma once

#include "prefix.h"

/* To a local address on ingress, from one on egress (the replies). */
static __always_inline bool is_management(const struct packet *packet, const struct view *view, enum direction direction)
{
	enum field here = direction == DIRECTION_INGRESS ? FIELD_DESTINATION : FIELD_SOURCE;
	const struct membership *local = view->ends[here], *remote = view->ends[!here];
	__u16 port = packet->port[here];
	int i;

	if (!(view->side->flags & SIDE_MANAGEMENT) || !packet->has_ports)
		return false;
	if (!(local->flags & MEMBERSHIP_LOCAL))
		return false;
#pragma unroll
	for (i = 0; i < MANAGEMENT_ENTRIES; i++) {
		const struct management_entry *entry = &view->side->management[i];

		if (i < view->side->management_count && entry->port == port && entry->protocol == packet->protocol &&
		    (remote->management >> i & 1))
			return true;
	}
	return false;
}
