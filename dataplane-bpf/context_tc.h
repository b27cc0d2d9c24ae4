/* SPDX-License-Identifier: GPL-2.0-only */
/* What parsing needs of TC: its context, and bytes that may lie outside of the directly readable part. */
#pragma once

#include "maps.h"

typedef struct __sk_buff context;

static __always_inline long load_bytes(context *ctx, __u32 offset, void *to, __u32 length)
{
	return bpf_skb_load_bytes(ctx, offset, to, length);
}

/* Bytes of the frame, with those in further pieces. */
static __always_inline __u32 whole_length(context *ctx)
{
	return ctx->len;
}
