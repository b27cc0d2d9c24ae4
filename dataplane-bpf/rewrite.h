/* SPDX-License-Identifier: GPL-2.0-only */
/* Checksum arithmetic and offsets that rewriting needs at either hook (RFC 1624: HC' = ~(~HC + ~m + m')). */
#pragma once

#include "balance.h"

enum {
	IPV4_CHECKSUM = 10,
	IPV4_TTL = 8,
	IPV4_ADDRESSES = 12,
	IPV6_HOP_LIMIT = 7,
	IPV6_ADDRESSES = 8,
	TCP_CHECKSUM = 16,
	UDP_CHECKSUM = 6,
};

/* Bytes from the start of the transport header to its checksum; 0: its checksum does not depend on what is rewritten (SCTP). */
static __always_inline __u32 checksum_offset(const struct packet *packet)
{
	__u8 protocol = packet->protocol;

	/* What a later fragment carries is summed in the first. */
	if (packet->fragment == FRAGMENT_LATER)
		return 0;
	return protocol == IPPROTO_TCP ? TCP_CHECKSUM : protocol == IPPROTO_UDP ? UDP_CHECKSUM : 0;
}

static __always_inline __u16 fold(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Where one end has been rewritten: the other one is next. */
static __always_inline void turn_to_other(const struct packet *packet, struct target *target)
{
	copy_address(target->address, target->other_address);
	target->port = target->other_port;
	target->field = !target->field;
	target->old_port = packet->port[target->field & 1];
}

#include "quote.h"
