/* SPDX-License-Identifier: GPL-2.0-only */
/* The layout that the dataplane and the control plane agree on: every enum and struct that a map holds, and nothing else. */
#pragma once

/*
 * Raised when a change here makes pinned maps of an older version unreadable; part of the pin path, so that old and new never mix.
 */
enum layout {
	LAYOUT_VERSION = 1,
};

/* Shapes that the compiler has to know. What may grow (rules, classes, services, counters) is `struct config`. */
enum limit {
	SIDES = 2,
	RULE_BITS = 16384, /* rules of one direction */
	RULE_WORDS = RULE_BITS / 64,
	SUMMARY_WORDS = RULE_WORDS / 64,
	PORTS = 65536,
	PROTOCOLS = 256,
	MANAGEMENT_ENTRIES = 8,
	RING_LINE_SLOTS = 32,	/* one cache line of ring slots */
	VERDICT_LINES = 16384,	/* verdict cache lines of one CPU */
	NEXT_HOP_LINES = 1024,	/* next hop cache lines of one CPU */
	NEXT_HOP_NS = 10000000, /* how long a route and its neighbour are believed */
	VLAN_TAGS = 2,
	TRACE_STEPS = 16,
	EXTENSION_HEADERS = 8, /* of IPv6, one behind the other */
	RING_PROBES = 8,       /* slots tried for a `nat` connection whose way back is taken */
};

enum direction {
	DIRECTION_INGRESS,
	DIRECTION_EGRESS,
	DIRECTIONS,
};

enum family {
	FAMILY_IPV4,
	FAMILY_IPV6,
	FAMILIES,
};

/* The end of a packet or of a rule that a table speaks of. */
enum field {
	FIELD_SOURCE,
	FIELD_DESTINATION,
	FIELDS,
};

enum hook {
	HOOK_XDP_INGRESS,
	HOOK_TC_INGRESS,
	HOOK_TC_EGRESS,
	HOOKS,
};

enum verdict {
	VERDICT_PASS,
	VERDICT_DROP,
	VERDICT_TRANSMIT, /* out of the device it came in by */
	VERDICT_REDIRECT, /* out of another device */
	VERDICT_HANDOVER, /* XDP leaves the packet, uncounted, to tc_ingress */
	VERDICTS,
};

/* Why a packet met its verdict. Rows of docs/packet.md, values of `reason` in metrics and traces. */
enum reason {
	REASON_NONE,
	REASON_NOT_IP,
	REASON_MANAGEMENT,
	REASON_ESSENTIAL,
	REASON_RULE,
	REASON_DEFAULT,
	REASON_REPLY,
	REASON_SERVICE,
	REASON_MALFORMED,
	REASON_TINY_FRAGMENT,
	REASON_TOO_MANY_HEADERS,
	REASON_NO_BACKEND,
	REASON_NO_ROUTE,
	REASON_TTL_EXCEEDED,
	REASON_TABLE_FULL,
	REASON_HANDOVER_FAILED,
	REASONS,
};

enum fragment {
	FRAGMENT_NONE,
	FRAGMENT_FIRST,
	FRAGMENT_LATER,
};

enum action {
	ACTION_NONE, /* no rule stands at this position */
	ACTION_ALLOW,
	ACTION_DENY,
};

enum forwarding {
	FORWARDING_NAT,
	FORWARDING_DSR_L2,
};

/* What goes into the flow hash: a client address alone keeps all of its connections on one backend. */
enum hash_input {
	HASH_5_TUPLE,
	HASH_SOURCE,
};

/* Memberships that no prefix stands for: an address outside of every prefix of its family. */
enum base_membership {
	MEMBERSHIP_IPV4,
	MEMBERSHIP_IPV6,
	BASE_MEMBERSHIPS,
};

enum membership_flag {
	MEMBERSHIP_LOCAL = 1,	    /* an address of this host */
	MEMBERSHIP_NAT_BACKEND = 2, /* replies to tracked connections may come from here */
};

enum side_flag {
	SIDE_PREFIXES_IPV4 = 1, /* the IPv4 trie holds something */
	SIDE_PREFIXES_IPV6 = 2,
	SIDE_SOURCES = 4, /* something asks for the source address */
	SIDE_SERVICES = 8,
	SIDE_MANAGEMENT = 16,
};

