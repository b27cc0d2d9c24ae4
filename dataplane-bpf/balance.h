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
	enum family family : 8;	 /* of the backend; in tunnels not always the packet's */
	__u8 next_family;	 /* address family of the next hop, as the kernel counts them */
	__be32 other_address[4]; /* of the other end, where both are rewritten */
	__u16 other_port;
	__u16 quoted_transport; /* of an ICMP error: where the transport header stands that it quotes; 0: no error */
	__u8 quoted_protocol;
	bool both;
	__u32 chosen; /* the backend that a QUIC packet names; 0: none */
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

/* The service that a packet is for, its id in the packet; NULL where there is none. `base`: service_row of its destination. */
static __always_inline const struct service *find_service(struct packet *packet, __u32 base)
{
	__u32 row;
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

/* A backend that goes on with the connections that it has, or NULL. */
static __always_inline const struct backend *keeping(const struct packet *packet, const struct service *service, __u32 backend_id)
{
	const struct service_state *state = service_state_of(packet);

	return state && keeps(packet, service, state, backend_id) ? backend_row(packet, backend_id) : NULL;
}

/* A backend that the packet names comes before the ring's. */
static __always_inline __u32 first_choice(struct packet *packet, const struct service *service, const struct target *target, __u32 hash)
{
	return target->chosen && keeping(packet, service, target->chosen) ? target->chosen : choose(packet, service, hash, false);
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

/* An entry that was idle for too long is as absent. */
static __always_inline bool is_fresh(const struct connection *connection, const struct service *service)
{
	return ticks_now() - connection->seen <= service->idle_ticks;
}

static __always_inline void note_seen(struct connection *connection)
{
	__u32 now = ticks_now();

	if (connection->seen != now && !config.trace)
		connection->seen = now;
}

/* The way back that `key` names, or NULL. */
static __always_inline struct connection *find_way_back(const struct packet *packet, const struct connection_key *key)
{
	struct connection *connection = bpf_map_lookup_elem(&connections, key);
	const struct service *service;
	__u32 row;

	if (!connection || !(connection->flags & CONNECTION_REPLY))
		return NULL;
	row = packet->side * config.service_ids + connection->service_id;
	service = bpf_map_lookup_elem(&services, &row);
	return service && is_fresh(connection, service) ? connection : NULL;
}

/* The connection that a packet from a `nat` backend answers, or NULL. */
static __noinline const struct connection *find_answered(struct packet *packet)
{
	struct connection_key key;
	struct connection *connection;

	connection_key_of(packet, &key);
	connection = find_way_back(packet, &key);
	if (connection)
		note_seen(connection);
	return connection;
}

static __always_inline const struct connection *find_reply(struct packet *packet, const struct view *view)
{
	return view->ends[FIELD_SOURCE]->flags & MEMBERSHIP_NAT_BACKEND && packet->has_ports ? find_answered(packet) : NULL;
}

static __always_inline void aim_other(struct target *target, const struct connection *connection)
{
	if (!(connection->flags & CONNECTION_SOURCE_NAT))
		return;
	copy_address(target->other_address, connection->other_address);
	target->other_port = bpf_ntohs(connection->other_port);
	target->both = true;
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
	aim_other(target, connection);
	if (target->both)
		copy_address(target->next_hop, target->other_address);
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
	copy_address(key->destination, target->both ? target->other_address : forth->source);
	key->source_port = target->port ? bpf_htons(target->port) : forth->destination_port;
	key->destination_port = target->both ? bpf_htons(target->other_port) : forth->source_port;
	key->protocol = forth->protocol;
	key->family = forth->family;
	key->zone = forth->zone;
	copy_address(connection->address, forth->destination);
	connection->port = forth->destination_port;
	copy_address(connection->other_address, forth->source);
	connection->other_port = forth->source_port;
	connection->flags = CONNECTION_REPLY | (target->both ? CONNECTION_SOURCE_NAT : 0);
	connection->service_id = packet->service_id;
	connection->backend_id = packet->backend_id;
	connection->seen = ticks_now();
}

static __always_inline bool is_same_end(const struct connection *held, const struct connection *reply)
{
	return held->service_id == reply->service_id && held->port == reply->port && same_address(held->address, reply->address);
}

/* A way back of its own source is nobody else's; one that is, has been forgotten and given away. */
static __always_inline bool is_own_way_back(const struct connection *held, const struct connection *reply)
{
	return is_same_end(held, reply) && held->other_port == reply->other_port && same_address(held->other_address, reply->other_address);
}

#include "source_nat.h"

/*
 * The way back of a known connection may have been evicted, or taken by another: it is entered again. From another only a
 * new connection takes it back, or two that live would take turns.
 */
static __always_inline int hold_way_back(struct packet *packet, struct connection *held, const struct connection_key *back,
					 const struct connection *reply)
{
	if (held && (is_same_end(held, reply) || !starts(packet))) {
		if (is_same_end(held, reply))
			note_seen(held);
		return GO_ON;
	}
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
		backend = keeping(packet, service, known->backend_id);
		if (target->chosen && target->chosen != known->backend_id)
			backend = NULL;
		if (backend && same_address(backend->address, known->address) && backend->port == known->port) {
			struct connection *held;

			aim(target, backend);
			aim_other(target, known);
			/* Its way back was seen to in this tick, 17 ms. */
			if (known->seen == ticks_now() && !starts(packet) && !target->both)
				return GO_ON;
			reply_of(packet, &nat->key, target, &nat->back, &nat->entry);
			held = bpf_map_lookup_elem(&connections, &nat->back);
			if ((is_fresh(known, service) || (held && is_own_way_back(held, &nat->entry) && is_fresh(held, service))) &&
			    (!target->both || !held || is_own_way_back(held, &nat->entry))) {
				note_seen(known);
				return hold_way_back(packet, held, &nat->back, &nat->entry);
			}
			target->both = false;
		}
	}
	if (service->pool_count)
		return GO_ON_WITH_SOURCE;
	hash = flow_hash(packet, service->hash);
	for (probe = 0; probe < RING_PROBES; probe++) {
		struct connection *taken;

		if (probe)
			packet->backend_id = choose(packet, service, hash, false);
		else
			packet->backend_id = first_choice(packet, service, target, hash);
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
		if (!taken || !is_fresh(taken, service) ||
		    (same_address(taken->address, nat->key.destination) && taken->port == nat->key.destination_port))
			break;
	}
	if (bpf_map_update_elem(&connections, &nat->back, &nat->entry, BPF_ANY))
		return drop(packet, REASON_TABLE_FULL);
	forth_of(target, backend, &nat->entry);
	if (bpf_map_update_elem(&connections, &nat->key, &nat->entry, BPF_ANY))
		return drop(packet, REASON_TABLE_FULL);
	return GO_ON;
}

/* Nothing is kept of the connection, and the packet stays as it is. */
static __always_inline int balance_direct(struct packet *packet, const struct service *service, struct target *target)
{
	const struct backend *backend;

	target->forwarding = service->forwarding;
	target->hash = flow_hash(packet, service->hash);
	packet->reason = REASON_SERVICE;
	/* A health check says whom it is for, up or down. */
	if (packet->backend_id) {
		backend = backend_row(packet, packet->backend_id);
	} else {
		backend = target->chosen ? keeping(packet, service, target->chosen) : NULL;
		if (backend)
			packet->backend_id = target->chosen;
		else
			backend = find_backend(packet, service, target->hash);
	}
	if (!backend)
		return turn_away(packet, service);
	aim(target, backend);
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
		if (verdict == GO_ON_WITH_SOURCE)
			verdict = enter_with_source(packet, target);
	} else {
		verdict = balance_direct(packet, service, target);
	}
	step(packet, STAGE_BALANCE, packet->reason, packet->service_id, packet->backend_id);
	return verdict;
}
