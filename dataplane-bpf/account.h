/* SPDX-License-Identifier: GPL-2.0-only */
/* The one place where packets are counted: by what decided them, once, when the verdict stands. */
#pragma once

#include "count.h"
#include "event.h"

static __always_inline void account(const struct packet *packet, enum verdict verdict)
{
	__u32 cpu = bpf_get_smp_processor_id();

	conclude(packet, verdict);
	if (verdict == VERDICT_HANDOVER)
		return;
	if (verdict == VERDICT_DROP)
		report_drop(packet, verdict);
	count(&outcome_counts, ((cpu * HOOKS + packet->hook) * VERDICTS + verdict) * REASONS + packet->reason, packet->length);
	if (packet->rule_id)
		count(&rule_counts, cpu * config.rule_ids + packet->rule_id, packet->length);
	if (packet->service_id)
		count(&service_counts, cpu * config.service_ids + packet->service_id, packet->length);
	if (packet->backend_id)
		count(&backend_counts, cpu * config.backend_ids + packet->backend_id, packet->length);
}
