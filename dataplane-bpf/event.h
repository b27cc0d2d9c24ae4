/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What user space is told of packets. Nothing is sent unless somebody listens, and never more than a CPU can spare: the rest is
 * counted as lost. The kernel wakes the reader only when it has read all that was there.
 */
#pragma once

#include "packet.h"

/* The part of word `word` of an address, network order, that a prefix of `length` bits covers. */
static __always_inline __be32 prefix_mask(__u32 length, __u32 word)
{
	if (length >= word * 32 + 32)
		return ~0U;
	return length <= word * 32 ? 0 : bpf_htonl(~0U << (32 - (length & 31)));
}

static __always_inline const struct watch *listener(enum event_type type)
{
	__u32 row = 0;
	const struct watch *watch;

	if (config.trace)
		return NULL;
	watch = bpf_map_lookup_elem(&watches, &row);
	return watch && watch->types & 1 << type ? watch : NULL;
}

/* What nobody asked for is left out here and not in user space, so that it cannot crowd out what somebody did ask for. */
static __always_inline bool is_asked_for(const struct packet *packet, const struct watch *watch, __u32 rule_id, enum reason reason)
{
	__u32 word;

	if (watch->rule_id && watch->rule_id != rule_id)
		return false;
	if (watch->reasons && !(watch->reasons >> (reason & 31) & 1))
		return false;
	if (!watch->source_length)
		return true;
	if (packet->family != watch->family)
		return false;
#pragma unroll
	for (word = 0; word < 4; word++) {
		if ((packet->address[FIELD_SOURCE][word] ^ watch->source[word]) & prefix_mask(watch->source_length, word))
			return false;
	}
	return true;
}

/* Room in the ring with the packet in it, to be submitted by the caller; or NULL, and counted as lost. */
static __always_inline struct event *open_event(const struct packet *packet, enum event_type type)
{
	__u32 row = bpf_get_smp_processor_id() * EVENT_TYPES + type;
	struct event_count *count = bpf_map_lookup_elem(&event_counts, &row);
	struct event *event;
	__u64 window;

	if (!count)
		return NULL;
	window = bpf_ktime_get_coarse_ns() / EVENT_WINDOW_NS;
	if (count->window != window) {
		count->window = window;
		count->in_window = 0;
	}
	event = count->in_window < EVENTS_PER_WINDOW ? bpf_ringbuf_reserve(&events, sizeof(*event), 0) : NULL;
	if (!event) {
		count->lost++;
		return NULL;
	}
	count->in_window++;
	count->sent++;
	event->time_ns = bpf_ktime_get_boot_ns();
	__builtin_memcpy(event->source, packet->address[FIELD_SOURCE], sizeof(event->source));
	__builtin_memcpy(event->destination, packet->address[FIELD_DESTINATION], sizeof(event->destination));
	event->source_port = packet->port[FIELD_SOURCE];
	event->destination_port = packet->port[FIELD_DESTINATION];
	event->length = packet->length;
	event->interface = packet->interface;
	event->rule_id = packet->rule_id;
	event->service_id = packet->service_id;
	event->detector_id = 0;
	event->value = 0;
	event->type = type;
	event->hook = packet->hook;
	event->verdict = VERDICT_DROP;
	event->reason = packet->reason;
	event->family = packet->family;
	event->state = packet->state;
	event->protocol = packet->protocol;
	event->tcp_flags = packet->tcp_flags;
	event->icmp_type = packet->icmp_type;
	event->icmp_code = packet->icmp_code;
	event->outcome = RULE_DECIDED;
	event->fragment = packet->fragment;
	return event;
}

/* The first match of a rule, and each `log_every`th one after it. */
static __always_inline bool is_due(const struct rule *rule)
{
	__u32 row = bpf_get_smp_processor_id() * config.rule_ids + rule->rule_id;
	__u32 *count = bpf_map_lookup_elem(&log_counts, &row);

	return count && rule->log_every && (*count)++ % rule->log_every == 0;
}

__noinline int tell_match(struct packet *packet, const struct rule *rule)
{
	const struct watch *watch = listener(EVENT_MATCH);
	enum reason reason = REASON_RULE;
	struct event *event;

	if (!packet || !rule || !watch)
		return 0;
	if (rule->action == ACTION_REJECT)
		reason = REASON_REJECT;
	if (rule->action == ACTION_LIMIT)
		reason = REASON_LIMIT;
	if (!is_asked_for(packet, watch, rule->rule_id, reason) || !is_due(rule))
		return 0;
	event = open_event(packet, EVENT_MATCH);
	if (!event)
		return 0;
	event->rule_id = rule->rule_id;
	event->verdict = rule->action == ACTION_ALLOW ? VERDICT_PASS : VERDICT_DROP;
	event->reason = reason;
	event->outcome = rule->flags & RULE_OBSERVE ? RULE_OBSERVED : RULE_DECIDED;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

/* A rule that logs has matched; one that limits, beyond its rate. */
static __always_inline void report_match(struct packet *packet, const struct rule *rule)
{
	if (listener(EVENT_MATCH))
		tell_match(packet, rule);
}

__noinline int tell_drop(const struct packet *packet)
{
	const struct watch *watch = listener(EVENT_DROP);
	struct event *event;

	if (!packet || !watch || !is_asked_for(packet, watch, packet->rule_id, packet->reason))
		return 0;
	event = open_event(packet, EVENT_DROP);
	if (event)
		bpf_ringbuf_submit(event, 0);
	return 0;
}

/* A packet was dropped; called for every one, so the common case is a look at `watches`. */
static __always_inline void report_drop(const struct packet *packet, enum verdict verdict)
{
	if (listener(EVENT_DROP))
		tell_drop(packet);
}
