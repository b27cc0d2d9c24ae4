/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For backends of `dsr-ipip` and `dsr-gue`: takes the outer headers off what comes in by a tunnel, before the kernel looks at it. In TC,
 * where merged packets and half-done checksums stay what they are, on any device.
 */
#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

enum {
	IP_AT = ETH_HLEN,
	GUE_PORT = 6080,
	IPV4_FRAGMENT = 0x3fff, /* more to come, or an offset */
	FOR_THIS_HOST = 0,	/* pkt_type */
	TCP_SYN = 0x02,
	TCP_ACK = 0x10,
	OPTIONS = 40, /* bytes of TCP options at most */
	OPTION_END = 0,
	OPTION_NOTHING = 1,
	OPTION_MSS = 2,
	CONGESTION = 3, /* both bits of ECN: congestion was experienced */
};

/* What clients are told to send at most in one segment, so that it fits a tunnel. Set at load. */
const volatile __u32 mss = 0;

/* IPv4 addresses stand in the first word. */
struct service_address {
	__be32 words[4];
};

/* Addresses that connections came to by a tunnel: whose answers carry `mss`. Written on ingress, read on egress; a miss leaves an answer as
 * it is. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct service_address);
	__type(value, __u32);
} tunnel_services SEC(".maps");

/* What a tunnel's packet is made of, in bytes and IP versions. */
struct layers {
	__u32 outer_version;
	__u32 inner_version;
	__u32 headers; /* in front of the inner packet */
	__u32 ecn;     /* of the outer header */
};

static __always_inline long load(struct __sk_buff *ctx, __u32 at, void *to, __u32 length)
{
	return bpf_skb_load_bytes(ctx, at, to, length);
}

/* What stands behind the outer IP header: the version of the packet in it, 0 where it is no tunnel's. */
static __always_inline __u32 version_inside(struct __sk_buff *ctx, struct layers *layers, __u8 protocol)
{
	struct udphdr udp;
	__u8 first;

	if (protocol == IPPROTO_IPIP)
		return 4;
	if (protocol == IPPROTO_IPV6)
		return 6;
	if (protocol != IPPROTO_UDP || load(ctx, IP_AT + layers->headers, &udp, sizeof(udp)) || udp.dest != bpf_htons(GUE_PORT))
		return 0;
	layers->headers += sizeof(udp);
	/* Version 1 of GUE is the upper bits of an IP version; 0 has a header of its own, which we do not send. */
	if (load(ctx, IP_AT + layers->headers, &first, sizeof(first)))
		return 0;
	return first >> 4;
}

static __always_inline bool read_layers(struct __sk_buff *ctx, struct layers *layers)
{
	__u8 first;

	if (ctx->pkt_type != FOR_THIS_HOST)
		return false;
	if (ctx->protocol == bpf_htons(ETH_P_IP)) {
		struct iphdr ip;

		if (load(ctx, IP_AT, &ip, sizeof(ip)) || ip.ihl != 5 || ip.frag_off & bpf_htons(IPV4_FRAGMENT))
			return false;
		layers->outer_version = 4;
		layers->headers = sizeof(ip);
		layers->ecn = ip.tos & CONGESTION;
		layers->inner_version = version_inside(ctx, layers, ip.protocol);
	} else if (ctx->protocol == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr ip;

		if (load(ctx, IP_AT, &ip, sizeof(ip)))
			return false;
		layers->outer_version = 6;
		layers->headers = sizeof(ip);
		layers->ecn = ip.flow_lbl[0] >> 4 & CONGESTION;
		layers->inner_version = version_inside(ctx, layers, ip.nexthdr);
	} else {
		return false;
	}
	return (layers->inner_version == 4 || layers->inner_version == 6) && !load(ctx, IP_AT + layers->headers, &first, sizeof(first)) &&
	       first >> 4 == layers->inner_version;
}

/* Where a whole TCP packet stands, whose addresses begin at `ip_at`: its destination or, on the way out, its source. 0: another packet. */
static __always_inline __u32 tcp_behind(struct __sk_buff *ctx, __u32 ip_at, __u32 version, bool source, struct service_address *address)
{
	if (version == 4) {
		struct iphdr ip;

		if (load(ctx, ip_at, &ip, sizeof(ip)) || ip.protocol != IPPROTO_TCP || ip.frag_off & bpf_htons(IPV4_FRAGMENT))
			return 0;
		address->words[0] = source ? ip.saddr : ip.daddr;
		return ip_at + ip.ihl * 4;
	} else {
		struct ipv6hdr ip;

		if (load(ctx, ip_at, &ip, sizeof(ip)) || ip.nexthdr != IPPROTO_TCP)
			return 0;
		__builtin_memcpy(address, source ? &ip.saddr : &ip.daddr, sizeof(*address));
		return ip_at + sizeof(ip);
	}
}

static __always_inline __u8 flags_at(struct __sk_buff *ctx, __u32 tcp_at)
{
	__u8 flags = 0;

	load(ctx, tcp_at + 13, &flags, sizeof(flags));
	return flags & (TCP_SYN | TCP_ACK);
}

