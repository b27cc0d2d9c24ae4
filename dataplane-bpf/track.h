/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connection tracking: where a packet stands in its connection, for rules that ask. A table of our own: a page is a set of 15 entries,
 * found by a keyed hash of both ends in order, so that either direction finds an entry in two cache lines. Entries expire by the clock
 * of whoever looks.
 */
#pragma once

#include "pages.h"
#include "prefix.h"
#include "count.h"
#include "holding.h"

/* packet->tracked: what find_connection has found, for keep_state. Below these bits, the place: page << 4 | way. */
enum tracked_bit {
	TRACKED_UPPER = 1 << 27,  /* sent by the upper end */
	TRACKED_KNOWN = 1 << 28,  /* there is an entry */
	TRACKED_KEEP = 1 << 29,	  /* there is something to enter or to write */
	TRACKED_LOOKED = 1 << 30, /* the table has been asked */
};

/* What a packet may be to a connection. */
enum nature {
	NATURE_NONE,	/* by its nature in no connection */
	NATURE_FLOW,	/* between two ends */
	NATURE_REQUEST, /* of ICMP */
	NATURE_ANSWER,	/* to such */
	NATURE_ERROR,	/* of ICMP, about a packet that it quotes */
	NATURE_SENSELESS,
};

enum {
	TCP_LASTING = TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK | TCP_URG, /* PSH, ECE and CWR say nothing of the connection */
	ICMP_ECHO_REQUEST = 8,
	MOVE_TRIES = 4,
};

static __always_inline enum nature nature_of_icmp(__u8 family, __u8 type)
{
	if (family == FAMILY_IPV4) {
		/* Echo, timestamp, information and address mask; unreachable, quench, redirect, exceeded, parameter problem. */
		enum { REQUESTS = 1 << 8 | 1 << 13 | 1 << 15 | 1 << 17, ANSWERS = 1 << 0 | 1 << 14 | 1 << 16 | 1 << 18 };
		enum { ERRORS = 1 << 3 | 1 << 4 | 1 << 5 | 1 << 11 | 1 << 12, ROUTERS = 1 << 9 | 1 << 10 };

		if (type > 18)
			return NATURE_SENSELESS;
		if (REQUESTS >> type & 1)
			return NATURE_REQUEST;
		if (ANSWERS >> type & 1)
			return NATURE_ANSWER;
		if (ERRORS >> type & 1)
			return NATURE_ERROR;
		return ROUTERS >> type & 1 ? NATURE_NONE : NATURE_SENSELESS;
	}
	/* Unreachable, too big, exceeded, parameter problem; echo and node information. */
	if (type >= 1 && type <= 4)
		return NATURE_ERROR;
	if (type == 128 || type == 139)
		return NATURE_REQUEST;
	if (type == 129 || type == 140)
		return NATURE_ANSWER;
	/* Listeners, neighbours and routers; their inverse, secured and multicast kinds. */
	if ((type >= 130 && type <= 137) || (type >= 141 && type <= 143) || type == 148 || type == 149 || (type >= 151 && type <= 153))
		return NATURE_NONE;
	return NATURE_SENSELESS;
}

/* The combinations of flags that a TCP may send. */
static __always_inline bool makes_sense(__u8 flags)
{
	const __u64 sensible = 1ULL << TCP_SYN | 1ULL << (TCP_SYN | TCP_URG) | 1ULL << (TCP_SYN | TCP_ACK) | 1ULL << TCP_RST |
			       1ULL << (TCP_RST | TCP_ACK) | 1ULL << TCP_ACK | 1ULL << (TCP_ACK | TCP_URG) | 1ULL << (TCP_FIN | TCP_ACK) |
			       1ULL << (TCP_FIN | TCP_ACK | TCP_URG);

	return sensible >> (flags & TCP_LASTING) & 1;
}

