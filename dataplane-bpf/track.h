/* SPDX-License-Identifier: GPL-2.0-only */
/* Connection tracking: where a packet stands in its connection, for rules that ask. */
#pragma once

#include "pages.h"
#include "prefix.h"

/* Fills packet->state; changes nothing. `direction`: ingress or egress. */
static __always_inline void find_state(context *ctx, struct packet *packet, const struct view *view, enum direction direction)
{
}

/* The packet goes through: its connection is opened or kept alive. */
static __always_inline void keep_state(struct packet *packet, const struct view *view, enum direction direction)
{
}
