/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An ICMP error is rewritten together with what it quotes: the quote is a packet of the other direction, so its ends are swapped. Part
 * of rewrite.h.
 */
#pragma once

/* What has changed in sums that cover what was written. */
struct sums {
	__u64 ip; /* the outer IPv4 header */
	__u64 icmp;
	__u64 quoted_ip;
	__u64 quoted_transport;
};

/* Writes two bytes and answers what that adds to a checksum; the bytes are there. */
static __always_inline __u64 put_word(context *ctx, __u32 offset, __be16 to)
{
	__be16 from = 0;

	load_bytes(ctx, offset, &from, sizeof(from));
	store_bytes(ctx, offset, &to, sizeof(to));
	return (__u64)(__u16)~from + to;
}

static __always_inline __u64 put_address(context *ctx, __u8 family, __u32 offset, const __be32 *to)
{
	__be32 from[4] = {};
	__u64 difference;

	if (family == FAMILY_IPV4) {
		load_bytes(ctx, offset, from, 4);
		store_bytes(ctx, offset, to, 4);
		return (__u64)(__u32)~from[0] + to[0];
	}
	load_bytes(ctx, offset, from, 16);
	store_bytes(ctx, offset, to, 16);
	difference = (__u64)(__u32)~from[0] + to[0];
	difference += (__u64)(__u32)~from[1] + to[1];
	difference += (__u64)(__u32)~from[2] + to[2];
	return difference + (__u32)~from[3] + to[3];
}

/* Mends a checksum and answers what that adds to the one around it. */
static __always_inline __u64 mend(context *ctx, __u32 offset, __u64 difference, bool udp)
{
	__be16 checksum = 0, mended;

	load_bytes(ctx, offset, &checksum, sizeof(checksum));
	if (udp && !checksum)
		return 0;
	mended = ~fold((__u16)~checksum + (__u64)fold(difference));
	if (udp && !mended)
		mended = 0xffff;
	return put_word(ctx, offset, mended);
}

static __always_inline void put_end(context *ctx, const struct packet *packet, const struct target *target, enum field field, __u16 port,
				    const __be32 *address, struct sums *sums)
{
	__u32 quote = packet->transport_offset + sizeof(struct icmp_start), at = quote + IPV4_ADDRESSES + field * 4;
	__u64 difference;

	if (packet->family == FAMILY_IPV6)
		at = quote + IPV6_ADDRESSES + field * 16;
	difference = put_address(ctx, packet->family, at, address);
	sums->quoted_ip += difference;
	sums->quoted_transport += difference;
	sums->icmp += difference;
	if (!port)
		return;
	difference = put_word(ctx, target->quoted_transport + field * sizeof(__be16), bpf_htons(port));
	sums->quoted_transport += difference;
	sums->icmp += difference;
}

static __always_inline void put_outer_end(context *ctx, const struct packet *packet, enum field field, const __be32 *address,
					  struct sums *sums)
{
	__u32 at = packet->network_offset + IPV4_ADDRESSES + field * 4;
	__u64 difference;

	if (packet->family == FAMILY_IPV6)
		at = packet->network_offset + IPV6_ADDRESSES + field * 16;
	difference = put_address(ctx, packet->family, at, address);
	sums->ip += difference;
	if (packet->family == FAMILY_IPV6)
		sums->icmp += difference;
}

/* 1: rewritten, with all checksums that there are; quotes may end before that of TCP. */
__noinline int translate_error(context *ctx, struct packet *packet, struct target *target)
{
	__u32 transport, checksum;
	struct sums sums = {};

	if (!packet || !target)
		return 0;
	put_end(ctx, packet, target, !target->field, target->port, target->address, &sums);
	if (target->both)
		put_end(ctx, packet, target, target->field & 1, target->other_port, target->other_address, &sums);
	put_outer_end(ctx, packet, target->field & 1, target->address, &sums);
	if (target->both && target->field == FIELD_SOURCE)
		put_outer_end(ctx, packet, FIELD_DESTINATION, target->other_address, &sums);

	transport = target->quoted_transport;
	checksum = transport + (target->quoted_protocol == IPPROTO_UDP ? UDP_CHECKSUM : TCP_CHECKSUM);
	if ((target->quoted_protocol == IPPROTO_UDP || target->quoted_protocol == IPPROTO_TCP) &&
	    checksum + sizeof(__be16) <= packet->network_offset + packet->length)
		sums.icmp += mend(ctx, checksum, sums.quoted_transport, target->quoted_protocol == IPPROTO_UDP);
	if (packet->family == FAMILY_IPV4) {
		sums.icmp += mend(ctx, packet->transport_offset + sizeof(struct icmp_start) + IPV4_CHECKSUM, sums.quoted_ip, false);
		mend(ctx, packet->network_offset + IPV4_CHECKSUM, sums.ip, false);
	}
	mend(ctx, packet->transport_offset + offsetof(struct icmp_start, checksum), sums.icmp, false);
	return 1;
}
