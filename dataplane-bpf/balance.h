/* SPDX-License-Identifier: GPL-2.0-only */
/* Which service a packet is for, and which backend takes it. */
#pragma once

#include "window.h"

/* Where a packet goes and what is written over it on the way. */
struct target {
	__be32 address[4];    /* the new source or destination */
	__be32 next_hop[4];   /* whom it is routed to */
	__u16 port;	      /* host order; 0: left as it is */
	__u16 old_port;	      /* the one that it replaces */
	__u32 hash;	      /* of the flow */
	enum field field : 8; /* which end is rewritten */
	enum forwarding forwarding : 8;
	enum family family : 8; /* of the backend; in tunnels not always the packet's */
	__u8 next_family;	/* address family of the next hop, as the kernel counts them */
};

static __always_inline bool is_tunnel(enum forwarding forwarding)
{
	return forwarding >= FORWARDING_DSR_IPIP;
}

static __always_inline bool same_address(const __be32 *a, const __be32 *b)
{
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
}

static __always_inline void copy_address(__be32 *to, const __be32 *from)
{
	to[0] = from[0];
	to[1] = from[1];
	to[2] = from[2];
	to[3] = from[3];
}

static __always_inline int service_protocol(__u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return SERVICE_TCP;
	case IPPROTO_UDP:
		return SERVICE_UDP;
	case IPPROTO_SCTP:
		return SERVICE_SCTP;
	default:
		return -1;
	}
}

static __always_inline const struct service *service_row(const struct packet *packet)
{
	__u32 row = packet->side * config.service_ids + packet->service_id;

	return bpf_map_lookup_elem(&services, &row);
}

/* The service that a packet is for, its id in the packet; NULL where there is none. */
static __always_inline const struct service *find_service(struct packet *packet, const struct view *view)
{
	__u32 base = view->ends[FIELD_DESTINATION]->service_row, row;
	int protocol = service_protocol(packet->protocol);
	struct value_classes *ports;
	__u32 *service_id;
	__u16 class;

	if (!base || protocol < 0 || !packet->has_ports)
		return NULL;
	row = packet->side * SERVICE_PROTOCOLS + protocol;
	ports = bpf_map_lookup_elem(&service_ports, &row);
	if (!ports)
		return NULL;
	class = ports->classes[packet->port[FIELD_DESTINATION]];
	if (!class)
		return NULL;
	row = packet->side * config.service_rows + base + class;
	service_id = bpf_map_lookup_elem(&service_rows, &row);
	if (!service_id || !*service_id)
		return NULL;
	packet->service_id = *service_id;
	return service_row(packet);
}

static __always_inline __u64 mix(__u64 hash, __u64 value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 32;
}

/* The same on every node and after every restart: nothing random goes into it. */
static __always_inline __u32 flow_hash(const struct packet *packet, enum hash_input input)
{
	const __be32 *source = packet->address[FIELD_SOURCE], *destination = packet->address[FIELD_DESTINATION];
	__u64 hash = mix(0, source[0] | (__u64)source[1] << 32);

	if (packet->family == FAMILY_IPV6)
		hash = mix(hash, source[2] | (__u64)source[3] << 32);
	if (input == HASH_5_TUPLE) {
		hash = mix(hash, destination[0] | (__u64)destination[1] << 32);
		if (packet->family == FAMILY_IPV6)
			hash = mix(hash, destination[2] | (__u64)destination[3] << 32);
		hash = mix(hash, (__u64)packet->port[FIELD_SOURCE] << 32 | packet->port[FIELD_DESTINATION] << 8 | packet->protocol);
	}
	hash = mix(hash, 0);
	return hash >> 32;
}

/* Of a packet that no backend takes. A rejected one is answered: see conclude_filter. */
static __always_inline int turn_away(struct packet *packet, const struct service *service)
{
	return drop(packet, service->when_down == WHEN_DOWN_REJECT ? REASON_REJECT : REASON_NO_BACKEND);
}

