/* SPDX-License-Identifier: GPL-2.0-only */
/* What parsing needs of XDP: its context, and bytes that may lie outside of the directly readable part. */
#pragma once

#include <stdbool.h>
#include "maps.h"

typedef struct xdp_md context;

static __always_inline long load_bytes(context *ctx, __u32 offset, void *to, __u32 length)
{
	return bpf_xdp_load_bytes(ctx, offset, to, length);
}

static __always_inline long store_bytes(context *ctx, __u32 offset, const void *from, __u32 length)
{
	return bpf_xdp_store_bytes(ctx, offset, (void *)from, length);
}

/* Bytes of the frame, with those in further pieces. */
static __always_inline __u32 whole_length(context *ctx)
{
	return bpf_xdp_get_buff_len(ctx);
}

/* A frame that comes in has no sender here. */
static __always_inline __u64 socket_cgroup(context *ctx, int level)
{
	return 0;
}

static __always_inline bool socket_user(context *ctx, __u32 *uid)
{
	return false;
}
