/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections to backends that come from a pool of our own addresses, so that answers come back through us wherever the client is: also
 * where it is a backend itself. Each connection has a source of its own towards its backend. Part of balance.h.
 */
#pragma once

enum {
	GO_ON_WITH_SOURCE = -2, /* a new connection, which needs one */
	FIRST_POOL_PORT = 1024,
	POOL_PORTS = 65536 - FIRST_POOL_PORT,
};

/* Makes the entry of the way back that of the way forth. */
static __always_inline void forth_of(const struct target *target, const struct backend *backend, struct connection *entry)
{
	copy_address(entry->address, target->address);
	entry->port = backend->port;
	copy_address(entry->other_address, target->other_address);
	entry->other_port = bpf_htons(target->other_port);
	entry->flags = target->both ? CONNECTION_SOURCE_NAT : 0;
}

/* The client's own port first, where it is one that a pool gives. */
static __always_inline bool propose_source(const struct packet *packet, const struct service *service, struct target *target, __u32 hash,
					   __u32 probe)
{
	__u32 drawn = (hash ^ packet->port[FIELD_SOURCE]) * 0x9e3779b9 + probe * 0x85ebca6b;
	__u32 row = packet->side * POOL_ADDRESSES + service->pool_base;
	const struct pool_address *source;

	drawn ^= drawn >> 15;
	row += (__u64)(drawn * 0xc2b2ae35) * service->pool_count >> 32;
	source = bpf_map_lookup_elem(&pool_addresses, &row);
	if (!source)
		return false;
	copy_address(target->other_address, source->address);
	target->other_port = packet->port[FIELD_SOURCE];
	if (probe || target->other_port < FIRST_POOL_PORT)
		target->other_port = FIRST_POOL_PORT + ((__u64)drawn * POOL_PORTS >> 32);
	return true;
}

/* A new connection, whose key stands in the scratch: whoever enters a way back first has it. */
__noinline int enter_with_source(struct packet *packet, struct target *target)
{
	struct nat_scratch *nat = nat_scratch();
	const struct backend *backend;
	const struct service *service;
	__u32 hash, probe;

	if (!packet || !target || !nat)
		return VERDICT_DROP;
	service = service_row(packet);
	if (!service)
		return drop(packet, REASON_NO_BACKEND);
	hash = flow_hash(packet, service->hash);
	packet->backend_id = first_choice(packet, service, target, hash);
	backend = backend_row(packet, packet->backend_id);
	if (!backend)
		return turn_away(packet, service);
	aim(target, backend);
	target->both = true;
	for (probe = 0; probe < SOURCE_PROBES; probe++) {
		const struct connection *taken;

		if (!propose_source(packet, service, target, hash, probe))
			break;
		reply_of(packet, &nat->key, target, &nat->back, &nat->entry);
		taken = bpf_map_lookup_elem(&connections, &nat->back);
		if (taken && is_fresh(taken, service) && !is_own_way_back(taken, &nat->entry))
			continue;
		if (bpf_map_update_elem(&connections, &nat->back, &nat->entry, taken ? BPF_ANY : BPF_NOEXIST))
			continue;
		forth_of(target, backend, &nat->entry);
		return bpf_map_update_elem(&connections, &nat->key, &nat->entry, BPF_ANY) ? drop(packet, REASON_TABLE_FULL) : GO_ON;
	}
	return drop(packet, REASON_POOL_FULL);
}
