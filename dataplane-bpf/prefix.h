/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses become memberships here, once for each end of a packet; rules and services ask memberships and never addresses. */
#pragma once

#include "packet.h"
#include "trie.h"

/* What the side in force says of a packet's two ends. */
struct view {
	const struct side *side;
	const struct membership *ends[FIELDS];
};

static __always_inline __u32 membership_of(const struct packet *packet, const struct side *side, enum field field)
{
	const __be32 *address = packet->address[field];

	if (packet->family == FAMILY_IPV4)
		return side->flags & SIDE_PREFIXES_IPV4 ? search_ipv4(packet->side, bpf_ntohl(address[0])) : MEMBERSHIP_IPV4;
	if (!(side->flags & SIDE_PREFIXES_IPV6))
		return MEMBERSHIP_IPV6;
	return search_ipv6(packet->side, (__u64)bpf_ntohl(address[0]) << 32 | bpf_ntohl(address[1]),
			   (__u64)bpf_ntohl(address[2]) << 32 | bpf_ntohl(address[3]), 16);
}

struct aging {
	__u64 now_s;
	__u32 first_row; /* of the side */
	__u32 membership;
};

static long age_step(__u32 index, struct aging *aging)
{
	__u32 row = aging->first_row + aging->membership;
	const struct membership *membership = bpf_map_lookup_elem(&memberships, &row);

	if (!membership || !membership->expires_s || membership->expires_s > aging->now_s)
		return 1;
	aging->membership = membership->next;
	return 0;
}

/* Entries of sets that are over are left behind one after the other, with nobody's help. */
static __noinline __u32 aged(__u32 first_row, __u32 membership)
{
	struct aging aging = { .now_s = bpf_ktime_get_boot_ns() / NS_PER_S, .first_row = first_row, .membership = membership };

	bpf_loop(config.memberships, age_step, &aging, 0);
	return aging.membership;
}

static __always_inline const struct membership *membership_row(const struct packet *packet, __u32 membership)
{
	__u32 first = packet->side * config.memberships, row = first + membership;
	const struct membership *found = bpf_map_lookup_elem(&memberships, &row);

	if (!found || !found->expires_s)
		return found;
	row = first + aged(first, membership);
	return bpf_map_lookup_elem(&memberships, &row);
}

/* What a revision that waits for its confirmation comes to. Exchanged, so that a confirmation and the deadline cannot both win. */
static __noinline __u64 while_pending(struct in_force *in_force, __u64 word)
{
	__u64 now = word & ~(1ULL << PENDING_BIT), jiffy = bpf_jiffies64(), found;

	if (in_force->not_over_jiffy == jiffy)
		return now;
	if (bpf_ktime_get_boot_ns() < *(volatile __u64 *)&in_force->deadline_ns) {
		in_force->not_over_jiffy = jiffy;
		return now;
	}
	found = __sync_val_compare_and_swap(&in_force->revision, word, now + 1);
	return found == word ? now + 1 : found & ~(1ULL << PENDING_BIT);
}

/* False only where the tables are not there yet: nothing has been committed. `asks_source`: even where no rule or list does. */
static __always_inline bool look_up_prefixes(struct packet *packet, struct view *view, bool asks_source)
{
	__u32 first = 0, source, destination;
	struct in_force *in_force = bpf_map_lookup_elem(&revision, &first);
	__u32 side;

	if (!in_force)
		return false;
	/* Read once, so that one run of the program meets one revision. */
	packet->revision = *(volatile __u64 *)&in_force->revision;
	if (!packet->revision)
		return false;
	if (packet->revision >> PENDING_BIT)
		packet->revision = while_pending(in_force, packet->revision);
	side = packet->revision & (SIDES - 1);
	packet->side = side;
	view->side = bpf_map_lookup_elem(&sides, &side);
	if (!view->side)
		return false;
	destination = membership_of(packet, view->side, FIELD_DESTINATION);
	view->ends[FIELD_DESTINATION] = membership_row(packet, destination);
	source = packet->family == FAMILY_IPV4 ? MEMBERSHIP_IPV4 : MEMBERSHIP_IPV6;
	if (view->side->flags & SIDE_SOURCES || asks_source)
		source = membership_of(packet, view->side, FIELD_SOURCE);
	view->ends[FIELD_SOURCE] = membership_row(packet, source);
	step(packet, STAGE_PREFIXES, REASON_NONE, source, destination);
	return view->ends[FIELD_SOURCE] && view->ends[FIELD_DESTINATION];
}
