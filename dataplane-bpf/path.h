/* SPDX-License-Identifier: GPL-2.0-only */
/* The path of a packet: a table of contents. The hooks differ in `forward` and `answer` alone: hook_xdp.h, hook_tc.h. */
#pragma once

#include "mode.h"
#include "management.h"
#include "fragment.h"
#include "track.h"
#include "detect.h"
#include "firewall.h"
#include "default.h"
#include "balance.h"

/* Whether the emergency switch leaves connections like this one alone. Without tracking, TCP has to be taken at its word. */
static __always_inline bool is_established(const struct packet *packet, const struct view *view)
{
	enum { SYN = 0x02, ACK = 0x10 };

	if (view->side->flags & SIDE_TRACKING)
		return packet->state == STATE_ESTABLISHED || packet->state == STATE_RELATED;
	return packet->state == STATE_ESTABLISHED || (packet->protocol == IPPROTO_TCP && (packet->tcp_flags & (SYN | ACK)) == ACK);
}

/* What rules and the emergency switch say: DROP, PASS, or GO_ON where none of them decides. */
static __always_inline int filter(context *ctx, struct packet *packet, const struct view *view, enum direction direction, enum mode mode)
{
	bool later = packet->fragment == FRAGMENT_LATER && view->side->flags & SIDE_FRAGMENTS;
	int verdict = GO_ON;

	if (packet->judged) {
		/* Nothing that is dropped is handed over, but for the sake of its answer. */
		packet->reason = packet->judged - 1 + GO_ON == VERDICT_DROP ? REASON_REJECT : REASON_RULE;
		return packet->judged - 1 + GO_ON;
	}
	if (view->side->flags & SIDE_TRACKING && packet->state == STATE_UNTRACKED)
		find_state(ctx, packet, view, direction);
	if (mode == MODE_PASS)
		return pass(packet, REASON_MODE);
	if (later && recall_first(packet, direction, &verdict)) {
		step(packet, STAGE_FRAGMENT, packet->reason, packet->rule_id, verdict);
	} else {
		verdict = firewall(ctx, packet, view, direction);
		if (packet->fragment == FRAGMENT_FIRST && view->side->flags & SIDE_FRAGMENTS)
			remember_first(packet, direction, verdict);
	}
	if (mode == MODE_OBSERVE && verdict == VERDICT_DROP)
		return pass(packet, REASON_MODE);
	if (mode == MODE_LOCKDOWN && verdict != VERDICT_DROP) {
		if (is_essential(packet, direction))
			return pass(packet, REASON_ESSENTIAL);
		if (find_check(packet, view, direction))
			return pass(packet, REASON_HEALTH_CHECK);
		return is_established(packet, view) ? pass(packet, REASON_MODE) : drop(packet, REASON_MODE);
	}
	return verdict;
}

static __always_inline int default_in_mode(struct packet *packet, const struct view *view, enum direction direction, enum mode mode)
{
	int verdict = default_verdict(packet, view, direction);

	return verdict == VERDICT_DROP && mode == MODE_OBSERVE ? pass(packet, REASON_MODE) : verdict;
}

static __always_inline int conclude_filter(struct shim *shim, struct packet *packet, const struct view *view, enum direction direction,
					   int verdict)
{
	if (verdict == VERDICT_DROP && packet->reason == REASON_REJECT) {
		packet->judged = VERDICT_DROP - GO_ON + 1;
		return answer(shim, packet, direction);
	}
	if (verdict == VERDICT_DROP && packet->reason == REASON_TOO_BIG)
		return answer(shim, packet, direction);
	/* What is handed over is tracked where it ends up, but for limits that have counted it here. */
	if (view->side->flags & SIDE_TRACKING && verdict != VERDICT_DROP && (verdict != VERDICT_HANDOVER || packet->holders))
		keep_state(packet, view, direction);
	return verdict;
}

/*
 * A packet for a service, or its backend's reply: to where it goes from here. A function of its own, for the sake of the stack; and one
 * that the verifier takes by itself, however the packet came here.
 */
