/* SPDX-License-Identifier: GPL-2.0-only */
/* The answer to a packet that a rule rejects, in the frame that brought it: tags stay, addresses change places. */
#pragma once

#include "hook_xdp.h"
#include "reject.h"
#include "echo.h"

/* 1: the frame holds the answer; 0: the driver cannot make it as long as that, and nothing was changed; less: broken. */
__noinline int put_answer(struct xdp_md *ctx, struct packet *packet)
{
	struct answer *answer = new_answer();
	struct mac_addresses macs;
	__u32 header, body;
	int longer;

	if (!packet || !answer || !compose_answer(ctx, packet, answer) || load_bytes(ctx, 0, &macs, sizeof(macs)))
		return -1;
	header = answer_header_length(packet);
	body = answer->body_length;
	longer = (int)(packet->network_offset + header + body) - (int)whole_length(ctx);
	if (longer && bpf_xdp_adjust_tail(ctx, longer))
		return 0;
	swap_macs(&macs);
	asm volatile("" : "+r"(body));
	if (body < sizeof(answer->tcp) || body > sizeof(answer->icmp) + QUOTED)
		return -1;
	if (bpf_xdp_store_bytes(ctx, 0, &macs, sizeof(macs)) || bpf_xdp_store_bytes(ctx, packet->network_offset, &answer->ipv4, header) ||
	    bpf_xdp_store_bytes(ctx, packet->network_offset + header, &answer->tcp, body))
		return -1;
	return 1;
}

/* TRANSMIT with the answer in place of the packet, HANDOVER where XDP may not send, or DROP where none is due. */
static __always_inline int answer(struct shim *shim, struct packet *packet, enum direction direction)
{
	int put;

	if (!is_answerable(shim->ctx, packet))
		return VERDICT_DROP;
	if (!may_send_here(packet))
		return hand_over(shim, packet);
	if (!is_within_answer_rate())
		return VERDICT_DROP;
	put = put_answer(shim->ctx, packet);
	if (put == 0)
		return hand_over(shim, packet);
	return put > 0 ? VERDICT_TRANSMIT : VERDICT_DROP;
}

/* TRANSMIT, HANDOVER where XDP may not send, or DROP where no answer is due. */
static __always_inline int answer_echo(struct shim *shim, struct packet *packet)
{
	packet->reason = REASON_ECHO;
	if (!is_answerable(shim->ctx, packet))
		return VERDICT_DROP;
	if (!may_send_here(packet))
		return hand_over(shim, packet);
	return is_within_answer_rate() && turn_echo(shim->ctx, packet) ? VERDICT_TRANSMIT : VERDICT_DROP;
}

/* What tc_egress has answered the host with, on its way in. */
static __always_inline bool is_own_answer(struct xdp_md *ctx)
{
	__u64 mac = 0;

	return !load_bytes(ctx, offsetof(struct ethhdr, h_source), &mac, ETH_ALEN) && mac == own_answer_mac();
}