/* The backend of a flow that is not tracked, or NULL. */
static __always_inline const struct backend *find_backend(struct packet *packet, const struct service *service, __u32 hash)
{
	const struct service_state *state = service_state_of(packet);
	const struct backend *backend;
	__u32 backend_id;

	if (!state)
		return NULL;
	backend_id = choose(packet, service, hash, !state->survivor);
	if (state->consult_until)
		backend_id = choose_in_window(packet, service, hash, backend_id);
	backend = backend_row(packet, backend_id);
	if (backend)
		packet->backend_id = backend_id;
	return backend;
}

static __always_inline void connection_key_of(const struct packet *packet, struct connection_key *key)
{
	copy_address(key->source, packet->address[FIELD_SOURCE]);
	copy_address(key->destination, packet->address[FIELD_DESTINATION]);
	key->source_port = bpf_htons(packet->port[FIELD_SOURCE]);
	key->destination_port = bpf_htons(packet->port[FIELD_DESTINATION]);
	key->protocol = packet->protocol;
	key->family = packet->family;
	key->zone = 0;
}

static __always_inline struct nat_scratch *nat_scratch(void)
{
	__u32 row = 0;

	return bpf_map_lookup_elem(&nat_scratches, &row);
}

_Static_assert(sizeof(struct target) <= sizeof(((struct nat_scratch *)0)->target), "it has its place there");

static __always_inline struct target *new_target(void)
{
	struct nat_scratch *scratch = nat_scratch();

	if (scratch)
		__builtin_memset(scratch->target, 0, sizeof(scratch->target));
	return scratch ? (struct target *)scratch->target : NULL;
}

/* The connection that a packet from a `nat` backend answers, or NULL. */
static __always_inline const struct connection *find_reply(struct packet *packet, const struct view *view)
{
	struct connection_key key;
	const struct connection *connection;

	if (!(view->ends[FIELD_SOURCE]->flags & MEMBERSHIP_NAT_BACKEND) || !packet->has_ports)
		return NULL;
	connection_key_of(packet, &key);
	connection = bpf_map_lookup_elem(&connections, &key);
	return connection && connection->flags & CONNECTION_REPLY ? connection : NULL;
}

/* Back to the client, as if from the service. */
static __always_inline void turn_back(struct packet *packet, const struct connection *connection, struct target *target)
{
	packet->service_id = connection->service_id;
	packet->backend_id = connection->backend_id;
	packet->reason = REASON_REPLY;
	copy_address(target->address, connection->address);
	copy_address(target->next_hop, packet->address[FIELD_DESTINATION]);
	target->port = bpf_ntohs(connection->port);
	target->old_port = packet->port[FIELD_SOURCE];
	target->field = FIELD_SOURCE;
	target->forwarding = FORWARDING_NAT;
	target->family = packet->family;
	step(packet, STAGE_BALANCE, REASON_REPLY, packet->service_id, packet->backend_id);
}

static __always_inline void aim(struct target *target, const struct backend *backend)
{
	copy_address(target->address, backend->address);
	copy_address(target->next_hop, backend->address);
	target->port = bpf_ntohs(backend->port);
	target->family = backend->family;
}

/* The way back of a connection: what its backend's packets look like, and what to make of them. */
static __always_inline void reply_of(const struct packet *packet, const struct connection_key *forth, const struct target *target,
				     struct connection_key *key, struct connection *connection)
{
	copy_address(key->source, target->address);
	copy_address(key->destination, forth->source);
	key->source_port = target->port ? bpf_htons(target->port) : forth->destination_port;
	key->destination_port = forth->source_port;
	key->protocol = forth->protocol;
	key->family = forth->family;
	key->zone = forth->zone;
	copy_address(connection->address, forth->destination);
	connection->port = forth->destination_port;
	connection->flags = CONNECTION_REPLY;
	connection->service_id = packet->service_id;
	connection->backend_id = packet->backend_id;
	connection->seen = ticks_now();
}

/*
 * The way back of a known connection may have been evicted, or taken by another service: it is entered again. From another service
 * only a new connection takes it back, or two that live would take turns.
 */
