/* SPDX-License-Identifier: GPL-2.0-only */
/* Scans, sweeps and floods, noticed in bounded memory. */
#pragma once

#include "pages.h"
#include "prefix.h"
#include "event.h"

/* Looks at every packet that comes in, whatever becomes of it. */
static __always_inline void detect(struct packet *packet, const struct view *view)
{
}
