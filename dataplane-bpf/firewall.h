/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules by bit vector: each of five fields of a packet has a class, each class a vector of the rules that accept it, and the
 * first matching rule is the lowest bit that all five have in common (Lakshman and Stiliadis, "High-speed policy-based packet
 * forwarding", SIGCOMM 1998; the summary level is Baboescu and Varghese's aggregation, SIGCOMM 2001).
 */
#pragma once

#include "prefix.h"

enum {
	CLASS_SOURCE,
	CLASS_DESTINATION,
	CLASS_SOURCE_PORT,
	CLASS_DESTINATION_PORT,
	CLASS_PROTOCOL,
	CLASSES,
	SEARCH_STEPS = RULE_WORDS + SUMMARY_WORDS,
	NO_POSITION = RULE_BITS,
};

/* Position of the lowest bit of a word that is not 0, without a branch: de Bruijn multiplication (Leiserson, Prokop, Randall 1998). */
static const __u8 de_bruijn[64] = { 0,	1,  2,	53, 3,	7,  54, 27, 4,	38, 41, 8,  34, 55, 48, 28, 62, 5,  39, 46, 44, 42,
				    22, 9,  24, 35, 59, 56, 49, 18, 29, 11, 63, 52, 6,	26, 37, 40, 33, 47, 61, 45, 43, 21,
				    23, 58, 17, 10, 51, 25, 36, 32, 60, 20, 57, 16, 50, 31, 19, 15, 30, 14, 13, 12 };

static __always_inline __u32 lowest_bit(__u64 word)
{
	return de_bruijn[((word & -word) * 0x022fdd63cc95386dULL) >> 58];
}

static __always_inline __u16 port_class(const struct packet *packet, const struct view *view, enum direction direction, enum field field)
{
	__u32 row = (packet->side * DIRECTIONS + direction) * FIELDS + field;
	struct port_classes *ports;

	if (!packet->has_ports)
		return view->side->portless[direction * FIELDS + field];
	ports = bpf_map_lookup_elem(&port_classes, &row);
	return ports ? ports->classes[packet->port[field]] : 0;
}

struct search {
	const struct vector *vectors[CLASSES];
	__u64 bits;    /* words of the current summary word that may hold a match and are not searched yet */
	__u32 summary; /* next summary word */
	__u32 position;
};

static __always_inline __u64 common_word(const struct search *search, __u32 word)
{
	__u64 bits = search->vectors[0]->words[word];
	int i;

#pragma unroll
	for (i = 1; i < CLASSES; i++)
		bits &= search->vectors[i]->words[word];
	return bits;
}

static __always_inline __u64 common_summary(const struct search *search, __u32 word)
{
	__u64 bits = search->vectors[0]->summary[word];
	int i;

#pragma unroll
	for (i = 1; i < CLASSES; i++)
		bits &= search->vectors[i]->summary[word];
	return bits;
}

/* One step: a word of rules, or, where the summary word is used up, the next of those. Answers 1 to end the search. */
static long search_step(__u32 index, struct search *search)
{
	__u64 hits;
	__u32 word;

	if (!search->bits) {
		if (search->summary >= SUMMARY_WORDS)
			return 1;
		search->bits = common_summary(search, search->summary & (SUMMARY_WORDS - 1));
		search->summary++;
		return 0;
	}
	word = ((search->summary - 1) * 64 + lowest_bit(search->bits)) & (RULE_WORDS - 1);
	search->bits &= search->bits - 1;
	hits = common_word(search, word);
	if (!hits)
		return 0;
	search->position = word * 64 + lowest_bit(hits);
	return 1;
}

/* The vectors of all classes; false where one is missing. */
static __always_inline bool find_vectors(const struct packet *packet, const __u16 *classes, const struct vector **found)
{
	int i;

#pragma unroll
	for (i = 0; i < CLASSES; i++) {
		__u32 row = packet->side * config.vectors + classes[i];

		found[i] = bpf_map_lookup_elem(&vectors, &row);
		if (!found[i])
			return false;
	}
	return true;
}

/* Position of the first rule that all classes accept, or NO_POSITION. */
static __always_inline __u32 search_one_word(const struct packet *packet, const __u16 *classes)
{
	const struct vector *found[CLASSES];
	__u64 hits;

	if (!find_vectors(packet, classes, found))
		return NO_POSITION;
	hits = found[0]->words[0] & found[1]->words[0] & found[2]->words[0] & found[3]->words[0] & found[4]->words[0];
	return hits ? lowest_bit(hits) : NO_POSITION;
}

static __always_inline __u32 search_words(const struct packet *packet, const __u16 *classes)
{
	struct search search = { .position = NO_POSITION };

	if (find_vectors(packet, classes, search.vectors))
		bpf_loop(SEARCH_STEPS, search_step, &search, 0);
	return search.position;
}

/*
 * The verdict cache: vectors that pass every summary and share no word cost a visit to each word; remembering the answer of a
 * combination of classes costs one line. Written with plain stores by its own CPU alone, so a line is never half of another.
 * A function of its own for the sake of the stack.
 */
static __noinline __u32 search_cached(const struct packet *packet, enum direction direction, const __u16 *classes)
{
	__u64 tuple = classes[0] | (__u64)classes[1] << 16 | (__u64)classes[2] << 32 | (__u64)classes[3] << 48;
	__u32 selector = (__u32)classes[CLASS_PROTOCOL] << 16 | direction << 8 | 1;
	__u64 hash = (tuple ^ (__u64)selector << 29) * 0x9e3779b97f4a7c15ULL;
	__u32 row = bpf_get_smp_processor_id() * VERDICT_LINES + ((hash ^ hash >> 23) >> 20) % VERDICT_LINES;
	struct verdict_line *line = bpf_map_lookup_elem(&verdict_cache, &row);
	__u32 position;

	if (!line)
		return search_words(packet, classes);
	if (line->classes == tuple && line->selector == selector && line->revision == packet->revision)
		return line->position;
	position = search_words(packet, classes);
	line->revision = packet->revision;
	line->classes = tuple;
	line->selector = selector;
	line->position = position;
	return position;
}

/* The verdict of the first rule that matches, or GO_ON. */
static __always_inline int firewall(struct packet *packet, const struct view *view, enum direction direction)
{
	__u32 words = view->side->rule_words[direction];
	__u16 classes[CLASSES];
	struct rule *rule;
	__u32 position, row;
	int verdict;

	if (!words)
		return GO_ON;
	classes[CLASS_SOURCE] = view->ends[FIELD_SOURCE]->classes[direction * FIELDS + FIELD_SOURCE];
	classes[CLASS_DESTINATION] = view->ends[FIELD_DESTINATION]->classes[direction * FIELDS + FIELD_DESTINATION];
	classes[CLASS_SOURCE_PORT] = port_class(packet, view, direction, FIELD_SOURCE);
	classes[CLASS_DESTINATION_PORT] = port_class(packet, view, direction, FIELD_DESTINATION);
	classes[CLASS_PROTOCOL] = view->side->protocols[direction * PROTOCOLS + packet->protocol];
	position = words == 1 ? search_one_word(packet, classes) : search_cached(packet, direction, classes);
	if (position >= NO_POSITION) {
		step(packet, STAGE_FIREWALL, REASON_NONE, 0, 0);
		return GO_ON;
	}
	row = (packet->side * DIRECTIONS + direction) * RULE_BITS + position;
	rule = bpf_map_lookup_elem(&rules, &row);
	if (!rule || rule->action == ACTION_NONE)
		return GO_ON;
	packet->rule_id = rule->rule_id;
	verdict = rule->action == ACTION_DENY ? drop(packet, REASON_RULE) : pass(packet, REASON_RULE);
	step(packet, STAGE_FIREWALL, REASON_RULE, packet->rule_id, rule->action);
	return verdict;
}

/* Exempt from a default deny, never from a rule: without these a host loses its neighbours, its address or its path MTU. */
static __always_inline bool is_essential(const struct packet *packet, enum direction direction)
{
	enum { ND_FIRST = 133, ND_LAST = 137, ICMPV6_TOO_BIG = 2, ICMP_UNREACHABLE = 3, ICMP_TOO_BIG_CODE = 4 };
	enum { DHCP_SERVER = 67, DHCP_CLIENT = 68, DHCPV6_CLIENT = 546, DHCPV6_SERVER = 547 };
	enum field here = direction == DIRECTION_INGRESS ? FIELD_DESTINATION : FIELD_SOURCE;

	if (packet->fragment == FRAGMENT_LATER)
		return false;
	if (packet->family == FAMILY_IPV6 && packet->protocol == IPPROTO_ICMPV6) {
		/* A hop limit of 255 shows that no router has passed it on (RFC 4861). */
		if (packet->icmp_type >= ND_FIRST && packet->icmp_type <= ND_LAST)
			return packet->hop_limit == 255;
		return packet->icmp_type == ICMPV6_TOO_BIG;
	}
	if (packet->family == FAMILY_IPV4 && packet->protocol == IPPROTO_ICMP)
		return packet->icmp_type == ICMP_UNREACHABLE && packet->icmp_code == ICMP_TOO_BIG_CODE;
	if (packet->protocol != IPPROTO_UDP)
		return false;
	if (packet->family == FAMILY_IPV4)
		return packet->port[here] == DHCP_CLIENT && packet->port[!here] == DHCP_SERVER;
	return packet->port[here] == DHCPV6_CLIENT && packet->port[!here] == DHCPV6_SERVER;
}

/* For a packet that no rule has decided. */
static __always_inline int default_verdict(struct packet *packet, const struct view *view, enum direction direction)
{
	int verdict = pass(packet, REASON_DEFAULT);

	if (view->side->defaults[direction] == VERDICT_DROP) {
		if (view->side->essentials && is_essential(packet, direction))
			verdict = pass(packet, REASON_ESSENTIAL);
		else
			verdict = drop(packet, REASON_DEFAULT);
	}
	step(packet, STAGE_DEFAULT, packet->reason, 0, 0);
	return verdict;
}
