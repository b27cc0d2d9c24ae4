/* SPDX-License-Identifier: GPL-2.0-only */
/* Ping of a service address that no interface has: the packet becomes its own answer. */
#pragma once

#include "rewrite.h"
#include "reject.h"
#include "track.h"

enum {
	ICMP_ECHO_REPLY = 0,
	ICMPV6_ECHO_REQUEST = 128,
	ICMPV6_ECHO_REPLY = 129,
};

static __always_inline bool is_echo_request(const struct packet *packet)
{
	if (packet->fragment == FRAGMENT_LATER)
		return false;
	if (packet->family == FAMILY_IPV4)
		return packet->protocol == IPPROTO_ICMP && packet->icmp_type == ICMP_ECHO_REQUEST;
	return packet->protocol == IPPROTO_ICMPV6 && packet->icmp_type == ICMPV6_ECHO_REQUEST;
}

/* Ends that change places do not change a sum. 1: written. */
__noinline int turn_echo(context *ctx, struct packet *packet)
{
	struct mac_addresses macs;
	__be16 type;

	if (!packet)
		return 0;
	if (packet->network_offset) {
		if (load_bytes(ctx, 0, &macs, sizeof(macs)))
			return 0;
		swap_macs(&macs);
		store_bytes(ctx, 0, &macs, sizeof(macs));
	}
	if (packet->family == FAMILY_IPV4) {
		__be16 hops = bpf_htons(ANSWER_HOPS << 8 | packet->protocol);

		put_address(ctx, FAMILY_IPV4, packet->network_offset + IPV4_ADDRESSES, packet->address[FIELD_DESTINATION]);
		put_address(ctx, FAMILY_IPV4, packet->network_offset + IPV4_ADDRESSES + 4, packet->address[FIELD_SOURCE]);
		mend(ctx, packet->network_offset + IPV4_CHECKSUM, put_word(ctx, packet->network_offset + IPV4_TTL, hops), false);
		type = bpf_htons(ICMP_ECHO_REPLY << 8 | packet->icmp_code);
	} else {
		__u8 hops = ANSWER_HOPS;

		put_address(ctx, FAMILY_IPV6, packet->network_offset + IPV6_ADDRESSES, packet->address[FIELD_DESTINATION]);
		put_address(ctx, FAMILY_IPV6, packet->network_offset + IPV6_ADDRESSES + 16, packet->address[FIELD_SOURCE]);
		store_bytes(ctx, packet->network_offset + IPV6_HOP_LIMIT, &hops, sizeof(hops));
		type = bpf_htons(ICMPV6_ECHO_REPLY << 8 | packet->icmp_code);
	}
	mend(ctx, packet->transport_offset + offsetof(struct icmp_start, checksum), put_word(ctx, packet->transport_offset, type), false);
	return 1;
}
