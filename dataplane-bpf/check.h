/* SPDX-License-Identifier: GPL-2.0-only */
/* Our own health checks: a connection of ours, known by whom it asks and by its port here. */
#pragma once

#include "prefix.h"

/* The check that a packet belongs to, as a question on its way out or an answer to this host; NULL: none. */
static __always_inline struct check *find_check(const struct packet *packet, const struct view *view, enum direction direction)
{
	enum field here = direction == DIRECTION_INGRESS ? FIELD_DESTINATION : FIELD_SOURCE;
	struct check_key key = {};

	if (!(view->side->flags & SIDE_CHECKS) || packet->protocol != IPPROTO_TCP || !packet->has_ports ||
	    packet->port[here] < FIRST_CHECK_PORT)
		return NULL;
	if (direction == DIRECTION_INGRESS && !(view->ends[here]->flags & MEMBERSHIP_LOCAL))
		return NULL;
	__builtin_memcpy(key.remote, packet->address[!here], sizeof(key.remote));
	key.remote_port = packet->port[!here];
	key.local_port = packet->port[here];
	key.family = packet->family;
	return bpf_map_lookup_elem(&checks, &key);
}