static __always_inline enum nature nature_of(const struct packet *packet)
{
	__u32 destination = bpf_ntohl(packet->address[FIELD_DESTINATION][0]);
	bool is_group = packet->family == FAMILY_IPV4 ? destination >> 28 == 14 || destination == ~0U : destination >> 24 == 0xff;

	if (is_group)
		return NATURE_NONE;
	if (packet->fragment == FRAGMENT_LATER)
		return NATURE_SENSELESS;
	if (packet->protocol == IPPROTO_TCP)
		return makes_sense(packet->tcp_flags) ? NATURE_FLOW : NATURE_SENSELESS;
	if (packet->protocol == (packet->family == FAMILY_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
		return nature_of_icmp(packet->family, packet->icmp_type);
	return NATURE_FLOW;
}

static __always_inline bool opens(__u8 flags)
{
	return (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

/* Both ends of a packet in order, as words of a key; answers whether the source is the upper one. Addresses are of 16 aligned bytes. */
static __always_inline bool set_ends(struct tracked_key *key, __u8 family, const __be32 *source, const __be32 *destination,
				     __u16 source_port, __u16 destination_port)
{
	__u64 *words = (__u64 *)key;
	bool upper;

	if (family == FAMILY_IPV4) {
		__u64 a = source[0], b = destination[0];

		upper = a > b || (a == b && source_port > destination_port);
		words[0] = upper ? b : a;
		words[1] = 0;
		words[2] = upper ? a : b;
		words[3] = 0;
	} else {
		const __u64 *a = (const __u64 *)source, *b = (const __u64 *)destination;

		upper = a[0] > b[0] || (a[0] == b[0] && (a[1] > b[1] || (a[1] == b[1] && source_port > destination_port)));
		words[0] = upper ? b[0] : a[0];
		words[1] = upper ? b[1] : a[1];
		words[2] = upper ? a[0] : b[0];
		words[3] = upper ? a[1] : b[1];
	}
	return upper;
}

static __always_inline void set_ports(struct tracked_key *key, __u8 family, __u8 protocol, __u16 lower, __u16 upper)
{
	((__u64 *)key)[4] = lower | (__u32)upper << 16 | (__u64)protocol << KEY_PROTOCOL_SHIFT | (__u64)family << KEY_FAMILY_SHIFT;
}

/* ICMP has no ports: who asks belongs to the key, so that a request never counts as the answer to another. */
static __always_inline void set_query(struct tracked_key *key, __u8 family, __u8 protocol, __u8 type, __u16 identifier, bool request,
				      bool upper)
{
	__u8 asked = request ? type : type == 0 ? ICMP_ECHO_REQUEST : type - 1;

	set_ports(key, family, protocol, identifier, asked << 8 | (request ? upper : !upper));
}

/* Answers whether the source is the upper end. */
static __always_inline bool set_key(struct tracked_key *key, const struct packet *packet, enum nature nature)
{
	__u16 source = packet->port[FIELD_SOURCE], destination = packet->port[FIELD_DESTINATION];
	const __be32 *from = packet->address[FIELD_SOURCE], *to = packet->address[FIELD_DESTINATION];
	__u8 family = packet->family, protocol = packet->protocol;
	bool upper;

	if (nature == NATURE_FLOW) {
		upper = set_ends(key, family, from, to, source, destination);
		set_ports(key, family, protocol, upper ? destination : source, upper ? source : destination);
	} else {
		upper = set_ends(key, family, from, to, 0, 0);
		set_query(key, family, protocol, packet->icmp_type, source, nature == NATURE_REQUEST, upper);
	}
	return upper;
}

/* The place of a live entry, or -1. While the table changes its size, entries may still stand where they stood before. */
static __always_inline int find_place(const struct tracking *placing, const struct side *side, const struct tracked_key *key, __u32 now_s,
				      __u64 *standing)
{
	__u32 before, try;
	__u64 hash;

	hash = hash_of(placing, key);
	before = placing->segments;
	/* One that was moved behind our back is found in the third place, which is the first. */
	for (try = 0; try < 3; try++) {
		__u32 index = page_of(hash, try == 1 ? before : side->tracked_segments);
		struct tracked_page *page = (struct tracked_page *)page_at(&tracked_pages, index);
		__u32 way;

		if (!page)
			return -1;
		way = way_of(page, tag_of(hash), key, standing);
		if (way != NO_WAY)
			return is_over(*standing, side, now_s) ? -1 : (int)(index << 4 | way);
		if (!before || before == side->tracked_segments)
			return -1;
	}
	return -1;
}

/* How a connection begins. */
static __always_inline __u64 beginning(const struct packet *packet, bool upper, __u32 now_s)
{
	__u64 bits = upper ? STANDING_OPENER : 0;

	switch (packet->protocol) {
	case IPPROTO_TCP:
		if (!opens(packet->tcp_flags))
			bits |= TIMEOUT_TCP_ESTABLISHED | STANDING_PICKED_UP;
		else
			bits |= TIMEOUT_TCP_OPENING;
		break;
	case IPPROTO_SCTP:
		bits |= TIMEOUT_TCP_OPENING;
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		bits |= TIMEOUT_ICMP;
		break;
	default:
		bits |= TIMEOUT_UDP;
	}
	if (packet->protocol == IPPROTO_TCP && packet->tcp_flags & TCP_FIN)
		bits |= upper ? STANDING_FIN_UPPER : STANDING_FIN_LOWER;
	return bits << STANDING_SHIFT | now_s;
}

static __always_inline __u64 in_phase(__u64 bits, enum timeout phase)
{
	return (bits & ~(__u64)STANDING_TIMEOUT) | phase;
}

/*
 * What a TCP packet makes of its connection. The opener's third packet establishes it: a flood of SYNs that the host answers holds
 * no place. Towards a service it is the second, since answers of `dsr-l2` backends do not come by here.
 */
static __always_inline __u64 advance_tcp(__u8 flags, __u64 bits, bool upper, bool to_service)
{
	bool opener = upper == !!(bits & STANDING_OPENER);

	if (!opener)
		bits |= STANDING_ANSWERED;
	else if (to_service && !(flags & TCP_SYN))
		bits |= STANDING_ANSWERED;
	if (bits & STANDING_ANSWERED) {
		if (bits & STANDING_PICKED_UP)
			bits |= STANDING_HELD;
		if (opener && (bits & STANDING_TIMEOUT) == TIMEOUT_TCP_OPENING && !(flags & (TCP_SYN | TCP_RST)))
			bits = in_phase(bits, TIMEOUT_TCP_ESTABLISHED) | STANDING_HELD;
	}
	if (flags & TCP_FIN)
		bits |= upper ? STANDING_FIN_UPPER : STANDING_FIN_LOWER;
	if (flags & TCP_RST || (bits & STANDING_FIN_LOWER && bits & STANDING_FIN_UPPER))
		bits = in_phase(bits, TIMEOUT_TCP_CLOSING);
	return bits;
}

/* What a packet makes of its connection. */
static __always_inline __u64 advance(const struct packet *packet, __u64 standing, bool upper, bool to_service, __u32 now_s)
{
	__u64 bits = standing >> STANDING_SHIFT;

	if (packet->protocol == IPPROTO_TCP) {
		if (opens(packet->tcp_flags) && (bits & STANDING_TIMEOUT) == TIMEOUT_TCP_CLOSING)
			return generation_of(standing) | beginning(packet, upper, now_s);
		bits = advance_tcp(packet->tcp_flags, bits, upper, to_service);
	} else if (upper != !!(bits & STANDING_OPENER)) {
		bits |= STANDING_ANSWERED | STANDING_HELD;
		if (packet->protocol == IPPROTO_SCTP)
			bits = in_phase(bits, TIMEOUT_TCP_ESTABLISHED);
	}
	return bits << STANDING_SHIFT | now_s;
}

static __always_inline bool picks_up(const struct side *side, __u8 flags)
{
	if (flags & (TCP_SYN | TCP_RST))
		return false;
	return side->pick_up_until_s == ~0ULL || side->pick_up_until_s > bpf_ktime_get_boot_ns() / NS_PER_S;
}

/* Of a packet that no entry knows. */
static __always_inline enum state state_of_unknown(const struct packet *packet, const struct side *side, enum nature nature)
{
	if (nature == NATURE_ANSWER)
		return STATE_INVALID;
	if (packet->protocol != IPPROTO_TCP || opens(packet->tcp_flags))
		return STATE_NEW;
	return picks_up(side, packet->tcp_flags) ? STATE_ESTABLISHED : STATE_INVALID;
}

/* Fills packet->state and packet->tracked, and answers the packet's nature. An error's state is left to find_quoted. */
__noinline int find_connection(struct packet *packet, const struct side *side, int to_service)
{
	struct tracked_key key __attribute__((aligned(8)));
	struct tracking *placing = tracking_row();
	__u64 standing = 0, next;
	enum nature nature;
	__u32 now_s;
	bool upper;
	int place;

	if (!packet || !side || !placing)
		return NATURE_NONE;
	nature = nature_of(packet);
	packet->tracked = TRACKED_LOOKED;
	if (nature == NATURE_NONE || nature == NATURE_ERROR)
		return nature;
	if (nature == NATURE_SENSELESS) {
		packet->state = STATE_INVALID;
		return nature;
	}
	upper = set_key(&key, packet, nature);
	now_s = seconds_now(placing);
	place = find_place(placing, side, &key, now_s, &standing);
	if (place < 0) {
		packet->state = state_of_unknown(packet, side, nature);
		if (packet->state != STATE_INVALID)
			packet->tracked |= TRACKED_KEEP;
		return nature;
	}
	next = advance(packet, standing, upper, to_service, now_s);
	packet->state = next >> STANDING_SHIFT & (STANDING_ANSWERED | STANDING_PICKED_UP) ? STATE_ESTABLISHED : STATE_NEW;
	packet->tracked |= place | TRACKED_KNOWN | (upper ? TRACKED_UPPER : 0) | (next != standing ? TRACKED_KEEP : 0);
	return nature;
}

/* The head of a packet that an ICMP error quotes. */
struct quoted {
	__be32 address[FIELDS][4];
	__u32 transport_offset;
	__u8 protocol;
	__u8 pad[3];
};

static __always_inline bool read_quoted_ipv4(context *ctx, __u32 offset, struct quoted *quoted)
{
	struct iphdr ip;

	if (load_bytes(ctx, offset, &ip, sizeof(ip)) || ip.version != 4 || ip.ihl < 5 || ip.frag_off & bpf_htons(IPV4_FRAGMENT_OFFSET))
		return false;
	quoted->address[FIELD_SOURCE][0] = ip.saddr;
	quoted->address[FIELD_DESTINATION][0] = ip.daddr;
	quoted->protocol = ip.protocol;
	quoted->transport_offset = offset + ip.ihl * 4;
	return true;
}

static __always_inline bool read_quoted_ipv6(context *ctx, __u32 offset, struct quoted *quoted)
{
	struct extension_header extension;
	struct ipv6hdr ip;
	int i;

	if (load_bytes(ctx, offset, &ip, sizeof(ip)) || ip.version != 6)
		return false;
	__builtin_memcpy(quoted->address[FIELD_SOURCE], &ip.saddr, sizeof(ip.saddr));
	__builtin_memcpy(quoted->address[FIELD_DESTINATION], &ip.daddr, sizeof(ip.daddr));
	quoted->protocol = ip.nexthdr;
	quoted->transport_offset = offset + sizeof(ip);
	for (i = 0; i < EXTENSION_HEADERS && is_extension(quoted->protocol); i++) {
		__u8 kind = quoted->protocol;

		if (load_bytes(ctx, quoted->transport_offset, &extension, sizeof(extension)))
			return false;
		quoted->protocol = extension.next;
		if (kind == IPPROTO_FRAGMENT) {
			if (extension.fragment & bpf_htons(IPV6_FRAGMENT_OFFSET))
				return false;
			quoted->transport_offset += sizeof(extension);
		} else {
			quoted->transport_offset += kind == IPPROTO_AH ? (extension.length + 2) * 4 : (extension.length + 1) * 8;
		}
	}
	return !is_extension(quoted->protocol);
}

/* The key of the connection that the quoted packet belongs to. */
static __always_inline bool set_quoted_key(context *ctx, const struct quoted *quoted, __u8 family, struct tracked_key *key)
{
	const __be32 *from = quoted->address[FIELD_SOURCE], *to = quoted->address[FIELD_DESTINATION];
	__u8 protocol = quoted->protocol;
	struct port_pair ports = {};
	struct icmp_start start;
	enum nature nature;
	__u16 source, destination;
	bool upper;

	if (protocol == (family == FAMILY_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6)) {
		if (load_bytes(ctx, quoted->transport_offset, &start, sizeof(start)))
			return false;
		nature = nature_of_icmp(family, start.type);
		if (nature != NATURE_REQUEST && nature != NATURE_ANSWER)
			return false;
		upper = set_ends(key, family, from, to, 0, 0);
		set_query(key, family, protocol, start.type, bpf_ntohl(start.rest) >> 16, nature == NATURE_REQUEST, upper);
		return true;
	}
	if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP) {
		if (load_bytes(ctx, quoted->transport_offset, &ports, sizeof(ports)))
			return false;
	}
	source = bpf_ntohs(ports.source);
	destination = bpf_ntohs(ports.destination);
	upper = set_ends(key, family, from, to, source, destination);
	set_ports(key, family, protocol, upper ? destination : source, upper ? source : destination);
	return true;
}

/* An ICMP error is related to the connection of the packet that it quotes, which its addressee must have sent. */
__noinline int find_quoted(context *ctx, struct packet *packet, const struct side *side)
{
	struct tracked_key key __attribute__((aligned(8)));
	struct quoted quoted __attribute__((aligned(8))) = {};
	struct tracking *placing = tracking_row();
	__u64 standing;
	__u32 offset;
	bool read;

	if (!ctx || !packet || !side || !placing)
		return 0;
	packet->state = STATE_INVALID;
	offset = bounded(packet->transport_offset) + sizeof(struct icmp_start);
	read = packet->family == FAMILY_IPV4 ? read_quoted_ipv4(ctx, offset, &quoted) : read_quoted_ipv6(ctx, offset, &quoted);
	if (!read || !is_same_address(quoted.address[FIELD_SOURCE], packet->address[FIELD_DESTINATION]))
		return 0;
	if (set_quoted_key(ctx, &quoted, packet->family, &key) && find_place(placing, side, &key, seconds_now(placing), &standing) >= 0)
		packet->state = STATE_RELATED;
	return 0;
}

/* Fills packet->state; changes nothing. `direction`: ingress or egress. */
static __always_inline void find_state(context *ctx, struct packet *packet, const struct view *view, enum direction direction)
{
	const struct question *asked = question();

	if (asked && asked->flags & QUESTION_STATE)
		packet->state = asked->state;
	else if (find_connection(packet, view->side, view->ends[FIELD_DESTINATION]->service_row != 0) == NATURE_ERROR)
		find_quoted(ctx, packet, view->side);
	step(packet, STAGE_TRACK, REASON_NONE, packet->state, packet->tracked & TRACKED_KNOWN ? 1 : 0);
}

static __always_inline void count_tracking(enum tracking_event event, const struct packet *packet)
{
	count(&tracking_counts, bpf_get_smp_processor_id() * TRACKING_EVENTS + event, packet->length);
}

/* Writes down what a packet makes of the entry that find_connection has found. */
static __noinline void move_on(const struct packet *packet, const struct tracked_key *key, bool upper, bool to_service, __u32 now_s)
{
	__u32 place = packet->tracked & (TRACKED_UPPER - 1);
	__u64 way = place & 15;
	struct tracked_page *page = (struct tracked_page *)page_at(&tracked_pages, place >> 4);
	struct tracked *entry;
	int i;

	if (!page || way >= TRACKED_WAYS)
		return;
	entry = &page->entries[bounded_way(way)];
	/* Where another CPU was quicker, its word is what this packet moves on from. */
	for (i = 0; i < MOVE_TRIES; i++) {
		__u64 standing = *(volatile __u64 *)&entry->standing, next;

		if (!is_same_key(&entry->key, key))
			return;
		next = advance(packet, standing, upper, to_service, now_s);
		if (next == standing || __sync_val_compare_and_swap(&entry->standing, standing, next) == standing)
			return;
	}
}

/* The key of a packet's connection: its hash, and whether the packet's source is the upper end. For the sake of the stack. */
static __noinline __u64 hashed_key(const struct packet *packet, const struct tracking *placing, struct tracked_key *key, bool *upper)
{
	*upper = set_key(key, packet, nature_of(packet));
	return hash_of(placing, key);
}

/* Enters a connection, or keeps its entry up to date. */
__noinline int keep_connection(struct packet *packet, const struct side *side, int to_service)
{
	struct tracked_key key __attribute__((aligned(8)));
	struct tracking *placing = tracking_row();
	struct tracked_page *page;
	__u32 now_s, index;
	__u64 hash;
	bool upper;
	int outcome;

	if (!packet || !side || !placing)
		return 0;
	now_s = seconds_now(placing);
	hash = hashed_key(packet, placing, &key, &upper);
	if (packet->tracked & TRACKED_KNOWN) {
		move_on(packet, &key, upper, to_service, now_s);
		return 0;
	}
	index = page_of(hash, side->tracked_segments);
	page = (struct tracked_page *)page_at(&tracked_pages, index);
	if (!page)
		return 0;
	outcome = enter(page, side, &key, tag_of(hash), beginning(packet, upper, now_s));
	if (packet->holders && outcome <= ENTER_EVICTED)
		hold(packet, page, &key, tag_of(hash), index);
	if (outcome == ENTER_SHED)
		count_tracking(TRACKING_SHED, packet);
	else if (outcome != ENTER_KNOWN)
		count_tracking(TRACKING_OPENED, packet);
	if (outcome == ENTER_EVICTED)
		count_tracking(TRACKING_EVICTED, packet);
	return 0;
}

/* The packet goes through: its connection is opened or kept alive. A `nat` backend's reply has its entry in `connections`. */
static __always_inline void keep_state(struct packet *packet, const struct view *view, enum direction direction)
{
	bool to_service = view->ends[FIELD_DESTINATION]->service_row != 0;

	if (config.trace)
		return;
	if (!(packet->tracked & TRACKED_LOOKED) && packet->state == STATE_UNTRACKED)
		find_connection(packet, view->side, to_service);
	if (packet->tracked & TRACKED_KEEP)
		keep_connection(packet, view->side, to_service);
}
