/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters: a row for each CPU, so that plain additions do. */
#pragma once

#include "maps.h"

static __always_inline void count(void *map, __u32 row, __u32 bytes)
{
	struct counter *counter = bpf_map_lookup_elem(map, &row);

	if (!counter)
		return;
	counter->packets++;
	counter->bytes += bytes;
}
