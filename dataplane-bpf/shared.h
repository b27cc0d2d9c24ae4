/* SPDX-License-Identifier: GPL-2.0-only */
/* The layout that the dataplane and the control plane agree on: every enum and struct that a map holds, and nothing else. */
#pragma once

/*
 * Raised when a change here makes pinned maps of an older version unreadable; part of the pin path, so that old and new never mix.
 */
enum layout {
	LAYOUT_VERSION = 3,
};

/* Shapes that the compiler has to know. What may grow (rules, classes, services, counters) is `struct config`. */
enum limit {
	SIDES = 2,
	RULE_BITS = 16384, /* rules of one direction */
	RULE_WORDS = RULE_BITS / 64,
	SUMMARY_WORDS = RULE_WORDS / 64,
	VALUES = 65536, /* of a 16-bit field: ports, lengths, ICMP type << 8 | code */
	TCP_FLAGS = 256,
	DSCPS = 64,
	VLAN_IDS = 4096,
	PROTOCOLS = 256,
	MANAGEMENT_ENTRIES = 8,
	RING_LINE_SLOTS = 16,	/* one cache line of ring slots */
	VERDICT_LINES = 16384,	/* verdict cache lines of one CPU */
	NEXT_HOP_LINES = 1024,	/* next hop cache lines of one CPU */
	NEXT_HOP_NS = 10000000, /* how long a route and its neighbour are believed */
	VLAN_TAGS = 2,
	TRACE_STEPS = 32,
	EXTENSION_HEADERS = 8,	  /* of IPv6, one behind the other */
	RING_PROBES = 8,	  /* slots tried for a `nat` connection whose way back is taken */
	FIRST_CHECK_PORT = 61000, /* of our end; the kernel gives lower ones to those that name none */
	STAND_IN_PROBES = 64,	  /* slots tried for a flow whose first and second backend are down */
	NOBODY = 0xffffff,	  /* beyond every backend's id: all backends of a service are down */
	WINDOW_TICK_SHIFT = 24,	  /* of the clock of windows, flows and `nat` connections: 16.8 ms */
	WINDOW_PAGE_SLOTS = 64,
	FLOW_LINE_SLOTS = 8,
	FLOW_LINES = 131072,
	FLOW_REFRESH_TICKS = 32, /* a flow's time is written so seldom */
	PAGE_WORDS = 256,	 /* 32-bit words of a page */
	PAGES_PER_SEGMENT = 4096,
	SEGMENTS = 1024, /* of one pool of pages: 4 GiB */
	TRIE_ROOT_CELLS = 65536,
	TRIE_FANOUT = 256, /* cells of a branch */
	LINE_WORDS = 16,   /* 32-bit words of a cache line */
	PAGE_LINES = PAGE_WORDS / LINE_WORDS,
	BUCKET_LINES = 4,
	TRACKED_WAYS = 15,    /* connections of one page of the tracking table */
	TRACKED_KEYS = 10,    /* of its hash */
	HOLDERS = 4,	      /* limits that count one connection */
	HOLDING_SETS = 16384, /* of one bank */
	HOLDING_WAYS = 8,
	LIMIT_ROWS = 4096,	 /* limit rules of a side */
	TICKS_PER_NS = 64,	 /* of limits: fine enough for 100 Gbit/s, and 64 bits last for nine years of uptime */
	MAX_TOLERANCE_S = 43200, /* a burst is no more than the rate lets through in half a day */
	DETECTORS = 8,		 /* packed into one byte of `struct membership` */
	EVENT_BYTES = 1 << 20,	 /* of the ring buffer */
	EVENT_WINDOW_NS = 1 << 23,
	EVENTS_PER_WINDOW = 64, /* of one type and CPU: 7,600 a second */
	DETECTION_BITS = 384,
	DETECTION_TICK_NS = 1 << 24,
	FRAGMENT_LINES = 1024,
	FRAGMENT_SLOTS = 4,    /* of one line */
	FRAGMENT_WAYS = 4096,  /* first fragments of balanced packets that are remembered */
	POOL_ADDRESSES = 4096, /* source addresses of all services of a side */
	SOURCE_PROBES = 16,    /* sources tried for a connection from a pool */
	SOURCE_LISTS = 64,     /* different `sources` of services; bits of a word of `struct membership` */
	OBSERVED_TOLD = 8,     /* observed rules that one trace tells; more are counted */
	PENDING_BIT = 63,      /* of in_force.revision */
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

/* What a rule may ask of a packet. Each has a class, and each class a vector of the rules that accept it. */
enum dimension {
	DIMENSION_SOURCE,
	DIMENSION_DESTINATION,
	DIMENSION_SOURCE_PORT,
	DIMENSION_DESTINATION_PORT,
	DIMENSION_KIND, /* protocol, with TCP flags or ICMP type and code; used wherever there are rules */
	DIMENSION_STATE,
	DIMENSION_FRAGMENT,
	DIMENSION_VLAN,
	DIMENSION_DSCP,
	DIMENSION_LENGTH,
	DIMENSION_INTERFACE,
	DIMENSION_CGROUP,
	DIMENSION_UID,
	DIMENSIONS,
};

/* Fields of 16 bits whose classes stand in tables of their own. Row [side][direction][value_table] of `value_classes`. */
enum value_table {
	VALUES_SOURCE_PORT,
	VALUES_DESTINATION_PORT,
	VALUES_LENGTH,
	VALUES_ICMP, /* type << 8 | code */
	VALUES_ICMPV6,
	VALUE_TABLES,
};

/* Where a packet stands in its connection. UNTRACKED: nothing asks, or it belongs to none by its nature. */
enum state {
	STATE_UNTRACKED,
	STATE_NEW,
	STATE_ESTABLISHED,
	STATE_RELATED,
	STATE_INVALID,
	STATES,
};

/* The emergency switch, outside of revisions. */
enum mode {
	MODE_ENFORCE,
	MODE_OBSERVE,  /* rules and defaults are counted as if they decided, and nothing is dropped by them */
	MODE_PASS,     /* no rule is asked; services go on */
	MODE_LOCKDOWN, /* management, essentials and established connections alone */
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
	REASON_REJECT,	      /* transmitted: the answer; dropped: none was due */
	REASON_LIMIT,	      /* beyond the rate of a rule */
	REASON_FRAGMENT,      /* as the first fragment */
	REASON_MODE,	      /* the emergency switch */
	REASON_TOO_BIG,	      /* transmitted: the answer; dropped: none was due */
	REASON_ECHO,	      /* transmitted: the answer to a ping; dropped: none was due */
	REASON_UNKNOWN_QUOTE, /* an ICMP error for a service: what it quotes is nobody's, or too short */
	REASON_UNKNOWN_FIRST, /* a later fragment for a service whose first has not been here */
	REASON_POOL_FULL,     /* no source address and port is free */
	REASON_SOURCE,	      /* the service does not take clients from there */
	REASON_HEALTH_CHECK,  /* of our own */
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
	ACTION_REJECT,
	ACTION_LIMIT,
};

/* A rule without any of these decides at once. */
enum rule_flag {
	RULE_OBSERVE = 1, /* counted and told, never decides */
	RULE_EXPIRES = 2,
	RULE_LOG = 4,
	RULE_LIMIT = 8,
};

/* What became of a rule that matched; second detail of STAGE_FIREWALL, beside the action. */
enum rule_outcome {
	RULE_DECIDED,
	RULE_OBSERVED,
	RULE_EXPIRED,
	RULE_WITHIN, /* within its limit: the next rule is asked */
};

enum forwarding {
	FORWARDING_NAT,
	FORWARDING_DSR_L2,
	FORWARDING_DSR_IPIP,
	FORWARDING_DSR_GUE, /* UDP in between, so that routers spread flows by ports */
};

/* What a service does without a backend that is up. */
enum when_down {
	WHEN_DOWN_DROP,
	WHEN_DOWN_REJECT,
	WHEN_DOWN_LAST_KNOWN, /* as if all were up */
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
	SIDE_PREFIXES_IPV4 = 1, /* the trie of that family holds something */
	SIDE_PREFIXES_IPV6 = 2,
	SIDE_SOURCES = 4, /* something asks for the source address */
	SIDE_SERVICES = 8,
	SIDE_MANAGEMENT = 16,
	SIDE_TRACKING = 32,  /* a rule asks for the state of connections */
	SIDE_FRAGMENTS = 64, /* a rule asks for what later fragments lack */
	SIDE_DETECTORS = 128,
	SIDE_HOLDERS = 256, /* a limit counts connections */
	SIDE_CHECKS = 512,  /* backends are asked whether they are well */
};

enum interface_flag {
	INTERFACE_XDP = 1,	   /* xdp_ingress stands before tc_ingress */
	INTERFACE_HANDOVER = 2,	   /* XDP may not send or rewrite here: its peer needs checksums or queues that XDP does not see */
	INTERFACE_NO_ETHERNET = 4, /* frames begin with the IP header */
};

/*
 * The trie of prefixes: see prefix.h. A cell says what the addresses below it are, by its two highest bits: a membership, a page of
 * 256 cells for the next 8 bits, or a bucket, which is 1 to 4 lines of a page. The bits behind: the membership, the page, or the
 * bucket's first line (page * PAGE_LINES + line) and, above it, the number of its lines less 1.
 */
enum cell_type {
	CELL_MEMBERSHIP,
	CELL_BRANCH,
	CELL_BUCKET,
};

enum cell_bits {
	CELL_TYPE_SHIFT = 30,
	CELL_LINES_SHIFT = 28,
	CELL_LINE_BITS = 26,
};

/* By the first 16 bits of an address. Row [side][family]. */
struct prefix_root {
	__u32 cells[TRIE_ROOT_CELLS];
};

/* A prefix longer than 16 bits, below its cell of the root. A bucket's last ones match everything: what holds around its prefixes. */
struct prefix_ipv4 {
	__u32 match; /* mask of the last 16 bits << 16 | those bits */
	__u32 membership;
};
_Static_assert(64 % sizeof(struct prefix_ipv4) == 0, "a line is full of them");

/* Host order, so that a shift compares leading bits. The last of a bucket repeats itself to the end of its line. */
struct prefix_ipv6 {
	__u64 high;
	__u64 low;
	__u32 length;	 /* bits, 17 to 128 */
	__u32 cell;	 /* where they match; beyond a membership, `length` is a multiple of 8 and the search goes on from there */
	__u32 otherwise; /* where none matches; read of a bucket's first */
	__u32 pad;
};
_Static_assert(64 % sizeof(struct prefix_ipv6) == 0, "a line is full of them");

/* What an address is good for: the classes that decide rules, the services it may stand for. Row [side][membership]. */
struct membership {
	__u16 classes[DIRECTIONS * FIELDS]; /* [direction * FIELDS + field] */
	__u32 service_row;		    /* first of this address' rows in `service_rows`; 0: stands for no service */
	__u8 flags;			    /* enum membership_flag */
	__u8 management;		    /* bit i: within the sources of management entry i */
	__u8 exempt;			    /* bit i: detector i does not look at it */
	__u8 pad;
	__u32 expires_s; /* CLOCK_BOOTTIME, seconds; 0: never */
	__u32 next;	 /* the membership from then on */
	__u64 admitted;	 /* bit i: list i of `sources` lets it in */
};
_Static_assert(sizeof(struct membership) == 32, "map value: padding is explicit");

/* Value -> class; packed, as an array of u16 would stride by 8. */
struct value_classes {
	__u16 classes[VALUES];
};

/* Value -> class of the fields with few values. Row [side][direction]. */
struct classifier {
	__u16 protocols[PROTOCOLS]; /* where neither flags nor ICMP type are there to read */
	__u16 tcp_flags[TCP_FLAGS];
	__u16 states[8];    /* enum state */
	__u16 fragments[4]; /* enum fragment */
	__u16 dscps[DSCPS];
	__u16 vlans[VLAN_IDS]; /* id of the outermost tag */
	__u16 no_vlan;
	__u16 portless[FIELDS]; /* of packets without ports */
	__u16 no_interface;	/* of devices, cgroups and users that no rule names: those that are named stand in `named_classes` */
	__u16 no_cgroup;
	__u16 no_uid;
	__u16 pad[2];
};
_Static_assert(sizeof(struct classifier) == 2 * (256 + 256 + 8 + 4 + 64 + 4096 + 8), "map value: padding is explicit");

/* A device, cgroup or user that a rule names, on one side and in one direction. */
struct named_key {
	__u64 value; /* ifindex, cgroup id, uid */
	__u32 dimension;
	__u32 row; /* side * DIRECTIONS + direction */
};
_Static_assert(sizeof(struct named_key) == 16, "map key: no padding");

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
	__u8 flags;	 /* enum rule_flag */
	__u16 limit;	 /* row of `limits` */
	__u32 expires_s; /* CLOCK_BOOTTIME, seconds; 0: never */
	__u32 log_every; /* packets of one CPU; 0: never */
};
_Static_assert(sizeof(struct rule) == 16, "map value: padding is explicit");

