/* SPDX-License-Identifier: GPL-2.0-only */
/* The path of a packet: a table of contents. The hooks differ in `forward` alone: hook_xdp.h, hook_tc.h. */
#pragma once

#include "management.h"
#include "firewall.h"
#include "balance.h"

static __always_inline int ingress(struct shim *shim, struct packet *packet)
{
	const struct service *service = NULL;
	struct target target = {};
	struct view view = {};
	bool reply = false;
	int verdict;

	if (!look_up_prefixes(packet, &view))
		return pass(packet, REASON_NONE);
	if (is_management(packet, &view, DIRECTION_INGRESS)) {
		step(packet, STAGE_MANAGEMENT, REASON_MANAGEMENT, 0, 0);
		return pass(packet, REASON_MANAGEMENT);
	}
	verdict = firewall(packet, &view, DIRECTION_INGRESS);
	if (verdict == VERDICT_DROP)
		return verdict;
	if (view.side->flags & SIDE_SERVICES) {
		reply = find_reply(packet, &view, &target);
		if (!reply)
			service = find_service(packet, &view);
	}
	if (!reply && !service)
		return verdict == GO_ON ? default_verdict(packet, &view, DIRECTION_INGRESS) : verdict;
	if (reply) {
		packet->reason = REASON_REPLY;
		step(packet, STAGE_BALANCE, REASON_REPLY, packet->service_id, packet->backend_id);
	} else {
		verdict = balance(packet, service, &target);
		if (verdict != GO_ON)
			return verdict;
	}
	verdict = forward(shim, packet, &target);
	step(packet, STAGE_FORWARD, packet->reason, verdict, 0);
	return verdict;
}

static __always_inline int egress(struct packet *packet)
{
	struct view view = {};
	int verdict;

	if (!look_up_prefixes(packet, &view))
		return pass(packet, REASON_NONE);
	if (is_management(packet, &view, DIRECTION_EGRESS)) {
		step(packet, STAGE_MANAGEMENT, REASON_MANAGEMENT, 0, 0);
		return pass(packet, REASON_MANAGEMENT);
	}
	verdict = firewall(packet, &view, DIRECTION_EGRESS);
	return verdict == GO_ON ? default_verdict(packet, &view, DIRECTION_EGRESS) : verdict;
}