static __always_inline int hold_way_back(struct packet *packet, const struct connection_key *back, const struct connection *reply)
{
	enum { SYN = 0x02, ACK = 0x10 };
	const struct connection *held = bpf_map_lookup_elem(&connections, back);

	if (held && (held->service_id == reply->service_id || (packet->tcp_flags & (SYN | ACK)) != SYN))
		return GO_ON;
	return bpf_map_update_elem(&connections, back, reply, BPF_ANY) ? drop(packet, REASON_TABLE_FULL) : GO_ON;
}

/*
 * A `nat` connection stays with its backend for as long as that is there and up, whatever becomes of the ring. A new one
 * takes the backend of its slot; where a connection of the same client port to another service holds the way back, the next probes.
 * When all are held, the newcomer takes the way back: it is likelier that the holder is gone than that it speaks.
 */
__noinline int balance_nat(struct packet *packet, struct target *target)
{
	struct nat_scratch *nat = nat_scratch();
	const struct service_state *state;
	const struct backend *backend = NULL;
	const struct service *service;
	struct connection *known;
	__u32 hash, probe;

	if (!packet || !target || !nat)
		return VERDICT_DROP;
	service = service_row(packet);
	if (!service)
		return drop(packet, REASON_NO_BACKEND);
	connection_key_of(packet, &nat->key);
	known = bpf_map_lookup_elem(&connections, &nat->key);
	if (known && known->service_id == packet->service_id && !(known->flags & CONNECTION_REPLY)) {
		packet->backend_id = known->backend_id;
		state = service_state_of(packet);
		backend = state && keeps(packet, service, state, known->backend_id) ? backend_row(packet, known->backend_id) : NULL;
		if (backend && same_address(backend->address, known->address) && backend->port == known->port) {
			aim(target, backend);
			reply_of(packet, &nat->key, target, &nat->back, &nat->entry);
			known->seen = nat->entry.seen;
			return hold_way_back(packet, &nat->back, &nat->entry);
		}
	}
	hash = flow_hash(packet, service->hash);
	for (probe = 0; probe < RING_PROBES; probe++) {
		struct connection *taken;

		packet->backend_id = choose(packet, service, hash, false);
		/* The first to be tried instead is certainly another backend. */
		if (probe == 1 && service->ring_slots)
			packet->backend_id = stand_in(packet, service, (__u64)hash * service->ring_slots >> 32);
		hash += probe * 0x9e3779b9;
		backend = backend_row(packet, packet->backend_id);
		if (!backend)
			return turn_away(packet, service);
		aim(target, backend);
		reply_of(packet, &nat->key, target, &nat->back, &nat->entry);
		taken = bpf_map_lookup_elem(&connections, &nat->back);
		if (!taken || (same_address(taken->address, nat->key.destination) && taken->port == nat->key.destination_port))
			break;
	}
	if (bpf_map_update_elem(&connections, &nat->back, &nat->entry, BPF_ANY))
		return drop(packet, REASON_TABLE_FULL);
	copy_address(nat->entry.address, target->address);
	nat->entry.port = backend->port;
	nat->entry.flags = 0;
	if (bpf_map_update_elem(&connections, &nat->key, &nat->entry, BPF_ANY))
		return drop(packet, REASON_TABLE_FULL);
	return GO_ON;
}

/* Chooses the backend: GO_ON with `target` filled, or DROP. */
static __always_inline int balance(struct packet *packet, const struct service *service, struct target *target)
{
	int verdict = GO_ON;

	target->field = FIELD_DESTINATION;
	target->old_port = packet->port[FIELD_DESTINATION];
	target->forwarding = service->forwarding;
	packet->reason = REASON_SERVICE;
	if (service->forwarding == FORWARDING_NAT) {
		verdict = balance_nat(packet, target);
	} else {
		const struct backend *backend;

		target->hash = flow_hash(packet, service->hash);
		/* A health check says whom it is for. */
		backend = packet->backend_id ? backend_row(packet, packet->backend_id) : find_backend(packet, service, target->hash);
		if (backend)
			aim(target, backend);
		else
			verdict = turn_away(packet, service);
	}
	step(packet, STAGE_BALANCE, packet->reason, packet->service_id, packet->backend_id);
	return verdict;
}