struct management_entry {
	__u16 port; /* host order */
	__u8 protocol;
	__u8 pad;
};

/* Who shares a limit. */
enum limit_per {
	LIMIT_PER_RULE,
	LIMIT_PER_SOURCE,
	LIMIT_PER_SOURCE_PREFIX,
};

/* Row [side][limit]. What is 0 limits nothing. A tick is as long as TICKS_PER_NS says. */
struct limit_row {
	__u64 packet_cost;	/* ticks: 1 / rate */
	__u64 packet_tolerance; /* ticks: burst / rate, rounded up */
	__u64 bits_per_s;
	__u64 bit_tolerance; /* ticks: burst / rate, rounded up */
	__u32 max_connections;
	__u32 rule_id;
	enum limit_per per : 8;
	__u8 ipv4_prefix;
	__u8 ipv6_prefix;
	__u8 allows; /* 1: what is within is allowed, 0: goes on to the next rule */
	__u32 pad;
};
_Static_assert(sizeof(struct limit_row) == 48, "map value: padding is explicit");

/* Slots of a rule's own limit: see limit.h. Row [rule_id]. */
struct rule_tat {
	__u64 packets;
	__u64 bits;
};
_Static_assert(sizeof(struct rule_tat) == 16, "map value: padding is explicit");