static __always_inline void note_service(struct __sk_buff *ctx, const struct layers *layers)
{
	struct service_address address = {};
	__u32 tcp_at = tcp_behind(ctx, IP_AT + layers->headers, layers->inner_version, false, &address), yes = 1;

	if (tcp_at && flags_at(ctx, tcp_at) == TCP_SYN && !bpf_map_lookup_elem(&tunnel_services, &address))
		bpf_map_update_elem(&tunnel_services, &address, &yes, BPF_ANY);
}

/* Congestion on the way through the tunnel is told to the receiver, if the sender has said that it listens (RFC 6040). */
static __always_inline void tell_congestion(struct __sk_buff *ctx, const struct layers *layers)
{
	__u8 head[2], marked;

	if (layers->ecn != CONGESTION || load(ctx, IP_AT, head, sizeof(head)))
		return;
	if (layers->inner_version == 4) {
		marked = head[1] | CONGESTION;
		if (!(head[1] & CONGESTION) || marked == head[1])
			return;
		bpf_l3_csum_replace(ctx, IP_AT + offsetof(struct iphdr, check), bpf_htons(head[0] << 8 | head[1]),
				    bpf_htons(head[0] << 8 | marked), 2);
	} else {
		marked = head[1] | CONGESTION << 4;
		if (!(head[1] >> 4 & CONGESTION) || marked == head[1])
			return;
	}
	bpf_skb_store_bytes(ctx, IP_AT + 1, &marked, sizeof(marked), BPF_F_RECOMPUTE_CSUM);
}

/*
 * The kernel cuts headers off, but takes the packet for one of the same family: 6.1 has no flags to say otherwise. So the outer header is
 * first exchanged for one of the inner family, which is 20 bytes shorter or longer.
 */
static __always_inline bool unpack(struct __sk_buff *ctx, const struct layers *layers)
{
	int headers = layers->headers;

	if (layers->outer_version != layers->inner_version) {
		if (bpf_skb_change_proto(ctx, bpf_htons(layers->inner_version == 4 ? ETH_P_IP : ETH_P_IPV6), 0))
			return false;
		headers += layers->inner_version == 4 ? -20 : 20;
	}
	return !bpf_skb_adjust_room(ctx, -headers, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_FIXED_GSO);
}

SEC("tc")
int backend_ingress(struct __sk_buff *ctx)
{
	struct layers layers = {};

	if (!read_layers(ctx, &layers))
		return TC_ACT_UNSPEC;
	note_service(ctx, &layers);
	if (!unpack(ctx, &layers))
		return TC_ACT_SHOT;
	tell_congestion(ctx, &layers);
	return TC_ACT_UNSPEC;
}

/* Where the MSS stands among the options, from the start of the TCP header; 0: it does not. */
static __always_inline __u32 find_mss(struct __sk_buff *ctx, __u32 tcp_at, __u32 header)
{
	__u32 at = sizeof(struct tcphdr), i;
	__u8 option[2];

	for (i = 0; i < OPTIONS && at + 4 <= header; i++) {
		if (load(ctx, tcp_at + at, option, sizeof(option)) || option[0] == OPTION_END)
			return 0;
		if (option[0] == OPTION_MSS)
			return option[1] == 4 ? at + 2 : 0;
		if (option[0] == OPTION_NOTHING)
			at++;
		else if (option[1] < 2)
			return 0;
		else
			at += option[1];
	}
	return 0;
}

/* A checksum sums words: a value that begins in the middle of one counts the other way round. */
static __always_inline __u16 in_sum(__be16 value, __u32 at)
{
	return at & 1 ? __builtin_bswap16(value) : value;
}

/* Answers go past the gate and need no room. What the client sends comes by the tunnel, and our SYN-ACK tells it how long that may be. */
SEC("tc")
int backend_egress(struct __sk_buff *ctx)
{
	struct service_address address = {};
	__u32 version = ctx->protocol == bpf_htons(ETH_P_IP) ? 4 : 6, tcp_at, at;
	__be16 told, right = bpf_htons(mss);
	__u8 words;

	if (ctx->protocol != bpf_htons(ETH_P_IP) && ctx->protocol != bpf_htons(ETH_P_IPV6))
		return TC_ACT_UNSPEC;
	tcp_at = tcp_behind(ctx, IP_AT, version, true, &address);
	if (!tcp_at || flags_at(ctx, tcp_at) != (TCP_SYN | TCP_ACK) || !bpf_map_lookup_elem(&tunnel_services, &address))
		return TC_ACT_UNSPEC;
	if (load(ctx, tcp_at + 12, &words, sizeof(words)))
		return TC_ACT_UNSPEC;
	at = find_mss(ctx, tcp_at, (words >> 4) * 4);
	if (!at || load(ctx, tcp_at + at, &told, sizeof(told)) || bpf_ntohs(told) <= mss)
		return TC_ACT_UNSPEC;
	if (bpf_l4_csum_replace(ctx, tcp_at + offsetof(struct tcphdr, check), in_sum(told, at), in_sum(right, at), sizeof(right)) ||
	    bpf_skb_store_bytes(ctx, tcp_at + at, &right, sizeof(right), 0))
		return TC_ACT_SHOT;
	return TC_ACT_UNSPEC;
}

char LICENSE[] SEC("license") = "GPL";
