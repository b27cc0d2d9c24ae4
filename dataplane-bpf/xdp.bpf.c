/* SPDX-License-Identifier: GPL-2.0-only */
/* Ingress where an Ethernet device gives us its frames before the kernel has made packets of them. */
#include "context_xdp.h"
#include "packet.h"
#include "prefix.h"
#include "detect.h"
#include "management.h"
#include "mode.h"
#include "fragment.h"
#include "track.h"
#include "classify.h"
#include "search.h"
#include "hash.h"
#include "limit.h"
#include "firewall.h"
#include "default.h"
#include "ring.h"
#include "window.h"
#include "balance.h"
#include "way.h"
#include "quic.h"
#include "rewrite.h"
#include "tunnel.h"
#include "forward.h"
#include "reject.h"
#include "icmp.h"
#include "echo.h"
#include "hook_xdp.h"
#include "reject_xdp.h"
#include "account.h"
#include "path.h"

static __always_inline int to_action(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_DROP:
		return XDP_DROP;
	case VERDICT_TRANSMIT:
		return XDP_TX;
	case VERDICT_REDIRECT:
		return XDP_REDIRECT;
	default:
		return XDP_PASS;
	}
}

static __always_inline int judge(struct xdp_md *ctx)
{
	struct shim shim = shim_of(ctx);
	struct packet packet = {
		.hook = HOOK_XDP_INGRESS,
		.interface = ctx->ingress_ifindex,
	};
	int verdict;

	verdict = parse_packet(ctx, &shim.frame, &packet, true, 0);
	if (verdict == GO_ON)
		verdict = ingress(&shim, &packet);
	account(&packet, verdict);
	return to_action(verdict);
}

SEC("xdp.frags")
int xdp_ingress(struct xdp_md *ctx)
{
	return judge(ctx);
}

/*
 * For generic mode. There a program that takes frames in pieces leaves the socket buffer without the length of its link header
 * (seen on 6.18), so that TC, which comes after us, would read from the wrong place; one that does not gets them in one piece.
 */
SEC("xdp")
int xdp_generic(struct xdp_md *ctx)
{
	return is_own_answer(ctx) ? XDP_PASS : judge(ctx);
}

char LICENSE[] SEC("license") = "GPL";
