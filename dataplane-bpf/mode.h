/* SPDX-License-Identifier: GPL-2.0-only */
/* The emergency switch: what a packet meets before, or instead of, the rules. */
#pragma once

#include "prefix.h"

static __always_inline enum mode mode_now(void)
{
	__u32 row = 0;
	const struct mode_row *mode = bpf_map_lookup_elem(&modes, &row);

	if (!mode || mode->mode == MODE_ENFORCE)
		return MODE_ENFORCE;
	if (mode->expires_s && mode->expires_s <= bpf_ktime_get_boot_ns() / NS_PER_S)
		return MODE_ENFORCE;
	return mode->mode;
}
