/* SPDX-License-Identifier: GPL-2.0-only */
/* To whom an ICMP error goes that quotes a balanced connection: what it quotes went the other way, so its ends are swapped. */
#pragma once

#include "balance.h"
#include "reject.h"
#include "track.h"

/* From the quote's IP header on: false where it is cut short, or a later fragment. Ports as those of who asked. */
static __always_inline bool read_quote(context *ctx, const struct packet *packet, struct quoted *quoted, struct port_pair *ports)
{
	__u32 offset = packet->transport_offset + sizeof(struct icmp_start), end = packet->network_offset + packet->length;

	if (!(packet->family == FAMILY_IPV4 ? read_quoted_ipv4(ctx, offset, quoted) : read_quoted_ipv6(ctx, offset, quoted)))
		return false;
	return service_protocol(quoted->protocol) >= 0 && quoted->transport_offset + sizeof(*ports) <= end &&
	       !load_bytes(ctx, quoted->transport_offset, ports, sizeof(*ports));
}

/* What an error quotes, and what of it is set aside while it is taken for what it quotes. */
struct quotation {
	struct quoted quoted;
	__be32 source[4];
	struct port_pair ports;
	__u16 port;
	__u8 protocol;
	__u8 pad;
};
_Static_assert(sizeof(struct quotation) <= sizeof(((struct nat_scratch *)0)->quotation), "it has its place there");

/* False where nothing can be read, or it was not sent by who is told: who forges a quote cannot choose the receiver. */
static __always_inline bool read_quotation(context *ctx, const struct packet *packet, struct quotation *quotation)
{
	__builtin_memset(quotation, 0, sizeof(*quotation));
	return read_quote(ctx, packet, &quotation->quoted, &quotation->ports) &&
	       same_address(quotation->quoted.address[FIELD_SOURCE], packet->address[FIELD_DESTINATION]);
}

static __always_inline void aim_quote(const struct packet *packet, struct target *target, const struct quoted *quoted, enum field field)
{
	target->field = field;
	target->forwarding = FORWARDING_NAT;
	target->family = packet->family;
	target->quoted_transport = quoted->transport_offset;
	target->quoted_protocol = quoted->protocol;
}

/*
 * An error about what we have sent to a `nat` backend goes to the client, as if from the service: nobody else's address there is
 * one that the client can reach. 1: it is one; `target` may be NULL.
 */
__noinline int find_quoted_reply(context *ctx, struct packet *packet, struct target *target)
{
	const struct connection *connection;
	struct nat_scratch *nat = nat_scratch();
	struct quotation *quotation;
	struct connection_key *key;

	if (!packet || !nat)
		return 0;
	key = &nat->key;
	quotation = (struct quotation *)nat->quotation;
	if (!read_quotation(ctx, packet, quotation))
		return 0;
	copy_address(key->source, quotation->quoted.address[FIELD_DESTINATION]);
	copy_address(key->destination, quotation->quoted.address[FIELD_SOURCE]);
	key->source_port = quotation->ports.destination;
	key->destination_port = quotation->ports.source;
	key->protocol = quotation->quoted.protocol;
	key->family = packet->family;
	key->zone = 0;
	connection = find_way_back(packet, key);
	if (!connection || !target)
		return !!connection;
	aim_quote(packet, target, &quotation->quoted, FIELD_SOURCE);
	packet->service_id = connection->service_id;
	packet->backend_id = connection->backend_id;
	packet->reason = REASON_REPLY;
	copy_address(target->address, connection->address);
	target->port = bpf_ntohs(connection->port);
	copy_address(target->next_hop, packet->address[FIELD_DESTINATION]);
	aim_other(target, connection);
	if (target->both)
		copy_address(target->next_hop, target->other_address);
	return 1;
}

/* The connection of the way forth, as `packet` now names it. */
static __always_inline int aim_at_known(struct packet *packet, const struct service *service, struct target *target)
{
	struct nat_scratch *nat = nat_scratch();
	const struct connection *known;

	if (!nat)
		return drop(packet, REASON_UNKNOWN_QUOTE);
	connection_key_of(packet, &nat->key);
	known = bpf_map_lookup_elem(&connections, &nat->key);
	if (!known || known->flags & CONNECTION_REPLY || known->service_id != packet->service_id || !is_fresh(known, service))
		return drop(packet, REASON_UNKNOWN_QUOTE);
	packet->backend_id = known->backend_id;
	packet->reason = REASON_SERVICE;
	copy_address(target->address, known->address);
	copy_address(target->next_hop, known->address);
	target->port = known->port ? bpf_ntohs(known->port) : packet->port[FIELD_DESTINATION];
	aim_other(target, known);
	return GO_ON;
}

/* From now on the packet is one of the connection that it quotes, from the client to the service. */
__noinline int take_for_quoted(context *ctx, struct packet *packet)
{
	struct nat_scratch *nat = nat_scratch();
	struct quotation *quotation;

	if (!packet || !nat)
		return 0;
	quotation = (struct quotation *)nat->quotation;
	if (!read_quotation(ctx, packet, quotation))
		return 0;
	copy_address(quotation->source, packet->address[FIELD_SOURCE]);
	quotation->port = packet->port[FIELD_SOURCE];
	quotation->protocol = packet->protocol;
	copy_address(packet->address[FIELD_SOURCE], quotation->quoted.address[FIELD_DESTINATION]);
	packet->port[FIELD_SOURCE] = bpf_ntohs(quotation->ports.destination);
	packet->port[FIELD_DESTINATION] = bpf_ntohs(quotation->ports.source);
	packet->protocol = quotation->quoted.protocol;
	packet->has_ports = 1;
	return 1;
}

/* It is itself again. */
static __always_inline void take_for_itself(struct packet *packet, const struct quotation *quotation)
{
	copy_address(packet->address[FIELD_SOURCE], quotation->source);
	packet->port[FIELD_SOURCE] = quotation->port;
	packet->port[FIELD_DESTINATION] = 0;
	packet->protocol = quotation->protocol;
	packet->has_ports = 0;
}

static __always_inline int aim_at_quoted(context *ctx, struct packet *packet, __u32 base, struct target *target)
{
	struct nat_scratch *nat = nat_scratch();
	const struct quotation *quotation;
	const struct service *service;
	int verdict;

	if (!nat || !take_for_quoted(ctx, packet))
		return drop(packet, REASON_UNKNOWN_QUOTE);
	quotation = (const struct quotation *)nat->quotation;
	service = find_service(packet, base);
	if (!service)
		verdict = drop(packet, REASON_UNKNOWN_QUOTE);
	else if (service->forwarding == FORWARDING_NAT)
		verdict = aim_at_known(packet, service, target);
	else
		verdict = balance_direct(packet, service, target);
	take_for_itself(packet, quotation);
	if (verdict == GO_ON && service && service->forwarding == FORWARDING_NAT)
		aim_quote(packet, target, &quotation->quoted, FIELD_DESTINATION);
	return verdict;
}
