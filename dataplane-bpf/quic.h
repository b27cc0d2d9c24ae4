/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The backend that a QUIC packet names in its connection id, in the plaintext form of draft-ietf-quic-load-balancers: a byte whose three
 * highest bits say how the rest is made, then the server id, then what only the server knows. Ours is 0 and 4 bytes.
 */
#pragma once

#include "balance.h"

/* Short headers only: before the handshake is over, ids are the client's choice, and it does not change its address. */
struct quic_short {
	__u8 flags;
	__u8 routing;
	__be32 server_id;
} __attribute__((packed));

enum {
	QUIC_LONG = 0x80,
	QUIC_FIXED = 0x40,
	QUIC_ROTATION = 0xe0,
	QUIC_SEARCH_STEPS = 16,
};

/* Id of the backend, or 0. */
__noinline __u32 named_backend(context *ctx, struct packet *packet)
{
	__u32 offset, first = 0, behind, wanted, step;
	const struct service *service;
	struct quic_short header;

	if (!packet)
		return 0;
	service = service_row(packet);
	if (!service)
		return 0;
	offset = packet->transport_offset + sizeof(struct udphdr);
	if (offset + sizeof(header) > packet->network_offset + packet->length || load_bytes(ctx, offset, &header, sizeof(header)))
		return 0;
	if ((header.flags & (QUIC_LONG | QUIC_FIXED)) != QUIC_FIXED || header.routing & QUIC_ROTATION)
		return 0;
	wanted = bpf_ntohl(header.server_id);
	behind = service->server_count;
	for (step = 0; step < QUIC_SEARCH_STEPS && first < behind; step++) {
		__u32 middle = first + (behind - first) / 2, row = packet->side * config.backend_ids + service->server_base + middle;
		const struct quic_server *server = bpf_map_lookup_elem(&quic_servers, &row);

		if (!server)
			return 0;
		if (server->server_id == wanted)
			return server->backend_id;
		if (server->server_id < wanted)
			first = middle + 1;
		else
			behind = middle;
	}
	return 0;
}
