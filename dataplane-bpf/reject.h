/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The answer to a packet that a rule rejects, as if from whom it was for: a reset for TCP (RFC 9293), else "administratively
 * prohibited", which quotes the packet (RFC 792, 1812, 4443); and to one that does not fit a tunnel, with the size that does (RFC 1191,
 * 8201). The hooks put it in the packet's place and send it back.
 */
#pragma once

#include "hash.h"
#include "packet.h"

enum {
	ANSWERS_PER_S = 1000, /* of one CPU, and its burst */
	ANSWER_HOPS = 64,
	QUOTED = 64, /* bytes at most; IPv4 asks for the header and 8 more */
	ICMP_UNREACHABLE = 3,
	ICMP_PROHIBITED = 13,
	ICMP_TOO_BIG = 4, /* code of "unreachable" */
	ICMPV6_UNREACHABLE = 1,
	ICMPV6_PROHIBITED = 1,
	ICMPV6_TOO_BIG = 2,
	ICMPV6_QUERIES = 128, /* types below are errors */
	ICMPV6_REDIRECT = 137,
};

struct answer {
	union {
		struct iphdr ipv4;
		struct ipv6hdr ipv6;
	};
	union {
		struct tcphdr tcp;
		struct {
			struct icmp_start icmp;
			__u8 quoted[QUOTED];
		};
	};
	__u32 body_length; /* behind the IP header */
};

_Static_assert(sizeof(struct answer) <= sizeof(struct answer_scratch), "it has its place there");

static __always_inline struct answer *new_answer(void)
{
	__u32 row = 0;

	return bpf_map_lookup_elem(&answer_scratches, &row);
}

/* What TCP and ICMPv6 sum besides themselves, in an order that does not matter to the sum. */
struct pseudo_header {
	__be32 address[FIELDS][4];
	__be32 length;
	__be32 protocol;
};

static __always_inline __u32 answer_header_length(const struct packet *packet)
{
	return packet->family == FAMILY_IPV4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
}

static __always_inline bool is_icmp_error(const struct packet *packet)
{
	if (packet->family == FAMILY_IPV6)
		return packet->protocol == IPPROTO_ICMPV6 && (packet->icmp_type < ICMPV6_QUERIES || packet->icmp_type == ICMPV6_REDIRECT);
	if (packet->protocol != IPPROTO_ICMP)
		return false;
	switch (packet->icmp_type) {
	case ICMP_UNREACHABLE:
	case 4:	 /* source quench */
	case 5:	 /* redirect */
	case 11: /* time exceeded */
	case 12: /* parameter problem */
		return true;
	default:
		return false;
	}
}

/* One sender and one receiver: 0.0.0.0/8 and :: are nobody, 224.0.0.0/3 and ff00::/8 are many. */
static __always_inline bool is_unicast(const struct packet *packet, enum field field)
{
	const __be32 *address = packet->address[field];
	__u8 first = bpf_ntohl(address[0]) >> 24;

	if (packet->family == FAMILY_IPV4)
		return first > 0 && first < 224;
	return first != 0xff && (address[0] | address[1] | address[2] | address[3]);
}

/* RFC 1122 (3.2.2) and RFC 4443 (2.4 e): what could be answered by many, or start a quarrel of answers, gets none. */
static __always_inline bool is_answerable(context *ctx, const struct packet *packet)
{
	__u8 group;

	if (packet->fragment != FRAGMENT_NONE || is_icmp_error(packet))
		return false;
	if (packet->protocol == IPPROTO_TCP && packet->tcp_flags & TCP_RST)
		return false;
	if (!is_unicast(packet, FIELD_SOURCE) || !is_unicast(packet, FIELD_DESTINATION))
		return false;
	/* The lowest bit of the first byte of a MAC address says "group". */
	return !packet->network_offset || (!load_bytes(ctx, 0, &group, sizeof(group)) && !(group & 1));
}

/* A flood that is rejected is not doubled: GCRA again, by each CPU for itself. */
static __always_inline bool is_within_answer_rate(void)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 row = 0;
	__u64 *tat = bpf_map_lookup_elem(&answer_tats, &row);

	if (!tat || *tat > now + NS_PER_S)
		return false;
	if (!config.trace)
		*tat = (*tat < now ? now : *tat) + NS_PER_S / ANSWERS_PER_S;
	return true;
}

static __always_inline __be16 checksum_of(__s64 sum)
{
	__u32 folded = sum;

	folded = (folded & 0xffff) + (folded >> 16);
	folded = (folded & 0xffff) + (folded >> 16);
	return ~folded;
}

static __always_inline void reset(const struct packet *packet, struct answer *answer, const struct tcphdr *tcp)
{
	__u32 headers = packet->transport_offset - packet->network_offset + tcp->doff * 4;
	__u32 length = packet->length - headers + !!(packet->tcp_flags & TCP_SYN) + !!(packet->tcp_flags & TCP_FIN);

	__builtin_memset(&answer->tcp, 0, sizeof(answer->tcp));
	answer->tcp.source = tcp->dest;
	answer->tcp.dest = tcp->source;
	answer->tcp.doff = sizeof(answer->tcp) / 4;
	answer->tcp.rst = 1;
	if (packet->tcp_flags & TCP_ACK) {
		answer->tcp.seq = tcp->ack_seq;
	} else {
		answer->tcp.ack = 1;
		answer->tcp.ack_seq = bpf_htonl(bpf_ntohl(tcp->seq) + length);
	}
	answer->body_length = sizeof(answer->tcp);
}

