/* SPDX-License-Identifier: GPL-2.0-only */
/* What a twin writes down while it judges a packet, for `POST /v1/trace`. The live programs are loaded without any of it. */
#pragma once

/* `first` and `second` depend on the stage: see the table in docs/packet.md. */
static __always_inline void step(struct packet *packet, enum stage stage, enum reason reason, __u32 first, __u32 second)
{
	__u32 row = 0, index = packet->trace_steps;
	struct trace *trace;

	if (!config.trace)
		return;
	trace = bpf_map_lookup_elem(&traces, &row);
	if (!trace || index >= TRACE_STEPS)
		return;
	trace->steps[index].stage = stage;
	trace->steps[index].reason = reason;
	trace->steps[index].detail[0] = first;
	trace->steps[index].detail[1] = second;
	packet->trace_steps = index + 1;
}

/* What the twin is asked; NULL in live programs. */
static __always_inline const struct question *question(void)
{
	__u32 row = 0;

	return config.trace ? bpf_map_lookup_elem(&questions, &row) : NULL;
}

static __always_inline void conclude(const struct packet *packet, enum verdict verdict)
{
	__u32 row = 0;
	struct trace *trace;

	if (!config.trace)
		return;
	trace = bpf_map_lookup_elem(&traces, &row);
	if (!trace)
		return;
	trace->revision = packet->revision;
	trace->verdict = verdict;
	trace->reason = packet->reason;
	trace->fragment = packet->fragment;
	trace->protocol = packet->protocol;
	trace->rule_id = packet->rule_id;
	trace->service_id = packet->service_id;
	trace->backend_id = packet->backend_id;
	trace->step_count = packet->trace_steps;
	trace->state = packet->state;
}
