/* SPDX-License-Identifier: GPL-2.0-only */
/* A packet is read once, here; every later stage asks `struct packet` and not the bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include "maps.h"

/* IPv4 addresses stand in the first word. Addresses in network order, ports in host order. */
struct packet {
	__u64 revision;
	__be32 address[FIELDS][4];
	__u16 port[FIELDS]; /* where has_ports says so; of an ICMP query, the first is its identifier */
	__u32 length;	    /* bytes from the IP header on */
	__u32 interface;    /* ifindex */
	__u32 rule_id;
	__u32 service_id;
	__u32 backend_id;
	__u32 network_offset; /* bytes from the start of the frame */
	__u32 transport_offset;
	__u32 identification;	/* of a fragment, as it stands in the header */
	__u32 tracked;		/* enum tracked_bit: its connection's place and what is to be done there */
	__u16 vlans[VLAN_TAGS]; /* tag control information, host order, outermost first */
	__u8 vlan_count;
	__u8 hook; /* enum hook */
	__u8 side;
	__u8 family;
	__u8 protocol;
	__u8 fragment;
	__u8 has_ports;
	__u8 tcp_flags;
	__u8 icmp_type;
	__u8 icmp_code;
	__u8 hop_limit;
	__u8 reason;
	__u8 trace_steps;
	__u8 dscp;
	__u8 ecn;
	__u8 state;	   /* enum state */
	__u8 holders;	   /* limits that would count the connection that this packet opens: so many of its row in `opening` */
	__u8 judged;	   /* 0, or 1 + enum outcome or verdict that rules gave before the packet was handed over */
	__u8 again;	   /* XDP has come as far with this packet: what counts packets has counted it */
	__u16 fitting_mtu; /* of what is too big: what the sender is told */
};
_Static_assert(sizeof(struct packet) <= 128, "a packet's description fits two cache lines");

/* What tells fragments apart beside ends and identification. IPv6: nothing, since later ones may name another header (RFC 8200, 4.5). */
static __always_inline __u8 fragment_protocol(const struct packet *packet)
{
	return packet->family == FAMILY_IPV4 ? packet->protocol : 0;
}

/* What a stage says of a packet: go on, or the verdict it met. */
enum outcome {
	GO_ON = -1,
};

static __always_inline int settle(struct packet *packet, enum reason reason, enum verdict verdict)
{
	packet->reason = reason;
	return verdict;
}

static __always_inline int pass(struct packet *packet, enum reason reason)
{
	return settle(packet, reason, VERDICT_PASS);
}

static __always_inline int drop(struct packet *packet, enum reason reason)
{
	return settle(packet, reason, VERDICT_DROP);
}

#include "trace.h"

/* The bytes of a frame that the program may read. */
struct frame {
	void *start;
	void *end;
};

/* `type` at `offset`, or NULL where the frame ends before it does. */
#define at(frame, offset, type) ((type *)bytes_at(frame, offset, sizeof(type)))

static __always_inline void *bytes_at(const struct frame *frame, __u64 offset, __u32 size)
{
	void *bytes = frame->start + offset;

	return bytes + size > frame->end ? NULL : bytes;
}

/*
 * An offset that comes back from `struct packet`: the verifier has forgotten its bounds by then, and the compiler must not move or
 * drop the mask that gives it new ones. parse_extensions refuses what is larger.
 */
static __always_inline __u64 bounded(__u32 offset)
{
	__u64 bounded = offset;

	asm volatile("%0 &= 4095" : "+r"(bounded));
	return bounded;
}

static __always_inline void *saved_bytes_at(const struct frame *frame, __u32 offset, __u32 size)
{
	return bytes_at(frame, bounded(offset), size);
}

enum {
	NS_PER_S = 1000000000,
	MAX_OFFSET = 4095,
	IPV6_FRAGMENT_OFFSET = 0xfff8,
	IPV6_MORE_FRAGMENTS = 0x0001,
	IPV4_FRAGMENT_OFFSET = 0x1fff,
	IPV4_MORE_FRAGMENTS = 0x2000,
	TCP_HEADER_WORDS = 5,
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
};

struct vlan_tag {
	__be16 control;
	__be16 protocol;
};

struct extension_header {
	__u8 next;
	__u8 length;
	__be16 fragment; /* of a fragment header: offset and flags */
	__be32 identification;
};

struct icmp_start {
	__u8 type;
	__u8 code;
	__be16 checksum;
	__be32 rest;
};

struct port_pair {
	__be16 source;
	__be16 destination;
};

static __always_inline bool is_vlan(__be16 protocol)
{
	return protocol == bpf_htons(ETH_P_8021Q) || protocol == bpf_htons(ETH_P_8021AD);
}