struct fragment_slot {
	__u64 key;   /* hash of the packet and its direction ^ known */
	__u64 known; /* rule_id << 32 | coarse clock << 8 | 2 + what rules said; 0: free */
};

/* First fragments of the last half a minute. Row [hash]. */
struct fragment_line {
	struct fragment_slot slots[FRAGMENT_SLOTS];
};
_Static_assert(sizeof(struct fragment_line) == 64, "one cache line");

/* What hashes of addresses begin with, so that nobody can choose addresses that meet. */
struct secret {
	__u64 words[2];
};

enum detector_type {
	DETECTOR_NONE,
	DETECTOR_PORT_SCAN,
	DETECTOR_SWEEP,
	DETECTOR_SYN_FLOOD,
	DETECTOR_RATE,
};

enum detector_per {
	DETECTOR_PER_SOURCE,
	DETECTOR_PER_SOURCE_PREFIX,
	DETECTOR_PER_DESTINATION,
};

/* Row [side][detector]. A row of DETECTOR_NONE is the last. */
struct detector {
	__u32 detector_id; /* stable */
	__u32 window_s;
	__u32 threshold;
	enum detector_type type : 8;
	enum detector_per per : 8;
	__u8 ipv4_prefix;
	__u8 ipv6_prefix;
	__u16 bits;    /* of DETECTION_BITS: that many are set when `threshold` distinct values were seen */
	__u8 sampling; /* one value in 2^sampling is looked at */
	__u8 pad[5];
};
_Static_assert(sizeof(struct detector) == 24, "map value: padding is explicit");

