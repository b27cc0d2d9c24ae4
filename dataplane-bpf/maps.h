/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The maps, in the order in which a packet meets them. Sizes marked 1 are set from `config` before loading. Sided maps hold
 * both sides, one behind the other: row = side * rows + index.
 */
#pragma once

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "shared.h"

/* Numbers fixed at load; the verifier sees constants and drops what they switch off. */
const volatile struct config config = {};

/* Enums that no map mentions would vanish from BTF, and with them their names in TypeScript. */
const volatile struct {
	enum layout layout;
	enum limit limit;
	enum direction direction;
	enum family family;
	enum field field;
	enum hook hook;
	enum verdict verdict;
	enum reason reason;
	enum fragment fragment;
	enum base_membership base_membership;
	enum membership_flag membership_flag;
	enum side_flag side_flag;
	enum interface_flag interface_flag;
	enum service_protocol service_protocol;
	enum dimension dimension;
	enum value_table value_table;
	enum state state;
	enum mode mode;
	enum rule_flag rule_flag;
	enum rule_outcome rule_outcome;
	enum timeout timeout;
	enum question_flag question_flag;
	enum connection_flag connection_flag;
	enum backend_state backend_state;
	enum stage stage;
	enum event_type event_type;
	enum detector_type detector_type;
	enum detector_per detector_per;
	enum standing standing;
	enum tag tag;
	enum tracking_event tracking_event;
	enum flow_bits flow_bits;
	enum flow_event flow_event;
	struct window_slot window_slot;
	struct event event;
	struct detection_slot detection_slot;
	struct page page;
	enum cell_type cell_type;
	enum cell_bits cell_bits;
	struct prefix_ipv4 prefix_ipv4;
	struct prefix_ipv6 prefix_ipv6;
	struct tracked_page tracked_page;
} exported = {};

/* The revision in force. Written by the control plane, where one store switches everything, and by programs when a deadline is over. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct in_force);
} revision SEC(".maps");

/* Device -> how packets come by it. Written at attach; a miss means an Ethernet device without our XDP program. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct interface);
} interfaces SEC(".maps");

/* Device -> its address. Written by the control plane as addresses come and go; asked where the kernel does not tell a route's source. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct device_address);
} device_addresses SEC(".maps");

/* What holds for a whole side. Row [side]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SIDES);
	__type(key, __u32);
	__type(value, struct side);
} sides SEC(".maps");

/*
 * Pools of pages: the control plane adds a segment when a pool is full, or when a feature is first used. A miss means that the pool
 * ends before that page.
 */
struct segment {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, PAGES_PER_SEGMENT);
	__type(key, __u32);
	__type(value, struct page);
};