/* Ethernet and its tags. Answers the protocol inside; a third tag is left standing, for parse_packet to refuse. */
static __always_inline __be16 parse_link(const struct frame *frame, struct packet *packet, __u32 *offset)
{
	struct ethhdr *eth = at(frame, 0, struct ethhdr);
	__be16 protocol;
	int tag;

	if (!eth)
		return 0;
	protocol = eth->h_proto;
	*offset = sizeof(*eth);
#pragma unroll
	for (tag = 0; tag < VLAN_TAGS; tag++) {
		struct vlan_tag *vlan;

		if (!is_vlan(protocol) || packet->vlan_count >= VLAN_TAGS)
			break;
		vlan = at(frame, *offset, struct vlan_tag);
		if (!vlan)
			return 0;
		packet->vlans[packet->vlan_count++ & (VLAN_TAGS - 1)] = bpf_ntohs(vlan->control);
		protocol = vlan->protocol;
		*offset += sizeof(*vlan);
	}
	return protocol;
}

/*
 * Takes the IP header's word for the packet's length; false where the frame does not hold that much. Most frames lie in one piece,
 * and only one that seems too short is asked for its other pieces.
 */
static __always_inline bool has_length(context *ctx, const struct frame *frame, struct packet *packet, __u32 offset, __u32 length)
{
	__u32 there = frame->end - frame->start;

	packet->length = length;
	return offset + length <= there || offset + length <= whole_length(ctx);
}

static __always_inline int parse_ipv4(context *ctx, const struct frame *frame, struct packet *packet, __u32 *offset)
{
	struct iphdr *ip = at(frame, *offset, struct iphdr);
	__u32 header_length, length;
	__u16 fragment;

	if (!ip || ip->version != 4 || ip->ihl < 5)
		return drop(packet, REASON_MALFORMED);
	header_length = ip->ihl * 4;
	length = bpf_ntohs(ip->tot_len);
	/* Segments merged past 64 KiB carry no length of their own. */
	if (length == 0 && whole_length(ctx) > 0xffff)
		length = whole_length(ctx) - *offset;
	if (length < header_length || !has_length(ctx, frame, packet, *offset, length))
		return drop(packet, REASON_MALFORMED);
	packet->family = FAMILY_IPV4;
	packet->protocol = ip->protocol;
	packet->hop_limit = ip->ttl;
	packet->dscp = ip->tos >> 2;
	packet->ecn = ip->tos & 3;
	packet->identification = ip->id;
	packet->address[FIELD_SOURCE][0] = ip->saddr;
	packet->address[FIELD_DESTINATION][0] = ip->daddr;
	fragment = bpf_ntohs(ip->frag_off);
	if (fragment & IPV4_FRAGMENT_OFFSET) {
		/* An offset of 8 bytes could write over the flags of a TCP header that was let through (RFC 1858). */
		if ((fragment & IPV4_FRAGMENT_OFFSET) == 1 && ip->protocol == IPPROTO_TCP)
			return drop(packet, REASON_TINY_FRAGMENT);
		packet->fragment = FRAGMENT_LATER;
	} else if (fragment & IPV4_MORE_FRAGMENTS) {
		packet->fragment = FRAGMENT_FIRST;
	}
	*offset += header_length;
	return GO_ON;
}

static __always_inline bool is_extension(__u8 protocol)
{
	return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING || protocol == IPPROTO_DSTOPTS || protocol == IPPROTO_FRAGMENT ||
	       protocol == IPPROTO_AH;
}

/* Rare and long, so the verifier takes it by itself. From the first extension header on; GO_ON or DROP. */
__noinline int parse_extensions(context *ctx, struct packet *packet)
{
	struct extension_header extension;
	int i;

	if (!packet)
		return VERDICT_DROP;
	for (i = 0; i < EXTENSION_HEADERS; i++) {
		__u8 kind = packet->protocol;

		if (!is_extension(kind))
			break;
		if (load_bytes(ctx, packet->transport_offset, &extension, sizeof(extension)))
			return drop(packet, REASON_MALFORMED);
		packet->protocol = extension.next;
		/* AH counts in words of 4 bytes, less 2 (RFC 4302); the others in words of 8, less 1 (RFC 8200). */
		if (kind == IPPROTO_AH) {
			packet->transport_offset += (extension.length + 2) * 4;
		} else if (kind != IPPROTO_FRAGMENT) {
			packet->transport_offset += (extension.length + 1) * 8;
		} else {
			__u16 fragment = bpf_ntohs(extension.fragment);

			packet->identification = extension.identification;
			packet->transport_offset += sizeof(extension);
			/* Offset 0 and nothing to follow is a whole packet (RFC 6946). */
			if (fragment & IPV6_MORE_FRAGMENTS)
				packet->fragment = FRAGMENT_FIRST;
			if (fragment & IPV6_FRAGMENT_OFFSET) {
				packet->fragment = FRAGMENT_LATER;
				if ((fragment & IPV6_FRAGMENT_OFFSET) == 8 && extension.next == IPPROTO_TCP)
					return drop(packet, REASON_TINY_FRAGMENT);
				return GO_ON;
			}
		}
	}
	if (is_extension(packet->protocol) || packet->transport_offset > MAX_OFFSET)
		return drop(packet, REASON_TOO_MANY_HEADERS);
	return GO_ON;
}