/* What a detector remembers of one address or prefix; sets of four in `detection_pages`. */
struct detection_slot {
	__u64 key;			   /* a keyed hash of detector and address; 0: free, 1: being taken */
	__u32 end;			   /* of the window, in pieces of DETECTION_TICK_NS */
	__u32 count;			   /* packets, or bits of the bitmap that are set */
	__u64 bitmap[DETECTION_BITS / 64]; /* bit i: a value with hash i was seen */
};
_Static_assert(sizeof(struct detection_slot) == 64, "one cache line");

/* Idle times, in seconds. */
enum timeout {
	TIMEOUT_TCP_ESTABLISHED,
	TIMEOUT_TCP_OPENING,
	TIMEOUT_TCP_CLOSING,
	TIMEOUT_UDP,
	TIMEOUT_ICMP,
	TIMEOUTS,
};

/* What holds for the whole of one side. */
struct side {
	__u32 flags;		      /* enum side_flag */
	__u16 dimensions[DIRECTIONS]; /* bit i: dimension i is asked for */
	__u16 rule_words[DIRECTIONS]; /* words in use; 0: no rules, 1: the summary is not asked */
	__u8 defaults[DIRECTIONS];    /* enum verdict: PASS or DROP */
	__u8 essentials;	      /* 1: neighbour discovery and the like are exempt from a default deny */
	__u8 management_count;
	struct management_entry management[MANAGEMENT_ENTRIES];
	__u32 timeouts_s[TIMEOUTS];
	__u32 tracked_segments; /* of the tracking table */
	__u32 limit_segments;
	__u32 detection_segments;
	__u64 pick_up_until_s; /* CLOCK_BOOTTIME: until then connections are picked up in mid-stream */
};
_Static_assert(sizeof(struct side) == 16 + 32 + 20 + 12 + 8, "map value: padding is explicit");