__noinline int send_on(context *ctx, struct packet *packet, const struct service *service, const struct connection *reply)
{
	struct shim shim = shim_of(ctx);
	struct target *target = new_target();
	int verdict;

	if (!packet || !target)
		return VERDICT_DROP;
	if (reply) {
		turn_back(packet, reply, target);
	} else {
		verdict = service ? balance(packet, service, target) : drop(packet, REASON_NO_BACKEND);
		if (verdict != GO_ON)
			return verdict;
	}
	verdict = forward(&shim, packet, target);
	step(packet, STAGE_FORWARD, packet->reason, verdict, 0);
	return verdict;
}

static __always_inline int ingress(struct shim *shim, struct packet *packet)
{
	const struct connection *reply = NULL;
	const struct service *service = NULL;
	struct view view = {};
	struct check *check;
	enum mode mode;
	int verdict;

	if (!look_up_prefixes(packet, &view))
		return pass(packet, REASON_NONE);
	if (view.side->dimensions[DIRECTION_INGRESS] >> DIMENSION_VLAN & 1) {
		verdict = show_tags(shim, packet);
		if (verdict != GO_ON)
			return verdict;
	}
	if (view.side->flags & SIDE_DETECTORS && !packet->judged)
		detect(packet, &view);
	if (is_management(packet, &view, DIRECTION_INGRESS)) {
		step(packet, STAGE_MANAGEMENT, REASON_MANAGEMENT, 0, 0);
		return pass(packet, REASON_MANAGEMENT);
	}
	/* What was asked has not met rules and tracking: nor does the answer. */
	check = find_check(packet, &view, DIRECTION_INGRESS);
	if (check && check->service_id)
		return pass(packet, REASON_HEALTH_CHECK);
	mode = mode_now();
	if (mode != MODE_ENFORCE)
		step(packet, STAGE_MODE, REASON_MODE, mode, 0);
	if (view.side->flags & SIDE_SERVICES) {
		reply = find_reply(packet, &view);
		if (reply)
			packet->state = STATE_ESTABLISHED;
	}
	verdict = filter(shim->ctx, packet, &view, DIRECTION_INGRESS, mode);
	if (verdict != VERDICT_DROP) {
		if (view.side->flags & SIDE_SERVICES && !reply)
			service = find_service(packet, &view);
		packet->judged = verdict - GO_ON + 1;
		if (reply || service)
			verdict = send_on(shim->ctx, packet, service, reply);
		else if (verdict == GO_ON)
			verdict = default_in_mode(packet, &view, DIRECTION_INGRESS, mode);
	}
	return conclude_filter(shim, packet, &view, DIRECTION_INGRESS, verdict);
}

/* What asks for the address of a service takes the way of its clients' packets, to the backend that is asked. It is no traffic of theirs.
 */
static __always_inline int send_check(struct shim *shim, struct packet *packet, struct check *check)
{
	const struct service *service;
	int verdict;

	packet->service_id = check->service_id;
	packet->backend_id = check->backend_id;
	service = service_row(packet);
	verdict = service ? send_on(shim->ctx, packet, service, NULL) : drop(packet, REASON_NO_BACKEND);
	if (verdict != VERDICT_DROP) {
		__sync_fetch_and_add(&check->sent, 1);
		packet->reason = REASON_HEALTH_CHECK;
	}
	packet->service_id = 0;
	packet->backend_id = 0;
	return verdict;
}

static __always_inline int egress(struct shim *shim, struct packet *packet)
{
	struct view view = {};
	struct check *check;
	enum mode mode;
	int verdict;

	if (!look_up_prefixes(packet, &view))
		return pass(packet, REASON_NONE);
	check = find_check(packet, &view, DIRECTION_EGRESS);
	if (check && check->service_id)
		return send_check(shim, packet, check);
	if (is_management(packet, &view, DIRECTION_EGRESS)) {
		step(packet, STAGE_MANAGEMENT, REASON_MANAGEMENT, 0, 0);
		return pass(packet, REASON_MANAGEMENT);
	}
	mode = mode_now();
	if (mode != MODE_ENFORCE)
		step(packet, STAGE_MODE, REASON_MODE, mode, 0);
	verdict = filter(shim->ctx, packet, &view, DIRECTION_EGRESS, mode);
	if (verdict == GO_ON)
		verdict = default_in_mode(packet, &view, DIRECTION_EGRESS, mode);
	return conclude_filter(shim, packet, &view, DIRECTION_EGRESS, verdict);
}
