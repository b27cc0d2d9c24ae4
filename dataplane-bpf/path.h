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
 * A packet for the service that it names, or its backend's reply: to where it goes from here. `admitted`: by which lists of sources. A
 * function of its own, for the sake of the stack; and one that the verifier takes by itself, however the packet came here.
 */
__noinline int send_on(context *ctx, struct packet *packet, const struct connection *reply, __u64 admitted)
{
	const struct service *service = NULL;
	struct target *target;
	struct shim shim;
	int verdict;

	if (!packet)
		return VERDICT_DROP;
	if (!reply)
		service = service_row(packet);
	target = new_target();
	if (!target || !(reply || service))
		return drop(packet, REASON_NO_BACKEND);
	if (service) {
		if (service->sources && !(admitted >> ((service->sources - 1) & (SOURCE_LISTS - 1)) & 1)) {
			verdict = drop(packet, REASON_SOURCE);
			step(packet, STAGE_BALANCE, packet->reason, packet->service_id, 0);
			return verdict;
		}
		if (service->server_count)
			target->chosen = named_backend(ctx, packet);
		verdict = balance(packet, service, target);
		if (verdict != GO_ON)
			return verdict;
	} else {
		turn_back(packet, reply, target);
	}
	if (packet->fragment == FRAGMENT_FIRST)
		note_way(packet, target);
	shim = shim_of(ctx);
	verdict = forward(&shim, packet, target);
	step(packet, STAGE_FORWARD, packet->reason, verdict, 0);
	return verdict;
}

enum {
	NOBODYS = -3, /* of no service */
};

/* An ICMP error that quotes a balanced connection. What is not for one is the host's where it has the address. */
static __always_inline int aim_error(context *ctx, struct packet *packet, __u32 base, struct target *target)
{
	if (find_quoted_reply(ctx, packet, target))
		return GO_ON;
	return base ? aim_at_quoted(ctx, packet, base, target) : NOBODYS;
}

static __always_inline int aim_later(struct packet *packet, __u32 base, struct target *target)
{
	if (follow_first(packet, target))
		return GO_ON;
	return base ? drop(packet, REASON_UNKNOWN_FIRST) : NOBODYS;
}

/*
 * Whose packet without ports it is: a service's, or its backend's reply. GO_ON with the way in the scratch's target, a verdict, or NOBODYS:
 * the packet is as it was. `is_local`: this host has the destination. By itself as send_on is.
 */
__noinline int aim_portless(context *ctx, struct packet *packet, __u32 base, __u32 is_local)
{
	struct target *target = new_target();
	struct shim shim = { .ctx = ctx };
	int verdict = NOBODYS;
	enum reason reason;

	if (!packet || !target)
		return NOBODYS;
	reason = packet->reason;
	if (packet->fragment == FRAGMENT_LATER)
		verdict = aim_later(packet, base, target);
	else if (is_icmp_error(packet))
		verdict = aim_error(ctx, packet, base, target);
	else if (base && !is_local && is_echo_request(packet))
		return answer_echo(&shim, packet);
	if (verdict == NOBODYS || (verdict == VERDICT_DROP && is_local)) {
		packet->service_id = 0;
		packet->backend_id = 0;
		packet->reason = reason;
		return NOBODYS;
	}
	step(packet, STAGE_BALANCE, packet->reason, packet->service_id, packet->backend_id);
	return verdict;
}

/* The way that aim_portless has found. */
__noinline int send_portless(context *ctx, struct packet *packet)
{
	struct nat_scratch *scratch = nat_scratch();
	struct target *target;
	struct shim shim;
	int verdict;

	if (!packet || !scratch)
		return VERDICT_DROP;
	target = (struct target *)scratch->target;
	if (!rewrite_ahead(ctx, packet, target))
		return drop(packet, REASON_MALFORMED);
	shim = shim_of(ctx);
	verdict = forward(&shim, packet, target);
	step(packet, STAGE_FORWARD, packet->reason, verdict, 0);
	return verdict;
}

/* To a backend, to a client, or GO_ON: neither. `undecided`: no rule has let it in, so the service's own sources hold. */
static __always_inline int deliver(context *ctx, struct packet *packet, const struct view *view, const struct connection *reply,
				   bool undecided)
{
	const struct membership *source = view->ends[FIELD_SOURCE], *destination = view->ends[FIELD_DESTINATION];
	__u32 base = destination->service_row;
	int verdict;

	if (packet->has_ports)
		return reply || (base && find_service(packet, base)) ? send_on(ctx, packet, reply, undecided ? source->admitted : ~0ULL)
								     : GO_ON;
	if (!base && !(source->flags & MEMBERSHIP_NAT_BACKEND) && !is_icmp_error(packet))
		return GO_ON;
	verdict = aim_portless(ctx, packet, base, destination->flags & MEMBERSHIP_LOCAL);
	if (verdict == GO_ON)
		return send_portless(ctx, packet);
	return verdict == NOBODYS ? GO_ON : verdict;
}

static __always_inline int ingress(struct shim *shim, struct packet *packet)
{
	const struct connection *reply = NULL;
	struct view view = {};
	struct check *check;
	int verdict, sent;
	enum mode mode;

	if (!look_up_prefixes(packet, &view, false))
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
		/* Tracking knows nothing of what we have rewritten, and would take an error about it for senseless. */
		else if (view.side->flags & SIDE_TRACKING && is_icmp_error(packet) && find_quoted_reply(shim->ctx, packet, NULL))
			packet->state = STATE_RELATED;
	}
	verdict = filter(shim->ctx, packet, &view, DIRECTION_INGRESS, mode);
	if (verdict != VERDICT_DROP) {
		packet->judged = verdict - GO_ON + 1;
		sent = view.side->flags & SIDE_SERVICES ? deliver(shim->ctx, packet, &view, reply, verdict == GO_ON && mode != MODE_OBSERVE)
							: GO_ON;
		if (sent != GO_ON)
			verdict = sent;
		else if (verdict == GO_ON)
			verdict = default_in_mode(packet, &view, DIRECTION_INGRESS, mode);
	}
	return conclude_filter(shim, packet, &view, DIRECTION_INGRESS, verdict);
}

/* What asks for the address of a service takes the way of its clients' packets, to the backend that is asked. It is no traffic of theirs.
 */
static __always_inline int send_check(struct shim *shim, struct packet *packet, struct check *check)
{
	int verdict;

	packet->service_id = check->service_id;
	packet->backend_id = check->backend_id;
	verdict = send_on(shim->ctx, packet, NULL, ~0ULL);
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
	enum mode mode = mode_now();
	int verdict;

	/* Management's answers are known by their source, and may have nothing else to fear than the emergency switch. */
	if (!look_up_prefixes(packet, &view, mode == MODE_LOCKDOWN))
		return pass(packet, REASON_NONE);
	check = find_check(packet, &view, DIRECTION_EGRESS);
	if (check && check->service_id)
		return send_check(shim, packet, check);
	if (is_management(packet, &view, DIRECTION_EGRESS)) {
		step(packet, STAGE_MANAGEMENT, REASON_MANAGEMENT, 0, 0);
		return pass(packet, REASON_MANAGEMENT);
	}
	if (mode != MODE_ENFORCE)
		step(packet, STAGE_MODE, REASON_MODE, mode, 0);
	verdict = filter(shim->ctx, packet, &view, DIRECTION_EGRESS, mode);
	if (verdict == GO_ON)
		verdict = default_in_mode(packet, &view, DIRECTION_EGRESS, mode);
	return conclude_filter(shim, packet, &view, DIRECTION_EGRESS, verdict);
}
