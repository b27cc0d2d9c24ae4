/* SPDX-License-Identifier: GPL-2.0-only */
/* The answer to a packet that a rule rejects, made of the packet itself. */
#pragma once

#include "hook_tc.h"

/* TRANSMIT with the answer on its way back, or DROP where none is due. On egress the answer goes to the sender on this host. */
static __always_inline int answer(struct shim *shim, struct packet *packet, enum direction direction)
{
	return VERDICT_DROP;
}