/* First 16 bits of an address -> cell. Row [side][family]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SIDES *FAMILIES);
	__type(key, __u32);
	__type(value, struct prefix_root);
} prefix_roots SEC(".maps");

/* Branches and buckets of both sides, which share what they have in common. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, SEGMENTS);
	__type(key, __u32);
	__array(values, struct segment);
} prefix_pages SEC(".maps");

/* Membership -> classes, services, flags. Row [side][membership]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct membership);
} memberships SEC(".maps");

/* Value -> class. Row [side][direction][enum value_table]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SIDES *DIRECTIONS *VALUE_TABLES);
	__type(key, __u32);
	__type(value, struct value_classes);
} value_classes SEC(".maps");

/* Classes of the fields with few values. Row [side][direction]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SIDES *DIRECTIONS);
	__type(key, __u32);
	__type(value, struct classifier);
} classifiers SEC(".maps");

/* Device, cgroup or user -> class. A miss means one that no rule names. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, struct named_key);
	__type(value, __u32);
} named_classes SEC(".maps");

/* Class -> the rules that accept it. Row [side][class]; one pool for all fields and both directions. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct vector);
} vectors SEC(".maps");

/* Position -> rule. Row [side][direction][position]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SIDES *DIRECTIONS *RULE_BITS);
	__type(key, __u32);
	__type(value, struct rule);
} rules SEC(".maps");

/* Rates. Row [side][rule.limit]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SIDES *LIMIT_ROWS);
	__type(key, __u32);
	__type(value, struct limit_row);
} limits SEC(".maps");

/* What limits of whole rules remember. Written by the dataplane. Row [rule_id]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rule_tat);
} rule_tats SEC(".maps");

/* Made by the first process that loads programs, and kept with what was hashed by it. Row 0. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct secret);
} secrets SEC(".maps");

/* What rules said of first fragments. Written by the dataplane; a miss leaves a later fragment to the rules. Row [hash]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FRAGMENT_LINES);
	__type(key, __u32);
	__type(value, struct fragment_line);
} fragment_lines SEC(".maps");

/* When the next answer to a rejected packet is due, by the monotonic clock in ns: see reject.h. Row 0. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} answer_tats SEC(".maps");

/* Row [side][detector]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SIDES *DETECTORS);
	__type(key, __u32);
	__type(value, struct detector);
} detectors SEC(".maps");

/* Classes of a packet -> deciding rule, so that a policy whose vectors share no word is searched once. Row [cpu][hash]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct verdict_line);
} verdict_cache SEC(".maps");

/* Destination port -> service port class; 0 means that no service has it. Row [side][enum service_protocol]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SIDES *SERVICE_PROTOCOLS);
	__type(key, __u32);
	__type(value, struct value_classes);
} service_ports SEC(".maps");

/* Service address and port class -> service_id, 0: none. Row [side][membership.service_row + class]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} service_rows SEC(".maps");

/* Row [side][service_id]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct service);
} services SEC(".maps");

/* Flow hash -> backend. Row [side][line]: one arena for the rings of all services. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ring_line);
} rings SEC(".maps");

/* Second choice of each slot, where the first is down. Row [side][line]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ring_line);
} ring_seconds SEC(".maps");

/* Bit i of word w: backend 64 * w + i is down. Live; written by the control plane, one store takes a backend out. Row [w]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} down_backends SEC(".maps");

/* Windows of services. Row [service_id]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct service_state);
} service_states SEC(".maps");

/* Slots of services whose rings have changed: see window.h. Written by the control plane; their deadlines by the dataplane too. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, SEGMENTS);
	__type(key, __u32);
	__array(values, struct segment);
} window_pages SEC(".maps");

/* Flows of slots in a window. Written by the dataplane; a miss means that nothing is known of a flow. Row [hash]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, FLOW_LINES);
	__type(key, __u32);
	__type(value, struct flow_line);
} flows SEC(".maps");

/* Row [side][backend_id]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct backend);
} backends SEC(".maps");

/* Connections of health checks that are under way. Written by the control plane. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct check_key);
	__type(value, struct check);
} checks SEC(".maps");

/* Connections of `nat` services, one entry a direction. Written by the dataplane; a miss means a new connection. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct connection_key);
	__type(value, struct connection);
} connections SEC(".maps");

/* First fragments of balanced packets. Written by the dataplane; a miss: the first has not been here. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, FRAGMENT_WAYS);
	__type(key, struct fragment_key);
	__type(value, struct fragment_way);
} fragment_ways SEC(".maps");

/* Source addresses of services that translate them. Row [side][service.pool_base + n]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SIDES *POOL_ADDRESSES);
	__type(key, __u32);
	__type(value, struct pool_address);
} pool_addresses SEC(".maps");

/* QUIC server id -> backend. Row [side][service.server_base + n], sorted by server id. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct quic_server);
} quic_servers SEC(".maps");

/*
 * Where packets to an address go next, so that a route and a neighbour are not looked up for each of them. Each CPU writes rows of
 * its own and believes them for NEXT_HOP_NS; a miss asks the kernel. Row [cpu][hash].
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct next_hop);
} next_hops SEC(".maps");

/* Read by nobody but the run that wrote it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nat_scratch);
} nat_scratches SEC(".maps");

/* Likewise. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct answer_scratch);
} answer_scratches SEC(".maps");

/* Scratch of tc_ingress for one packet. Row 0. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tunnel);
} tunnels SEC(".maps");

/* The emergency switch. Row 0; written by the control plane or, without it, by the command line. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct mode_row);
} modes SEC(".maps");

/* Connections that rules ask for: see track.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, SEGMENTS);
	__type(key, __u32);
	__array(values, struct segment);
} tracked_pages SEC(".maps");

/* How connections are placed. Row 0; keys are written once, by the control plane that makes the table. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tracking);
} tracking SEC(".maps");

/* Connections by who holds them, two banks of HOLDING_SETS. Written by packets and the sweep; a miss means none. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2 * HOLDING_SETS);
	__type(key, __u32);
	__type(value, struct holding_set);
} holdings SEC(".maps");

/* Beside struct packet, for which it is too large. Written by limits, read where the connection is entered, both within one run. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, HOOKS);
	__type(key, __u32);
	__type(value, struct opening);
} openings SEC(".maps");

/* Where the count of connections stands, and the timer that moves it on: see sweep.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sweep);
} sweeps SEC(".maps");

/* What limits remember: see limit.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, SEGMENTS);
	__type(key, __u32);
	__array(values, struct segment);
} limit_pages SEC(".maps");

/* What detectors remember: see detect.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, SEGMENTS);
	__type(key, __u32);
	__array(values, struct segment);
} detection_pages SEC(".maps");

/* Events for user space. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, EVENT_BYTES);
} events SEC(".maps");

/* Written by the dataplane, read by the control plane. Row [cpu][enum event_type]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_count);
} event_counts SEC(".maps");

/* Matches of rules that log. Row [cpu][rule_id]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} log_counts SEC(".maps");

/* What somebody listens for. Row 0. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct watch);
} watches SEC(".maps");

/* Counters: written by the dataplane, each CPU in rows of its own, summed by the control plane. Row [cpu][id]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counter);
} rule_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counter);
} service_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counter);
} backend_counts SEC(".maps");

/* Row [cpu][hook][verdict][reason]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counter);
} outcome_counts SEC(".maps");

/* Row [cpu][enum tracking_event]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counter);
} tracking_counts SEC(".maps");

/* Row [cpu][enum flow_event]. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counter);
} flow_counts SEC(".maps");

/* What a twin is asked beside the packet. Row 0. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct question);
} questions SEC(".maps");

/* The last answer of a twin. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct trace);
} traces SEC(".maps");