enum interface_flag {
	INTERFACE_XDP = 1,	   /* xdp_ingress stands before tc_ingress */
	INTERFACE_HANDOVER = 2,	   /* XDP may not send or rewrite here: its peer needs checksums or queues that XDP does not see */
	INTERFACE_NO_ETHERNET = 4, /* frames begin with the IP header */
};

/* Trie keys: address in network order behind the number of its leading bits that count. */
struct prefix_ipv4 {
	__u32 length; /* bits, 0 to 32 */
	__be32 address;
};
_Static_assert(sizeof(struct prefix_ipv4) == 8, "trie key: no padding");

struct prefix_ipv6 {
	__u32 length; /* bits, 0 to 128 */
	__be32 address[4];
};
_Static_assert(sizeof(struct prefix_ipv6) == 20, "trie key: no padding");

/* One trie entry serves both sides: where a side lacks the prefix, its word repeats the membership of the covering one. */
struct prefix_value {
	__u32 memberships[SIDES];
};
_Static_assert(sizeof(struct prefix_value) == 8, "map value: padding is explicit");

/* What an address is good for: the classes that decide rules, the services it may stand for. Row [side][membership]. */
struct membership {
	__u16 classes[DIRECTIONS * FIELDS]; /* [direction * FIELDS + field] */
	__u32 service_row;		    /* first of this address' rows in `service_rows`; 0: stands for no service */
	__u8 flags;			    /* enum membership_flag */
	__u8 management;		    /* bit i: within the sources of management entry i */
	__u16 pad;
};
_Static_assert(sizeof(struct membership) == 16, "map value: padding is explicit");

/* Port -> class. Row [side][direction][field]; packed, as an array of u16 would stride by 8. */
struct port_classes {
	__u16 classes[PORTS];
};

/* Rules that a class accepts: bit i is the rule at position i, first match lowest. Row [side][class]; class 0 accepts none. */
struct vector {
	__u64 summary[SUMMARY_WORDS]; /* bit i: words[i] is not zero */
	__u64 words[RULE_WORDS];
};
_Static_assert(sizeof(struct vector) == 8 * (RULE_WORDS + SUMMARY_WORDS), "map value: padding is explicit");

/* Row [side][direction][position]. */
struct rule {
	__u32 rule_id; /* stable: outlives positions and revisions */
	enum action action : 8;
	__u8 pad[3];
};
_Static_assert(sizeof(struct rule) == 8, "map value: padding is explicit");

struct management_entry {
	__u16 port; /* host order */
	__u8 protocol;
	__u8 pad;
};

/* What holds for the whole of one side. */
struct side {
	__u32 flags;		      /* enum side_flag */
	__u16 rule_words[DIRECTIONS]; /* words in use; 0: no rules, 1: the summary is not asked */
	__u8 defaults[DIRECTIONS];    /* enum verdict: PASS or DROP */
	__u8 essentials;	      /* 1: neighbour discovery and the like are exempt from a default deny */
	__u8 management_count;
	__u16 portless[DIRECTIONS * FIELDS]; /* class of a packet without ports */
	struct management_entry management[MANAGEMENT_ENTRIES];
	__u16 protocols[DIRECTIONS * PROTOCOLS]; /* protocol -> class */
	__u32 pad;
};
_Static_assert(sizeof(struct side) == 12 + 8 + 32 + 1024 + 4, "map value: padding is explicit");

/* Destination port -> service port class, 0: no service has it. Row [side][enum service_protocol]. */
enum service_protocol {
	SERVICE_TCP,
	SERVICE_UDP,
	SERVICE_SCTP,
	SERVICE_PROTOCOLS,
};

/*
 * A service address owns one row per service port class, from membership.service_row on:
 * service_rows[side][service_row + class] is the service's stable id, 0: none. Stable ids begin at 1.
 */

/* Row [side][service_id]. */
struct service {
	__u32 ring_base;  /* first line of its ring in `rings` */
	__u32 ring_slots; /* 0: no backend takes connections */
	enum forwarding forwarding : 8;
	enum hash_input hash : 8;
	__u8 pad[6];
};
_Static_assert(sizeof(struct service) == 16, "map value: padding is explicit");

/* Slots of a Maglev ring, each a backend's stable id. Row [side][line]; a ring starts on a line of its own. */
struct ring_line {
	__u16 backends[RING_LINE_SLOTS];
};
_Static_assert(sizeof(struct ring_line) == 64, "one cache line");

