/* SPDX-License-Identifier: GPL-2.0-only */
/* What user space is told of packets, when somebody listens or a rule asks for it. */
#pragma once

#include "packet.h"

/* A rule that logs has matched. */
static __always_inline void report_match(struct packet *packet, const struct rule *rule)
{
}

/* A packet was dropped; called for every one, so the common case is a look at `watches`. */
static __always_inline void report_drop(const struct packet *packet, enum verdict verdict)
{
}
