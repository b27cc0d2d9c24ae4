/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules, top to bottom: the first that matches decides, unless it only observes, is over, or lets what is within its rate go on. */
#pragma once

#include "search.h"
#include "limit.h"
#include "event.h"
#include "count.h"

static __always_inline const struct rule *rule_at(const struct packet *packet, const struct tuple *tuple, __u32 position)
{
	__u32 row = (packet->side * DIRECTIONS + tuple->direction) * RULE_BITS + position;

	return bpf_map_lookup_elem(&rules, &row);
}

static __always_inline int decide(struct packet *packet, const struct rule *rule)
{
	packet->rule_id = rule->rule_id;
	step(packet, STAGE_FIREWALL, REASON_RULE, rule->rule_id, rule->action | RULE_DECIDED << 8);
	switch (rule->action) {
	case ACTION_ALLOW:
		return pass(packet, REASON_RULE);
	case ACTION_REJECT:
		return drop(packet, REASON_REJECT);
	default:
		return drop(packet, REASON_RULE);
	}
}

/* A rule that matched and does not decide is counted here, since a packet carries only the one that does. */
static __always_inline void go_on(struct packet *packet, const struct rule *rule, enum rule_outcome outcome)
{
	if (outcome != RULE_EXPIRED)
		count(&rule_counts, bpf_get_smp_processor_id() * config.rule_ids + rule->rule_id, packet->length);
	step(packet, STAGE_FIREWALL, REASON_RULE, rule->rule_id, rule->action | outcome << 8);
}

/* What a rule with flags does to a packet: a verdict, or GO_ON to the next rule. */
static __always_inline int apply(struct packet *packet, const struct rule *rule)
{
	bool within;

	if (rule->flags & RULE_EXPIRES && rule->expires_s <= bpf_ktime_get_boot_ns() / NS_PER_S) {
		go_on(packet, rule, RULE_EXPIRED);
		return GO_ON;
	}
	if (!(rule->flags & RULE_LIMIT)) {
		if (rule->flags & RULE_LOG)
			report_match(packet, rule);
		if (!(rule->flags & RULE_OBSERVE))
			return decide(packet, rule);
		go_on(packet, rule, RULE_OBSERVED);
		return GO_ON;
	}
	within = within_limit(packet, rule->limit);
	if (!within && rule->flags & RULE_LOG)
		report_match(packet, rule);
	if (rule->flags & RULE_OBSERVE) {
		go_on(packet, rule, within ? RULE_WITHIN : RULE_OBSERVED);
		return GO_ON;
	}
	if (!within) {
		packet->rule_id = rule->rule_id;
		step(packet, STAGE_FIREWALL, REASON_LIMIT, rule->rule_id, rule->action | RULE_DECIDED << 8);
		return drop(packet, REASON_LIMIT);
	}
	if (allows_within(packet, rule->limit)) {
		packet->rule_id = rule->rule_id;
		step(packet, STAGE_FIREWALL, REASON_RULE, rule->rule_id, rule->action | RULE_DECIDED << 8);
		return pass(packet, REASON_RULE);
	}
	go_on(packet, rule, RULE_WITHIN);
	return GO_ON;
}

enum {
	WALK_ON = -2, /* rules are left; the verifier wants loops that end */
	WALK_STEPS = 64,
	WALKS = RULE_BITS / WALK_STEPS,
};

/* Rules with flags, one after the other, until one decides. GO_ON where none is left. */
__noinline int walk_rules(struct packet *packet, struct tuple *tuple)
{
	int i, verdict;

	if (!packet || !tuple)
		return VERDICT_DROP;
	for (i = 0; i < WALK_STEPS; i++) {
		__u32 position = next_match(packet, tuple);
		const struct rule *rule;

		if (position >= NO_POSITION)
			return GO_ON;
		rule = rule_at(packet, tuple, position);
		if (!rule)
			return GO_ON;
		tuple->from = position + 1;
		verdict = apply(packet, rule);
		if (verdict != GO_ON)
			return verdict;
	}
	return WALK_ON;
}

/* The verdict of the first rule that decides, or GO_ON. */
static __always_inline int firewall(context *ctx, struct packet *packet, const struct view *view, enum direction direction)
{
	struct tuple tuple = {};
	const struct rule *rule;
	__u32 position;
	int verdict, i;

	if (!view->side->rule_words[direction] || !classify(ctx, packet, view, &tuple, direction))
		return GO_ON;
	position = first_match(packet, &tuple);
	if (position < NO_POSITION) {
		rule = rule_at(packet, &tuple, position);
		if (!rule || rule->action == ACTION_NONE)
			return GO_ON;
		if (!rule->flags)
			return decide(packet, rule);
		tuple.from = position;
		verdict = WALK_ON;
		for (i = 0; i < WALKS && verdict == WALK_ON; i++)
			verdict = walk_rules(packet, &tuple);
		if (verdict != GO_ON)
			return verdict;
	}
	step(packet, STAGE_FIREWALL, REASON_NONE, 0, 0);
	return GO_ON;
}