static __always_inline int parse_ipv6(context *ctx, const struct frame *frame, struct packet *packet, __u32 *offset)
{
	struct ipv6hdr *ip = at(frame, *offset, struct ipv6hdr);
	__u32 length;
	int verdict = GO_ON;
	__u8 next;

	if (!ip || ip->version != 6)
		return drop(packet, REASON_MALFORMED);
	length = bpf_ntohs(ip->payload_len) + sizeof(*ip);
	/* A jumbogram says its length in an option; segments merged past 64 KiB are sent as one. */
	if (ip->payload_len == 0 && whole_length(ctx) > 0xffff)
		length = whole_length(ctx) - *offset;
	if (!has_length(ctx, frame, packet, *offset, length))
		return drop(packet, REASON_MALFORMED);
	packet->family = FAMILY_IPV6;
	packet->hop_limit = ip->hop_limit;
	packet->dscp = (ip->priority << 4 | ip->flow_lbl[0] >> 4) >> 2;
	packet->ecn = ip->flow_lbl[0] >> 4 & 3;
	__builtin_memcpy(packet->address[FIELD_SOURCE], &ip->saddr, sizeof(ip->saddr));
	__builtin_memcpy(packet->address[FIELD_DESTINATION], &ip->daddr, sizeof(ip->daddr));
	next = ip->nexthdr;
	*offset += sizeof(*ip);
	packet->protocol = next;
	packet->transport_offset = *offset;
	if (is_extension(next)) {
		verdict = parse_extensions(ctx, packet);
		*offset = bounded(packet->transport_offset);
	}
	return verdict;
}

/* Ports, flags and ICMP type. A header cut short is refused: what the host would read from it is not what rules have seen. */
static __always_inline int parse_transport(const struct frame *frame, struct packet *packet, __u32 offset)
{
	enum reason cut_short = packet->fragment == FRAGMENT_FIRST ? REASON_TINY_FRAGMENT : REASON_MALFORMED;
	__u32 header_end = offset - packet->network_offset;

	switch (packet->protocol) {
	case IPPROTO_TCP: {
		struct tcphdr *tcp = at(frame, offset, struct tcphdr);

		if (!tcp || header_end + sizeof(*tcp) > packet->length)
			return drop(packet, cut_short);
		if (tcp->doff < TCP_HEADER_WORDS)
			return drop(packet, REASON_MALFORMED);
		packet->port[FIELD_SOURCE] = bpf_ntohs(tcp->source);
		packet->port[FIELD_DESTINATION] = bpf_ntohs(tcp->dest);
		packet->tcp_flags = ((__u8 *)tcp)[13];
		packet->has_ports = 1;
		break;
	}
	case IPPROTO_UDP: {
		struct udphdr *udp = at(frame, offset, struct udphdr);

		if (!udp || header_end + sizeof(*udp) > packet->length)
			return drop(packet, cut_short);
		packet->port[FIELD_SOURCE] = bpf_ntohs(udp->source);
		packet->port[FIELD_DESTINATION] = bpf_ntohs(udp->dest);
		packet->has_ports = 1;
		break;
	}
	case IPPROTO_SCTP: {
		/* The common header is 12 bytes (RFC 9260): ports, verification tag, checksum. */
		struct port_pair *ports = bytes_at(frame, offset, 12);

		if (!ports || header_end + 12 > packet->length)
			return drop(packet, cut_short);
		packet->port[FIELD_SOURCE] = bpf_ntohs(ports->source);
		packet->port[FIELD_DESTINATION] = bpf_ntohs(ports->destination);
		packet->has_ports = 1;
		break;
	}
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6: {
		struct icmp_start *icmp = at(frame, offset, struct icmp_start);

		if (!icmp || header_end + sizeof(*icmp) > packet->length)
			return drop(packet, cut_short);
		packet->icmp_type = icmp->type;
		packet->icmp_code = icmp->code;
		packet->port[FIELD_SOURCE] = bpf_ntohl(icmp->rest) >> 16;
		break;
	}
	}
	return GO_ON;
}

/*
 * Fills `packet` from the frame. GO_ON, or PASS for what is not IP, or DROP with the reason. `ethernet`: whether frames begin
 * with an Ethernet header; else `protocol` says what they carry.
 */
static __always_inline int parse_packet(context *ctx, const struct frame *frame, struct packet *packet, bool ethernet, __be16 protocol)
{
	__u32 offset = 0;
	int verdict;

	if (ethernet) {
		protocol = parse_link(frame, packet, &offset);
		if (is_vlan(protocol))
			return drop(packet, REASON_TOO_MANY_HEADERS);
	}
	packet->network_offset = offset;
	if (protocol == bpf_htons(ETH_P_IP))
		verdict = parse_ipv4(ctx, frame, packet, &offset);
	else if (protocol == bpf_htons(ETH_P_IPV6))
		verdict = parse_ipv6(ctx, frame, packet, &offset);
	else
		return pass(packet, REASON_NOT_IP);
	packet->transport_offset = offset;
	if (verdict == GO_ON && packet->fragment != FRAGMENT_LATER)
		verdict = parse_transport(frame, packet, offset);
	step(packet, STAGE_PARSE, packet->reason, packet->protocol, packet->fragment);
	return verdict;
}