enum backend_state {
	BACKEND_ABSENT, /* no such backend on this side: its connections are balanced anew */
	BACKEND_ACTIVE,
};

/* Row [side][backend_id]. IPv4 addresses stand in the first word. */
struct backend {
	__be32 address[4];
	__u32 service_id;
	__be16 port; /* 0: keeps the packet's */
	enum family family : 8;
	enum backend_state state : 8;
};
_Static_assert(sizeof(struct backend) == 24, "map value: padding is explicit");

/* By ifindex. A device that is not here has an Ethernet header and no XDP program of ours. */
struct interface {
	__u32 flags; /* enum interface_flag */
};

/* A tracked `nat` connection as one direction's packets carry it. IPv4 addresses stand in the first word. */
struct connection_key {
	__be32 source[4];
	__be32 destination[4];
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol;
	enum family family : 8;
	__u16 zone;
};
_Static_assert(sizeof(struct connection_key) == 40, "map key: no padding");

enum connection_flag {
	CONNECTION_REPLY = 1, /* from the backend: its source is rewritten, not its destination */
};

/* What those packets are rewritten to. */
struct connection {
	__be32 address[4];
	__be16 port;
	__u16 flags; /* enum connection_flag */
	__u32 service_id;
	__u32 backend_id;
	__u32 pad;
};
_Static_assert(sizeof(struct connection) == 32, "map value: padding is explicit");

/* Row [cpu][id] of rule_counters, service_counters and backend_counters; row [cpu][hook][verdict][reason] of outcome_counters. */
struct counter {
	__u64 packets;
	__u64 bytes; /* of IP packets, without link headers */
};

/* One line of the verdict cache, row [cpu][hash]. Valid for one revision, since classes are renumbered by the next. */
struct verdict_line {
	__u64 revision;
	__u64 classes;	/* source, destination, source port, destination port: 16 bits each */
	__u32 selector; /* protocol class << 16 | direction << 8 | 1: line in use */
	__u32 position; /* of the deciding rule; RULE_BITS: none matched */
};
_Static_assert(sizeof(struct verdict_line) == 24, "map value: padding is explicit");

/* One line of the next hop cache, row [cpu][hash]: what bpf_fib_lookup said of an address. Addresses as in struct packet. */
struct next_hop {
	__u64 expires_ns; /* coarse monotonic clock */
	__be32 address[4];
	__u32 selector; /* ifindex of the device that the packet came in by << 2 | forwarding << 1 | family */
	__u32 ifindex;
	__u8 destination_mac[6];
	__u8 source_mac[6];
	__u32 pad;
};
_Static_assert(sizeof(struct next_hop) == 48, "map value: padding is explicit");

/* What the program was asked to explain: stages in the order in which a packet meets them. Rows of docs/packet.md. */
enum stage {
	STAGE_PARSE,
	STAGE_PREFIXES,
	STAGE_MANAGEMENT,
	STAGE_FIREWALL,
	STAGE_DEFAULT,
	STAGE_BALANCE,
	STAGE_REWRITE,
	STAGE_FORWARD,
};

/* `detail` says what `outcome` cannot: a rule's or backend's stable id, an ifindex, a membership. */
struct trace_step {
	enum stage stage : 8;
	enum reason reason : 8;
	__u16 pad;
	__u32 detail[2];
};
_Static_assert(sizeof(struct trace_step) == 12, "map value: padding is explicit");

/* Written by the twin that answers traces, never by the live programs. */
struct trace {
	__u64 revision;
	enum verdict verdict : 8;
	enum reason reason : 8;
	enum fragment fragment : 8;
	__u8 protocol;
	__u32 rule_id;
	__u32 service_id;
	__u32 backend_id;
	__u32 step_count;
	__u32 pad;
	struct trace_step steps[TRACE_STEPS];
};

/* Fixed when programs are loaded. Numbers are rows a side (or a CPU), so that an index is side * number + row. */
struct config {
	__u32 cpus;
	__u32 memberships;
	__u32 vectors;
	__u32 service_rows;
	__u32 ring_lines;
	__u32 rule_ids; /* stable ids are above 0 and below these three */
	__u32 service_ids;
	__u32 backend_ids;
	__u32 trace;	      /* 1: a twin that explains itself and finishes every packet where it stands */
	__u32 forwarded_mark; /* skb mark between tc_ingress, which has forwarded a packet, and tc_egress, which lets it go */
};