/*
 * What is known of a tracked connection, in one word that is read and exchanged whole: the idle time's start in its lower half, these
 * bits in its upper one.
 */
enum standing {
	STANDING_TIMEOUT = 7, /* enum timeout: of TCP, the phase */
	STANDING_OPENER = 8,  /* the upper end has opened it; else the lower */
	STANDING_ANSWERED = 16,
	STANDING_HELD = 32, /* never evicted: answered, and of TCP established */
	STANDING_FIN_LOWER = 64,
	STANDING_FIN_UPPER = 128,
	STANDING_PICKED_UP = 256,  /* in mid-stream */
	STANDING_GENERATION = 512, /* the lowest bit of how often the entry has been taken */
	STANDING_SHIFT = 32,
};

/* The ends of a connection, the lower address (then port) first, so that both directions have one key. IPv4: the first words. */
struct tracked_key {
	__be32 lower[4];
	__be32 upper[4];
	__u16 lower_port;
	__u16 upper_port; /* of ICMP: the identifier; type of the request << 8 | 1 where the upper end asks */
	__u8 protocol;
	enum family family : 8;
	__u16 pad;
};
_Static_assert(sizeof(struct tracked_key) == 40, "compared by words");

struct tracked {
	struct tracked_key key;
	__u64 standing;		/* enum standing << STANDING_SHIFT | seconds of the monotonic clock */
	__u32 holders[HOLDERS]; /* hashes of the limits that count it, and of whom they count it for; 0: no more */
};
_Static_assert(sizeof(struct tracked) == 64, "one cache line");

/* States of a way beside the tags of what is in it. */
enum tag {
	TAG_FREE,
	TAG_BUSY, /* being written */
	TAG_USED, /* bit that every tag has */
};

/* A set of the tracking table: a page. */
struct tracked_page {
	__u32 tags[TRACKED_WAYS]; /* enum tag, or bits of the hash */
	__u32 pad;
	struct tracked entries[TRACKED_WAYS];
};
_Static_assert(sizeof(struct tracked_page) == sizeof(__u32) * PAGE_WORDS, "a set is a page");

/* Who holds how many connections: hash << 32 | count; 0: free. */
struct holding_set {
	__u64 slots[HOLDING_WAYS];
};
_Static_assert(sizeof(struct holding_set) == 64, "one cache line");

/* Of a packet on its way through the rules: who would count the connection that it opens. Row: enum hook, so that none interrupts another.
 */
struct opening {
	__u32 holders[HOLDERS];
};
_Static_assert(sizeof(struct opening) == 16, "map value: padding is explicit");

/* Row 0. The round that counts connections. */
struct sweep {
	struct bpf_timer timer;
	__u32 bank; /* that packets ask; the other is being counted into */
	__u32 step;
};
_Static_assert(sizeof(struct sweep) == 24, "map value: padding is explicit");

/* Row 0. Live: keys outlive revisions and daemons, since entries are found by them. */
struct tracking {
	__u64 keys[TRACKED_KEYS]; /* of the hash; secret */
	__u32 segments;		  /* by which entries may be placed, beside those of the side in force; 0: none */
	__u32 page;		  /* next that move_connections looks at */
	__u64 clock;		  /* jiffies << 32 | seconds, written anew in each jiffy that has packets */
};
_Static_assert(sizeof(struct tracking) == 8 * TRACKED_KEYS + 16, "map value: padding is explicit");

/* What happens to entries. Row [cpu][enum tracking_event] of tracking_counts. */
enum tracking_event {
	TRACKING_OPENED,
	TRACKING_EVICTED, /* before its idle time, for another */
	TRACKING_SHED,	  /* not entered: no room, or another CPU was writing there */
	TRACKING_EVENTS,
};

