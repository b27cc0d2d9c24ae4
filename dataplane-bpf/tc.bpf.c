/* SPDX-License-Identifier: GPL-2.0-only */
/* Ingress for what XDP does not see or cannot finish, and egress for all that the host sends. */
#include "context_tc.h"
#include "packet.h"
#include "prefix.h"
#include "detect.h"
#include "management.h"
#include "mode.h"
#include "fragment.h"
#include "track.h"
#include "move.h"
#include "sweep.h"
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
#include <linux/pkt_cls.h>
#include "reject.h"
#include "icmp.h"
#include "echo.h"
#include "hook_tc.h"
#include "reject_tc.h"
#include "account.h"
#include "path.h"

static __always_inline int to_action(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_DROP:
		return TC_ACT_SHOT;
	case VERDICT_TRANSMIT:
	case VERDICT_REDIRECT:
		return TC_ACT_REDIRECT;
	default:
		return TC_ACT_UNSPEC; /* what comes behind us still has its say */
	}
}

static __always_inline __u32 flags_of(__u32 ifindex)
{
	struct interface *interface = bpf_map_lookup_elem(&interfaces, &ifindex);

	return interface ? interface->flags : 0;
}

/* The device or the kernel has taken the outer tag out of the bytes: skb metadata has it. */
static __always_inline void note_stripped_vlan(const struct __sk_buff *ctx, struct packet *packet)
{
	if (!ctx->vlan_present)
		return;
	packet->vlans[0] = ctx->vlan_tci;
	packet->vlan_count = 1;
}

static __always_inline int parse(struct shim *shim, struct packet *packet)
{
	bool ethernet = !(flags_of(packet->interface) & INTERFACE_NO_ETHERNET);

	open_frame(shim);
	note_stripped_vlan(shim->ctx, packet);
	return parse_packet(shim->ctx, &shim->frame, packet, ethernet, shim->ctx->protocol);
}

SEC("tc")
int tc_ingress(struct __sk_buff *ctx)
{
	struct shim shim = { .ctx = ctx };
	struct packet packet = {
		.hook = HOOK_TC_INGRESS,
		.interface = ctx->ifindex,
	};
	int verdict;

	/* The answer to what the host has sent, and a rule rejected. What comes from a wire bears no mark. */
	if (ctx->mark == config.forwarded_mark) {
		ctx->mark = 0;
		return TC_ACT_UNSPEC;
	}
	if (!config.trace && (flags_of(packet.interface) & INTERFACE_XDP) && !was_handed_over(ctx, &packet))
		return TC_ACT_UNSPEC;
	verdict = parse(&shim, &packet);
	if (verdict == GO_ON)
		verdict = ingress(&shim, &packet);
	account(&packet, verdict);
	return to_action(verdict);
}

SEC("tc")
int tc_egress(struct __sk_buff *ctx)
{
	struct shim shim = { .ctx = ctx };
	struct packet packet = {
		.hook = HOOK_TC_EGRESS,
		.interface = ctx->ifindex,
	};
	int verdict;

	/* Forwarded by tc_ingress: as with XDP, what we send on does not meet egress rules. A socket may forge the mark, not the way in. */
	if (ctx->mark == config.forwarded_mark && ctx->ingress_ifindex) {
		ctx->mark = 0;
		return TC_ACT_UNSPEC;
	}
	/* It has come through here already, on its way to the device that leads to the backend. */
	if (ctx->mark == config.checked_mark) {
		ctx->mark = 0;
		return TC_ACT_UNSPEC;
	}
	verdict = parse(&shim, &packet);
	if (verdict == GO_ON)
		verdict = egress(&shim, &packet);
	account(&packet, verdict);
	return to_action(verdict);
}

/* No packet's program: the control plane runs it once for each page after the tracking table has changed its size. 1: none is left. */
SEC("tc")
int move_connections(struct __sk_buff *ctx)
{
	return move_page();
}

/* No packet's program: the control plane runs it when a limit begins to count connections. Then a timer goes on by itself. */
SEC("tc")
int sweep_connections(struct __sk_buff *ctx)
{
	return begin_sweeps();
}

char LICENSE[] SEC("license") = "GPL";
