/* SPDX-License-Identifier: GPL-2.0-only */
/* The answer to a packet that a rule rejects, in the socket buffer that brought it. */
#pragma once

#include "hook_tc.h"
#include "reject.h"
#include "echo.h"

/*
 * Makes the buffer as long as it shall be, and has the kernel forget that a checksum is still to be computed: it would be written into
 * the answer. It forgets when the header that asks for it is cut off; 6.1 notices with the next cut. Frames that carry a tag in their
 * bytes it does not cut: of those that come by a wire, none has a checksum to be computed.
 */
static __always_inline bool make_room(struct __sk_buff *ctx, const struct packet *packet, __u32 length)
{
	int cut = (packet->transport_offset + 8) & ~7;

	if (ctx->protocol != bpf_htons(ETH_P_IP) && ctx->protocol != bpf_htons(ETH_P_IPV6))
		return !bpf_skb_change_tail(ctx, length, 0);
	return !bpf_skb_change_tail(ctx, length + 2 * cut, 0) && !bpf_skb_adjust_room(ctx, -cut, BPF_ADJ_ROOM_MAC, 0) &&
	       !bpf_skb_adjust_room(ctx, -cut, BPF_ADJ_ROOM_MAC, 0);
}

/* 1: the buffer holds the answer. */
__noinline int put_answer(struct __sk_buff *ctx, struct packet *packet, __u32 direction)
{
	enum { FLAGS = BPF_F_RECOMPUTE_CSUM | BPF_F_INVALIDATE_HASH };
	struct answer *answer = new_answer();
	struct mac_addresses macs;
	__u32 header, body;

	if (!packet || !answer || !compose_answer(ctx, packet, answer))
		return 0;
	header = answer_header_length(packet);
	body = answer->body_length;
	if (!make_room(ctx, packet, packet->network_offset + header + body))
		return 0;
	asm volatile("" : "+r"(body));
	if (body < sizeof(answer->tcp) || body > sizeof(answer->icmp) + QUOTED)
		return 0;
	if (bpf_skb_store_bytes(ctx, packet->network_offset, &answer->ipv4, header, FLAGS) ||
	    bpf_skb_store_bytes(ctx, packet->network_offset + header, &answer->tcp, body, FLAGS))
		return 0;
	if (!packet->network_offset)
		return 1;
	if (load_bytes(ctx, 0, &macs, sizeof(macs)))
		return 0;
	swap_macs(&macs);
	if (direction == DIRECTION_EGRESS) {
		__u64 mac = own_answer_mac();

		__builtin_memcpy(macs.source, &mac, sizeof(macs.source));
	}
	return !bpf_skb_store_bytes(ctx, 0, &macs, sizeof(macs), FLAGS);
}

/*
 * TRANSMIT with the answer on its way back, or DROP where none is due. What the host sends is answered as if by the device. The mark has
 * the other program let the answer by.
 */
static __always_inline int answer(struct shim *shim, struct packet *packet, enum direction direction)
{
	struct __sk_buff *ctx = shim->ctx;

	if (!is_answerable(ctx, packet) || !is_within_answer_rate() || !put_answer(ctx, packet, direction))
		return VERDICT_DROP;
	ctx->mark = config.forwarded_mark;
	return bpf_redirect(packet->interface, direction == DIRECTION_INGRESS ? 0 : BPF_F_INGRESS) == TC_ACT_REDIRECT ? VERDICT_TRANSMIT
														      : VERDICT_DROP;
}

/* TRANSMIT, or DROP where no answer is due. */
static __always_inline int answer_echo(struct shim *shim, struct packet *packet)
{
	struct __sk_buff *ctx = shim->ctx;

	packet->reason = REASON_ECHO;
	if (!is_answerable(ctx, packet) || !is_within_answer_rate() || !turn_echo(ctx, packet))
		return VERDICT_DROP;
	ctx->mark = config.forwarded_mark;
	return bpf_redirect(packet->interface, 0) == TC_ACT_REDIRECT ? VERDICT_TRANSMIT : VERDICT_DROP;
}