/*
 * Row 0. `revision` decides alone, and its lowest bit is the side. While PENDING_BIT is set, the other side is what holds from the deadline
 * on, as the next revision: who sees that it is over, a program or the control plane, exchanges the one word for the other.
 */
struct in_force {
	__u64 revision;
	__u64 deadline_ns;    /* CLOCK_BOOTTIME */
	__u64 not_over_jiffy; /* in which the deadline was looked at last: once in a jiffy is enough */
};
_Static_assert(sizeof(struct in_force) == 24, "map value: padding is explicit");

/* Row 0. Live: outside of sides and revisions. */
struct mode_row {
	__u32 mode; /* enum mode */
	__u32 pad;
	__u64 expires_s; /* CLOCK_BOOTTIME: MODE_ENFORCE from then on; 0: never */
};
_Static_assert(sizeof(struct mode_row) == 16, "map value: padding is explicit");

/* 1 KiB of a pool that grows by segments: what lies in it depends on the pool. */
struct page {
	__u32 words[PAGE_WORDS];
};
_Static_assert(sizeof(struct page) == 1024, "map value: padding is explicit");

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
	__u32 ring_base;  /* first line of its ring in `rings` and `ring_seconds` */
	__u32 ring_slots; /* a power of two; 0: no backend takes connections */
	__u32 idle_ticks; /* after so long without a packet a flow may be forgotten */
	enum forwarding forwarding : 8;
	enum hash_input hash : 8;
	enum when_down when_down : 8;
	__u8 sources;	    /* 1 + list of `sources`; 0: everybody is let in */
	__u32 pool_base;    /* first row of its addresses in `pool_addresses` */
	__u32 pool_count;   /* 0: clients' addresses are left as they are */
	__u32 server_base;  /* first row of its backends in `quic_servers` */
	__u32 server_count; /* 0: connection ids are not looked at */
};
_Static_assert(sizeof(struct service) == 32, "map value: padding is explicit");

/* Row [side][service.pool_base + n]. IPv4 addresses stand in the first word. */
struct pool_address {
	__be32 address[4];
};

/* Backends of a service in the order of the server ids that QUIC connection ids carry. Row [side][service.server_base + n]. */
struct quic_server {
	__u32 server_id;
	__u32 backend_id;
};

/* Slots of a Maglev ring, each a backend's stable id. Row [side][line]; a ring starts on a line of its own. */
struct ring_line {
	__u32 backends[RING_LINE_SLOTS];
};
_Static_assert(sizeof(struct ring_line) == 64, "one cache line");

/* What a service's windows and its backends' health have made of it. Row [service_id]. Live: outside of sides and revisions. */
struct service_state {
	__u64 window;	     /* first page of its window slots << 8 | log2 of their number; 0: none */
	__u32 consult_until; /* tick; 0: no slot is consulted. Prolonged, and ended, by the dataplane */
	__u32 survivor;	     /* a backend that is up, while others are down; NOBODY: none is; 0: all are up */
};
_Static_assert(sizeof(struct service_state) == 16, "map value: padding is explicit");

/* A slot whose backend has changed: see window.h. Ticks of WINDOW_TICK_SHIFT. */
struct window_slot {
	__u32 origin;	     /* the backend that unknown flows belong to */
	__u32 since;	     /* flows that were last seen before are not believed */
	__u32 until;	     /* unknown flows follow `origin` */
	__u32 consult_until; /* known flows go their own way; prolonged by each that does; 0: never */
};
_Static_assert(sizeof(struct window_slot) * WINDOW_PAGE_SLOTS == 4 * PAGE_WORDS, "a page is full of them");

/* `known` of a flow: its backend << FLOW_BACKEND_SHIFT | these << FLOW_BITS_SHIFT | the tick when it was last seen; 0: free. */
enum flow_bits {
	FLOW_BITS_SHIFT = 32,
	FLOW_IDLE = 31,	   /* log2 of its idle time in ticks, rounded up */
	FLOW_ENTERED = 32, /* seen again after it was marked: keeps its place while it lives */
	FLOW_BACKEND_SHIFT = 40,
};

struct flow_slot {
	__u64 key; /* hash of the flow ^ known, so that a torn slot is nobody's */
	__u64 known;
};

