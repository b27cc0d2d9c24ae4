/* SPDX-License-Identifier: GPL-2.0-only */
/* The headers that a tunnel puts in front of a packet, and what fits behind them. The hooks make the room: hook_xdp.h, hook_tc.h. */
#pragma once

#include "rewrite.h"

enum {
	TUNNEL_HOPS = 64,
	GUE_PORT = 6080, /* draft-ietf-intarea-gue. Its variant 1 has no header of its own: the packet stands behind UDP */
	GUE_SOURCE_PORTS = 0xc000,
	GUE_SOURCE_MASK = 0x3fff,
	IPV4_DONT_FRAGMENT = 0x4000,
	FLOW_LABEL_MASK = 0xfffff,
};

static __always_inline struct tunnel *tunnel_row(void)
{
	__u32 row = 0;

	return bpf_map_lookup_elem(&tunnels, &row);
}

static __always_inline __u32 tunnel_header_length(const struct target *target)
{
	return (target->family == FAMILY_IPV4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr)) +
	       (target->forwarding == FORWARDING_DSR_GUE ? sizeof(struct udphdr) : 0);
}

static __always_inline __u8 tunnel_protocol(const struct packet *packet, const struct target *target)
{
	if (target->forwarding == FORWARDING_DSR_GUE)
		return IPPROTO_UDP;
	return packet->family == FAMILY_IPV4 ? IPPROTO_IPIP : IPPROTO_IPV6;
}

/* GO_ON, or a drop that the sender is told the reason of: with or without "don't fragment", nothing is cut into pieces here. */
static __always_inline int fit(struct packet *packet, const struct target *target, __u32 length, __u32 mtu)
{
	if (!mtu || length <= mtu)
		return GO_ON;
	packet->fitting_mtu = mtu - tunnel_header_length(target);
	return drop(packet, REASON_TOO_BIG);
}

/* `length`: of all that stands behind Ethernet. Words are written whole, as they lie in one line. */
static __always_inline void write_outer_ipv4(struct iphdr *ip, const struct packet *packet, const struct target *target,
					     const __be32 *source, __u32 length)
{
	__be32 *words = (__be32 *)ip;
	__u64 sum;

	words[0] = bpf_htonl(0x45000000 | (packet->dscp << 2 | packet->ecn) << 16 | (__u16)length);
	words[1] = bpf_htonl(IPV4_DONT_FRAGMENT);
	words[2] = bpf_htonl(TUNNEL_HOPS << 24 | tunnel_protocol(packet, target) << 16);
	words[3] = source[0];
	words[4] = target->address[0];
	sum = (__u64)words[0] + words[1] + words[2] + words[3] + words[4];
	ip->check = ~fold(sum);
}

static __always_inline void write_outer_ipv6(struct ipv6hdr *ip, const struct packet *packet, const struct target *target,
					     const __be32 *source, __u32 length)
{
	__be32 *words = (__be32 *)ip;

	words[0] = bpf_htonl(0x60000000 | (packet->dscp << 2 | packet->ecn) << 20 | (target->hash & FLOW_LABEL_MASK));
	words[1] = bpf_htonl((length - (__u32)sizeof(*ip)) << 16 | tunnel_protocol(packet, target) << 8 | TUNNEL_HOPS);
	copy_address(words + 2, source);
	copy_address(words + 6, target->address);
}

/* The checksum says "none": IPv4 allows it, and so does IPv6 to tunnels (RFC 6935). */
static __always_inline void write_outer_udp(struct udphdr *udp, const struct target *target, __u32 length)
{
	udp->source = bpf_htons(GUE_SOURCE_PORTS | (target->hash & GUE_SOURCE_MASK));
	udp->dest = bpf_htons(GUE_PORT);
	udp->len = bpf_htons(length);
	udp->check = 0;
}

static __always_inline __u64 sum_of_address(const __be32 *address)
{
	return (__u64)address[0] + address[1] + address[2] + address[3];
}

/*
 * The checksum over IPv6, for receivers that ask for one, without looking at the data: an inner TCP or UDP checksum that is right makes up
 * for what it covers, and leaves the complement of its pseudo header; so does that of an IPv4 header, and leaves nothing. 0 where no inner
 * checksum covers all of the data. `start`: of the inner IPv6 header, its first two words.
 */
static __always_inline __be16 outer_udp_checksum(const struct packet *packet, const struct target *target, const __be32 *source,
						 __u32 length, const __be32 *start)
{
	__u32 header = packet->transport_offset - packet->network_offset;
	__u64 inner, outer;
	__u16 checksum;

	inner = sum_of_address(packet->address[FIELD_SOURCE]) + sum_of_address(packet->address[FIELD_DESTINATION]);
	outer = sum_of_address(source) + sum_of_address(target->address);
	if (packet->family == FAMILY_IPV6)
		outer += inner + start[0] + start[1];
	inner += (__u64)bpf_htonl(packet->length - header) + bpf_htonl(packet->protocol);
	outer += (__u16)~fold(inner);
	outer += (__u64)bpf_htonl(length) + bpf_htonl(IPPROTO_UDP);
	outer += bpf_htonl((GUE_SOURCE_PORTS | (target->hash & GUE_SOURCE_MASK)) << 16 | GUE_PORT);
	outer += bpf_htonl(length << 16);
	checksum = ~fold(outer);
	return checksum ? checksum : 0xffff;
}

/* Whether one inner checksum covers all data. `udp_checksum`: that of an inner UDP header. */
static __always_inline bool is_covered(const struct packet *packet, __be16 udp_checksum)
{
	if (packet->fragment != FRAGMENT_NONE)
		return false;
	if (packet->family == FAMILY_IPV6 && packet->transport_offset - packet->network_offset != sizeof(struct ipv6hdr))
		return false;
	return packet->protocol == IPPROTO_TCP || (packet->protocol == IPPROTO_UDP && udp_checksum);
}
