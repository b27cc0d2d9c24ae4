/* SPDX-License-Identifier: GPL-2.0-only */
/* Later fragments of a balanced packet have no ports: they go where the first has gone. */
#pragma once

#include "balance.h"
#include "fragment.h"

static __always_inline void fragment_key_of(const struct packet *packet, struct fragment_key *key)
{
	copy_address(key->source, packet->address[FIELD_SOURCE]);
	copy_address(key->destination, packet->address[FIELD_DESTINATION]);
	key->identification = packet->identification;
	key->protocol = fragment_protocol(packet);
	key->family = packet->family;
	key->pad = 0;
}

/* Where `target` leads: before anything is written over. */
__noinline int note_way(struct packet *packet, struct target *target)
{
	struct fragment_way way = {};
	struct fragment_key key;

	if (!packet || !target || config.trace)
		return 0;
	fragment_key_of(packet, &key);
	copy_address(way.address, target->address);
	copy_address(way.other_address, target->other_address);
	way.flags = (target->field == FIELD_SOURCE ? CONNECTION_REPLY : 0) | (target->both ? CONNECTION_SOURCE_NAT : 0);
	way.service_id = packet->service_id;
	way.backend_id = packet->backend_id;
	way.hash = target->hash;
	way.seen = ticks_now();
	return bpf_map_update_elem(&fragment_ways, &key, &way, BPF_ANY);
}

/* 1: the first is known, and `target` leads where it went. */
__noinline int follow_first(struct packet *packet, struct target *target)
{
	enum { WAY_TICKS = 30ULL * NS_PER_S >> WINDOW_TICK_SHIFT };
	const struct fragment_way *way;
	const struct backend *backend;
	const struct service *service;
	struct fragment_key key;

	if (!packet || !target)
		return 0;
	fragment_key_of(packet, &key);
	way = bpf_map_lookup_elem(&fragment_ways, &key);
	if (!way || ticks_now() - way->seen > WAY_TICKS)
		return 0;
	packet->service_id = way->service_id;
	packet->backend_id = way->backend_id;
	service = service_row(packet);
	backend = backend_row(packet, way->backend_id);
	if (!service || !backend)
		return 0;
	aim(target, backend);
	target->port = 0;
	target->hash = way->hash;
	target->forwarding = service->forwarding;
	target->field = FIELD_DESTINATION;
	packet->reason = REASON_SERVICE;
	copy_address(target->address, way->address);
	if (way->flags & CONNECTION_SOURCE_NAT) {
		copy_address(target->other_address, way->other_address);
		target->both = true;
	}
	if (way->flags & CONNECTION_REPLY) {
		target->field = FIELD_SOURCE;
		packet->reason = REASON_REPLY;
		copy_address(target->next_hop, target->both ? target->other_address : packet->address[FIELD_DESTINATION]);
	}
	return 1;
}
