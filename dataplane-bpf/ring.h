/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which backend of its service's ring takes a flow. Rings are built from what is declared, and health leaves them alone: the slots of a
 * backend that is down go to their second choice, and so does nothing else.
 */
#pragma once

#include "prefix.h"

static __always_inline const struct backend *backend_row(const struct packet *packet, __u32 backend_id)
{
	__u32 row = packet->side * config.backend_ids + backend_id;
	const struct backend *backend = bpf_map_lookup_elem(&backends, &row);

	return backend && backend->state == BACKEND_ACTIVE ? backend : NULL;
}

static __always_inline struct service_state *service_state_of(const struct packet *packet)
{
	__u32 row = packet->service_id;

	return bpf_map_lookup_elem(&service_states, &row);
}

static __always_inline bool is_up(__u32 backend_id)
{
	__u32 row = backend_id / 64;
	const __u64 *down = bpf_map_lookup_elem(&down_backends, &row);

	return down && !(*(const volatile __u64 *)down >> (backend_id % 64) & 1);
}

/* 0: there is no such slot. */
static __always_inline __u32 backend_of_slot(void *ring, const struct packet *packet, const struct service *service, __u32 slot)
{
	__u32 row = packet->side * config.ring_lines + service->ring_base + slot / RING_LINE_SLOTS;
	const struct ring_line *line = bpf_map_lookup_elem(ring, &row);

	return line ? line->backends[slot % RING_LINE_SLOTS] : 0;
}

static __always_inline __u32 probed_slot(__u32 slot, __u32 probe, __u32 slots)
{
	__u32 hash = slot * 0x9e3779b1 + probe * 0x85ebca6b;

	hash = (hash ^ hash >> 15) * 0x2c1b3c6d;
	return (hash ^ hash >> 16) & (slots - 1);
}

/*
 * Whose slot's first choice is down: the second, else the first that is up in an order of slots that depends on the slot alone, so that
 * each further death moves only what it has to. 0: none is up.
 */
__noinline __u32 stand_in(struct packet *packet, const struct service *service, __u32 slot)
{
	const struct service_state *state;
	__u32 backend_id, probe;

	if (!packet || !service)
		return 0;
	state = service_state_of(packet);
	if (!state)
		return 0;
	if (state->survivor == NOBODY)
		return service->when_down == WHEN_DOWN_LAST_KNOWN ? backend_of_slot(&rings, packet, service, slot) : 0;
	backend_id = backend_of_slot(&ring_seconds, packet, service, slot);
	if (backend_id && is_up(backend_id))
		return backend_id;
	for (probe = 0; probe < STAND_IN_PROBES; probe++) {
		backend_id = backend_of_slot(&rings, packet, service, probed_slot(slot, probe, service->ring_slots));
		if (is_up(backend_id))
			return backend_id;
	}
	return state->survivor && is_up(state->survivor) ? state->survivor : 0;
}

/* Slot = hash * slots / 2^32: the leading bits of the hash. 0: no backend takes it. `all_up`: whom that is known of need not be asked. */
static __always_inline __u32 choose(struct packet *packet, const struct service *service, __u32 hash, bool all_up)
{
	__u32 slot = (__u64)hash * service->ring_slots >> 32, backend_id;

	if (!service->ring_slots)
		return 0;
	backend_id = backend_of_slot(&rings, packet, service, slot);
	return all_up || is_up(backend_id) ? backend_id : stand_in(packet, service, slot);
}

/* Whether a backend goes on with connections that it has. */
static __always_inline bool keeps(const struct packet *packet, const struct service *service, const struct service_state *state,
				  __u32 backend_id)
{
	const struct backend *backend = backend_row(packet, backend_id);

	if (!backend || backend->service_id != packet->service_id)
		return false;
	return is_up(backend_id) || (state->survivor == NOBODY && service->when_down == WHEN_DOWN_LAST_KNOWN);
}
