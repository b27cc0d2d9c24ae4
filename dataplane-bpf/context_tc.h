/* SPDX-License-Identifier: GPL-2.0-only */
/* What parsing needs of TC: its context, and bytes that may lie outside of the directly readable part. */
#pragma once

#include <stdbool.h>
#include "maps.h"

typedef struct __sk_buff context;

static __always_inline long load_bytes(context *ctx, __u32 offset, void *to, __u32 length)
{
	return bpf_skb_load_bytes(ctx, offset, to, length);
}

static __always_inline long store_bytes(context *ctx, __u32 offset, const void *from, __u32 length)
{
	return bpf_skb_store_bytes(ctx, offset, (void *)from, length, BPF_F_RECOMPUTE_CSUM);
}

/* Bytes of the frame, with those in further pieces. */
static __always_inline __u32 whole_length(context *ctx)
{
	return ctx->len;
}

/* Id of the sender's cgroup at this depth; 0 where there is no socket or no such depth. */
static __always_inline __u64 socket_cgroup(context *ctx, int level)
{
	return bpf_skb_ancestor_cgroup_id(ctx, level);
}

/* False where there is no socket: the packet is forwarded, or the kernel's own. */
static __always_inline bool socket_user(context *ctx, __u32 *uid)
{
	if (!ctx->sk)
		return false;
	*uid = bpf_get_socket_uid(ctx);
	return true;
}
