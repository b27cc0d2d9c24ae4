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
#include "way.h"
#include "icmp.h"
#include "echo.h"
#include "quic.h"

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
	/* What is handed over is tracked where it ends up, but for limits that have counted it here. */
	if (view->side->flags & SIDE_TRACKING && verdict != VERDICT_DROP && (verdict != VERDICT_HANDOVER || packet->holders))
		keep_state(packet, view, direction);
	return verdict;
}

static __always_inline bool is_admitted(const struct service *service, const struct view *view)
{
	return !service->sources || view->ends[FIELD_SOURCE]->admitted >> ((service->sources - 1) & (SOURCE_LISTS - 1)) & 1;
}

/*
 * A packet for a service, or its backend's reply: to where it goes from here; GO_ON where it is neither. `undecided`: no rule has let it
 * in, so the service's own sources hold. A function of its own for the sake of the stack.
 */
static __noinline int send_on(struct shim *shim, struct packet *packet, const struct view *view, const struct connection *reply,
			      bool undecided)
{
	const struct service *service = reply ? NULL : find_service(packet, view);
	struct target *target;
	int verdict;

	if (!reply && !service)
		return GO_ON;
	target = new_target();
	if (!target)
		return drop(packet, REASON_NO_BACKEND);
	if (reply) {
		turn_back(packet, reply, target);
	} else {
		if (undecided && !is_admitted(service, view)) {
			verdict = drop(packet, REASON_SOURCE);
			step(packet, STAGE_BALANCE, packet->reason, packet->service_id, 0);
			return verdict;
		}
		if (service->server_count)
			target->chosen = named_backend(shim->ctx, packet);
		verdict = balance(packet, service, target);
		if (verdict != GO_ON)
			return verdict;
	}
	if (packet->fragment == FRAGMENT_FIRST)
		note_way(packet, target);
	verdict = forward(shim, packet, target);
	step(packet, STAGE_FORWARD, packet->reason, verdict, 0);
	return verdict;
}

/* An ICMP error that quotes a balanced connection. What is not for one is the host's where it has the address. */
static __always_inline int aim_error(struct shim *shim, struct packet *packet, const struct view *view, struct target *target)
{
	if (find_quoted_reply(shim->ctx, packet, target))
		return GO_ON;
	return view->ends[FIELD_DESTINATION]->service_row ? aim_at_quoted(shim->ctx, packet, view, target) : VERDICT_PASS;
}

static __always_inline int aim_later(struct packet *packet, const struct view *view, struct target *target)
{
	if (follow_first(packet, target))
		return GO_ON;
	return view->ends[FIELD_DESTINATION]->service_row ? drop(packet, REASON_UNKNOWN_FIRST) : VERDICT_PASS;
}

/* What is of a service, or of its backend's reply, without bearing its ports. GO_ON: it is nobody's, as it was. */
static __noinline int send_portless(struct shim *shim, struct packet *packet, const struct view *view)
{
	const struct membership *destination = view->ends[FIELD_DESTINATION];
	bool is_local = destination->flags & MEMBERSHIP_LOCAL;
	enum reason reason = packet->reason;
	struct target *target = new_target();
	int verdict = VERDICT_PASS;

	if (!target)
		return GO_ON;
	if (packet->fragment == FRAGMENT_LATER)
		verdict = aim_later(packet, view, target);
	else if (is_icmp_error(packet))
		verdict = aim_error(shim, packet, view, target);
	else if (destination->service_row && !is_local && is_echo_request(packet))
		return answer_echo(shim, packet);
	if (verdict == VERDICT_PASS || (verdict == VERDICT_DROP && is_local)) {
		packet->service_id = 0;
		packet->backend_id = 0;
		packet->reason = reason;
		return GO_ON;
	}
	step(packet, STAGE_BALANCE, packet->reason, packet->service_id, packet->backend_id);
	if (verdict != GO_ON)
		return verdict;
	if (!rewrite_ahead(shim, packet, target))
		return drop(packet, REASON_MALFORMED);
	verdict = forward(shim, packet, target);
	step(packet, STAGE_FORWARD, packet->reason, verdict, 0);
	return verdict;
}

/* Tracking knows nothing of what we have rewritten, and would take an error about it for senseless. */
static __noinline bool is_quoting_reply(struct shim *shim, struct packet *packet)
{
	return is_icmp_error(packet) && find_quoted_reply(shim->ctx, packet, NULL);
}

/*
 * What rules have let in, or not decided: to a backend, to a client, or here. A function of its own, which is not given the view, for the
 * sake of the stack.
 */
static __noinline int deliver(struct shim *shim, struct packet *packet, const struct membership *source,
			      const struct membership *destination, const struct connection *reply)
{
	struct view view = { .ends = { source, destination } };
	int verdict = packet->judged - 1 + GO_ON, sent = GO_ON;
	enum mode mode = mode_now();
	__u32 side = packet->side;

	view.side = bpf_map_lookup_elem(&sides, &side);
	if (!view.side)
		return verdict;
	if (view.side->flags & SIDE_SERVICES)
		sent = packet->has_ports ? send_on(shim, packet, &view, reply, verdict == GO_ON && mode != MODE_OBSERVE)
					 : send_portless(shim, packet, &view);
	if (sent != GO_ON)
		return sent;
	return verdict == GO_ON ? default_in_mode(packet, &view, DIRECTION_INGRESS, mode) : verdict;
}

static __always_inline int ingress(struct shim *shim, struct packet *packet)
{
	const struct connection *reply = NULL;
	struct view view = {};
	enum mode mode;
	int verdict;

	if (!look_up_prefixes(packet, &view))
		return pass(packet, REASON_NONE);
	if (view.side->flags & SIDE_DETECTORS && !packet->judged)
		detect(packet, &view);
	if (is_management(packet, &view, DIRECTION_INGRESS)) {
		step(packet, STAGE_MANAGEMENT, REASON_MANAGEMENT, 0, 0);
		return pass(packet, REASON_MANAGEMENT);
	}
	mode = mode_now();
	if (mode != MODE_ENFORCE)
		step(packet, STAGE_MODE, REASON_MODE, mode, 0);
	if (view.side->flags & SIDE_SERVICES) {
		reply = find_reply(packet, &view);
		if (reply)
			packet->state = STATE_ESTABLISHED;
		else if (view.side->flags & SIDE_TRACKING && !packet->has_ports && is_quoting_reply(shim, packet))
			packet->state = STATE_RELATED;
	}
	verdict = filter(shim->ctx, packet, &view, DIRECTION_INGRESS, mode);
	if (verdict != VERDICT_DROP) {
		packet->judged = verdict - GO_ON + 1;
		verdict = deliver(shim, packet, view.ends[FIELD_SOURCE], view.ends[FIELD_DESTINATION], reply);
	}
	return conclude_filter(shim, packet, &view, DIRECTION_INGRESS, verdict);
}

static __always_inline int egress(struct shim *shim, struct packet *packet)
{
	struct view view = {};
	enum mode mode;
	int verdict;

	if (!look_up_prefixes(packet, &view))
		return pass(packet, REASON_NONE);
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