/* Flows of slots in a window. Row [hash]. */
struct flow_line {
	struct flow_slot slots[FLOW_LINE_SLOTS];
};
_Static_assert(sizeof(struct flow_line) == 128, "two cache lines, fetched together");

/* What happens to flows in windows. Row [cpu][enum flow_event] of flow_counts. */
enum flow_event {
	FLOW_MARKED,
	FLOW_ENTERS,	  /* a marked flow was seen again */
	FLOW_FOLLOWED,	  /* unknown, therefore sent where its slot belonged before */
	FLOW_MOVED,	  /* its backend is down or gone */
	FLOW_OVERWRITTEN, /* a mark made room for another before its time */
	FLOW_SHED,	  /* not marked: its line is full of entered flows */
	FLOW_EVENTS,
};

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

/* By ifindex: the address that this host has on a device, first of each family that is no link-local one; 0: none. */
struct device_address {
	__be32 ipv4;
	__be32 ipv6[4];
};
_Static_assert(sizeof(struct device_address) == 20, "map value: padding is explicit");

/* What TC puts together for a tunnel, which its stack has no room for. */
struct tunnel {
	__be32 source[4];
	__u32 headers[12]; /* IP, UDP */
};
_Static_assert(sizeof(struct tunnel) == 64, "map value: no padding");

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
	CONNECTION_REPLY = 1,	   /* from the backend: its source is rewritten, not its destination */
	CONNECTION_SOURCE_NAT = 2, /* the other end is rewritten, too */
};

/* What those packets are rewritten to. */
struct connection {
	__be32 address[4];
	__be32 other_address[4]; /* with CONNECTION_SOURCE_NAT */
	__be16 port;
	__be16 other_port;
	__u32 flags; /* enum connection_flag */
	__u32 service_id;
	__u32 backend_id;
	__u32 seen; /* tick of windows: the last packet; of the way back: of either direction */
};
_Static_assert(sizeof(struct connection) == 52, "map value: padding is explicit");

/* What is put together on the way to a backend: calls of calls have 512 bytes of stack together. One for each CPU, row 0. */
struct nat_scratch {
	__u64 target[10];   /* struct target */
	__u64 quotation[8]; /* struct quotation */
	struct connection_key key;
	struct connection_key back;
	struct connection entry; /* of the way back, then of the way forth */
	__u32 pad;
};

/* What all fragments of a packet have in common. IPv4 addresses stand in the first word. */
struct fragment_key {
	__be32 source[4];
	__be32 destination[4];
	__u32 identification;
	__u8 protocol;
	enum family family : 8;
	__u16 pad;
};
_Static_assert(sizeof(struct fragment_key) == 40, "map key: no padding");

/* Where the first fragment of a balanced packet went; the later ones follow. */
struct fragment_way {
	__be32 address[4];
	__be32 other_address[4]; /* with CONNECTION_SOURCE_NAT */
	__u32 flags;		 /* enum connection_flag */
	__u32 service_id;
	__u32 backend_id;
	__u32 hash; /* of the flow: in tunnels all fragments take one way */
	__u32 seen; /* tick */
};
_Static_assert(sizeof(struct fragment_way) == 52, "map value: padding is explicit");

/* Likewise, the answer to a packet that is refused. */
struct answer_scratch {
	__u64 answer[15]; /* struct answer */
};
_Static_assert(sizeof(struct answer_scratch) == 120, "map value: no padding");

/* Row [cpu][id] of rule_counters, service_counters and backend_counters; row [cpu][hook][verdict][reason] of outcome_counters. */
struct counter {
	__u64 packets;
	__u64 bytes; /* of IP packets, without link headers */
};

/* One line of the verdict cache, row [cpu][hash]. Valid for one revision, since classes are renumbered by the next. */
struct verdict_line {
	__u64 revision;
	__u64 classes[4]; /* by dimension, 16 bits each */
	__u32 selector;	  /* position searched from << 8 | direction << 1 | 1: line in use */
	__u32 position;	  /* of the first rule from there on; RULE_BITS: none */
};
_Static_assert(sizeof(struct verdict_line) == 48, "map value: padding is explicit");

enum event_type {
	EVENT_DROP,
	EVENT_MATCH,
	EVENT_DETECTION,
	EVENT_CONNECTION,
	EVENT_TYPES,
};