/* Sums the body, whose length is rounded up: zeros stand behind it. */
static __always_inline __s64 sum_of_body(const struct packet *packet, struct answer *answer, __u8 protocol)
{
	struct pseudo_header pseudo = { .length = bpf_htonl(answer->body_length), .protocol = bpf_htonl(protocol) };
	__s64 sum = 0;

	if (protocol != IPPROTO_ICMP) {
		__builtin_memcpy(pseudo.address, packet->address, sizeof(pseudo.address));
		sum = bpf_csum_diff(NULL, 0, (__be32 *)&pseudo, sizeof(pseudo), 0);
	}
	if (protocol == IPPROTO_TCP)
		return bpf_csum_diff(NULL, 0, (__be32 *)&answer->tcp, sizeof(answer->tcp), sum);
	return bpf_csum_diff(NULL, 0, (__be32 *)&answer->icmp, sizeof(answer->icmp) + QUOTED, sum);
}

static __always_inline bool refuse(context *ctx, const struct packet *packet, struct answer *answer)
{
	__u64 quoted = packet->length < QUOTED ? packet->length : QUOTED;

	__builtin_memset(&answer->icmp, 0, sizeof(answer->icmp) + QUOTED);
	if (packet->reason == REASON_TOO_BIG) {
		answer->icmp.type = packet->family == FAMILY_IPV4 ? ICMP_UNREACHABLE : ICMPV6_TOO_BIG;
		answer->icmp.code = packet->family == FAMILY_IPV4 ? ICMP_TOO_BIG : 0;
		answer->icmp.rest = bpf_htonl(packet->fitting_mtu);
	} else {
		answer->icmp.type = packet->family == FAMILY_IPV4 ? ICMP_UNREACHABLE : ICMPV6_UNREACHABLE;
		answer->icmp.code = packet->family == FAMILY_IPV4 ? ICMP_PROHIBITED : ICMPV6_PROHIBITED;
	}
	/* The compiler knows these bounds, the verifier does not. */
	asm volatile("if %0 >= 20 goto +1; %0 = 20; if %0 <= %1 goto +1; %0 = %1" : "+r"(quoted) : "i"(QUOTED));
	answer->body_length = sizeof(answer->icmp) + quoted;
	return !load_bytes(ctx, packet->network_offset, answer->quoted, quoted);
}

static __always_inline void address_answer(const struct packet *packet, struct answer *answer, __u8 protocol)
{
	if (packet->family == FAMILY_IPV4) {
		__builtin_memset(&answer->ipv4, 0, sizeof(answer->ipv4));
		answer->ipv4.version = 4;
		answer->ipv4.ihl = sizeof(answer->ipv4) / 4;
		answer->ipv4.tot_len = bpf_htons(sizeof(answer->ipv4) + answer->body_length);
		answer->ipv4.ttl = ANSWER_HOPS;
		answer->ipv4.protocol = protocol;
		answer->ipv4.saddr = packet->address[FIELD_DESTINATION][0];
		answer->ipv4.daddr = packet->address[FIELD_SOURCE][0];
		answer->ipv4.check = checksum_of(bpf_csum_diff(NULL, 0, (__be32 *)&answer->ipv4, sizeof(answer->ipv4), 0));
	} else {
		__builtin_memset(&answer->ipv6, 0, sizeof(answer->ipv6));
		answer->ipv6.version = 6;
		answer->ipv6.payload_len = bpf_htons(answer->body_length);
		answer->ipv6.nexthdr = protocol;
		answer->ipv6.hop_limit = ANSWER_HOPS;
		__builtin_memcpy(&answer->ipv6.saddr, packet->address[FIELD_DESTINATION], sizeof(answer->ipv6.saddr));
		__builtin_memcpy(&answer->ipv6.daddr, packet->address[FIELD_SOURCE], sizeof(answer->ipv6.daddr));
	}
}

/* 1, or 0 where the packet's bytes are not there. Changes nothing. */
static __always_inline int compose_answer(context *ctx, const struct packet *packet, struct answer *answer)
{
	__u8 protocol = packet->family == FAMILY_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;

	if (packet->protocol == IPPROTO_TCP && packet->reason != REASON_TOO_BIG)
		protocol = IPPROTO_TCP;
	if (protocol == IPPROTO_TCP) {
		struct tcphdr tcp;

		if (load_bytes(ctx, packet->transport_offset, &tcp, sizeof(tcp)))
			return 0;
		reset(packet, answer, &tcp);
		answer->tcp.check = checksum_of(sum_of_body(packet, answer, protocol));
	} else {
		if (!refuse(ctx, packet, answer))
			return 0;
		answer->icmp.checksum = checksum_of(sum_of_body(packet, answer, protocol));
	}
	address_answer(packet, answer, protocol);
	return 1;
}

struct mac_addresses {
	__u8 destination[ETH_ALEN];
	__u8 source[ETH_ALEN];
};

static __always_inline void swap_macs(struct mac_addresses *macs)
{
	struct mac_addresses was = *macs;

	__builtin_memcpy(macs->destination, was.source, ETH_ALEN);
	__builtin_memcpy(macs->source, was.destination, ETH_ALEN);
}

/*
 * The source of answers to this host itself, which nobody else can know and which leaves no device: XDP in generic mode meets them
 * and sees no mark.
 */
static __always_inline __u64 own_answer_mac(void)
{
	enum { LOCAL = 0x02, GROUP = 0x01 };
	const struct secret *secret = secret_words();
	struct sip sip;

	if (!secret)
		return 0;
	sip_begin(&sip, secret);
	sip_take(&sip, 0); /* nothing else is hashed that is one word long */
	return ((sip_end(&sip) & 0xffffffffffff) | LOCAL) & ~(__u64)GROUP;
}