/* What a program tells user space, through the ring buffer. */
struct event {
	__u64 time_ns; /* CLOCK_BOOTTIME */
	__be32 source[4];
	__be32 destination[4];
	__u16 source_port;
	__u16 destination_port;
	__u32 length;
	__u32 interface;
	__u32 rule_id;
	__u32 service_id;
	__u32 detector_id;
	__u32 value; /* of a detection: what was counted, at least */
	enum event_type type : 8;
	enum hook hook : 8;
	enum verdict verdict : 8;
	enum reason reason : 8;
	enum family family : 8;
	enum state state : 8;
	__u8 protocol;
	__u8 tcp_flags;
	__u8 icmp_type;
	__u8 icmp_code;
	enum rule_outcome outcome : 8; /* of a match */
	enum fragment fragment : 8;
};
_Static_assert(sizeof(struct event) == 80, "event: padding is explicit");

/* What one CPU has told. Row [cpu][event type]. */
struct event_count {
	__u64 window;	 /* coarse monotonic clock, in pieces of EVENT_WINDOW_NS */
	__u64 in_window; /* sent in that one */
	__u64 sent;
	__u64 lost; /* beyond EVENTS_PER_WINDOW, or the ring was full */
};
_Static_assert(sizeof(struct event_count) == 32, "map value: padding is explicit");

/* What somebody listens for: drops and matches. Row 0; live. */
struct watch {
	__u32 types;	     /* bit i: event type i is wanted */
	__u32 rule_id;	     /* 0: any */
	__u32 reasons;	     /* bit i: for reason i; 0: any */
	__u32 source_length; /* bits of `source` that must be equal; 0: any source */
	__be32 source[4];
	__u32 family; /* of `source` */
	__u32 pad;
};
_Static_assert(sizeof(struct watch) == 40, "map value: padding is explicit");

/* One line of the next hop cache, row [cpu][hash]: what bpf_fib_lookup said of an address. Addresses as in struct packet. */
struct next_hop {
	__u64 expires_ns; /* coarse monotonic clock */
	__be32 address[4];
	__be32 source[4]; /* that we give: a tunnel's, or of `nat` */
	__u32 selector;	  /* ifindex of the device that the packet came in by << 4 | gives a source << 3 | forwarding << 1 | family */
	__u32 ifindex;
	__u8 destination_mac[6];
	__u8 source_mac[6];
	__u32 mtu; /* of tunnels */
};
_Static_assert(sizeof(struct next_hop) == 64, "one cache line");

/* What the program was asked to explain: stages in the order in which a packet meets them. Rows of docs/packet.md. */
enum stage {
	STAGE_PARSE,
	STAGE_PREFIXES,
	STAGE_MODE,
	STAGE_MANAGEMENT,
	STAGE_FRAGMENT,
	STAGE_TRACK,
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
	__u8 state; /* enum state */
	__u8 pad[3];
	struct trace_step steps[TRACE_STEPS];
};

enum question_flag {
	QUESTION_STATE = 1,
	QUESTION_CGROUP = 2,
	QUESTION_UID = 4,
};

/* What a trace says of a packet that its bytes do not. Row 0, read by the twin alone. */
struct question {
	__u64 cgroup; /* id of the nearest cgroup that a rule names */
	__u32 uid;
	__u8 flags; /* enum question_flag */
	__u8 state; /* enum state */
	__u16 pad;
};
_Static_assert(sizeof(struct question) == 16, "map value: padding is explicit");

/* A connection of a health check of ours. */
struct check_key {
	__be32 remote[4];  /* IPv4: the first word */
	__u16 remote_port; /* host order */
	__u16 local_port;  /* FIRST_CHECK_PORT or above */
	__u8 family;
	__u8 pad[3];
};
_Static_assert(sizeof(struct check_key) == 24, "map key: padding is explicit");

/* What asks for the address of a service is sent on to one of its backends, as packets of clients are. */
struct check {
	__u32 service_id; /* 0: it goes where the kernel routes it */
	__u32 backend_id;
	__u64 sent; /* packets sent on */
};
_Static_assert(sizeof(struct check) == 16, "map value: padding is explicit");

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
	__u32 checked_mark;   /* skb mark of a health check that tc_egress has sent on; nobody can know it */
	__u32 pad;
	__u64 secret; /* what hashes of addresses begin with, so that nobody can choose addresses that meet */
};
