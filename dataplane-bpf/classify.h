/* SPDX-License-Identifier: GPL-2.0-only */
/* What a packet is in each dimension that rules ask for: its classes. */
#pragma once

#include "prefix.h"

enum {
	COMMON_DIMENSIONS = DIMENSION_STATE + 1, /* asked for by most policies; those behind them, by few */
	RARE = ~0U << COMMON_DIMENSIONS,
};

/* The classes of a packet, and from which rule on it is searched. */
struct tuple {
	__u64 classes[4]; /* by dimension, 16 bits each; 0 where nothing asks */
	__u32 dimensions; /* bit i: dimension i is asked for */
	__u32 from;	  /* position */
	__u16 words;	  /* of rules in use */
	__u8 direction;
	__u8 pad;
};

static __always_inline __u16 class_in(const struct tuple *tuple, enum dimension dimension)
{
	return tuple->classes[dimension / 4] >> (dimension % 4 * 16);
}

static __always_inline void note_class(struct tuple *tuple, enum dimension dimension, __u16 class)
{
	tuple->classes[dimension / 4] |= (__u64) class << (dimension % 4 * 16);
}

static __always_inline bool asks(const struct tuple *tuple, enum dimension dimension)
{
	return tuple->dimensions >> dimension & 1;
}

static __always_inline __u16 class_of_value(const struct packet *packet, const struct tuple *tuple, enum value_table table, __u16 value)
{
	__u32 row = (packet->side * DIRECTIONS + tuple->direction) * VALUE_TABLES + table;
	struct value_classes *values = bpf_map_lookup_elem(&value_classes, &row);
	__u64 index = value;

	/* 6.1 forgets the bounds of what was swapped to host order; the compiler must not drop the mask. */
	asm volatile("%0 &= 65535" : "+r"(index));
	return values ? values->classes[index] : 0;
}

static __always_inline __u16 class_of_port(const struct packet *packet, const struct tuple *tuple, const struct classifier *classifier,
					   enum field field)
{
	if (!packet->has_ports)
		return classifier->portless[field];
	return class_of_value(packet, tuple, VALUES_SOURCE_PORT + field, packet->port[field]);
}

/* A later fragment has neither flags nor a type: it is of its protocol and no more. */
static __always_inline __u16 class_of_kind(const struct packet *packet, const struct tuple *tuple, const struct classifier *classifier)
{
	if (packet->fragment != FRAGMENT_LATER) {
		__u16 icmp = packet->icmp_type << 8 | packet->icmp_code;

		if (packet->protocol == IPPROTO_TCP)
			return classifier->tcp_flags[packet->tcp_flags];
		if (packet->protocol == IPPROTO_ICMP)
			return class_of_value(packet, tuple, VALUES_ICMP, icmp);
		if (packet->protocol == IPPROTO_ICMPV6)
			return class_of_value(packet, tuple, VALUES_ICMPV6, icmp);
	}
	return classifier->protocols[packet->protocol];
}

static __always_inline const struct classifier *classifier_of(const struct packet *packet, const struct tuple *tuple)
{
	__u32 row = packet->side * DIRECTIONS + tuple->direction;

	return bpf_map_lookup_elem(&classifiers, &row);
}

static __always_inline __u16 class_of_name(const struct packet *packet, const struct tuple *tuple, enum dimension dimension, __u64 value,
					   __u16 unnamed)
{
	struct named_key key = { .value = value, .dimension = dimension, .row = packet->side * DIRECTIONS + tuple->direction };
	__u32 *class = bpf_map_lookup_elem(&named_classes, &key);

	return class ? *class : unnamed;
}

#include "sender.h"

/* The dimensions that few policies ask for. */
__noinline int classify_rare(context *ctx, struct packet *packet, struct tuple *tuple)
{
	const struct classifier *classifier;

	if (!ctx || !packet || !tuple)
		return 0;
	/* XDP knows no sender: the compiler must not leave out what the verifier wants to see. */
	asm volatile("" : "+r"(ctx));
	classifier = classifier_of(packet, tuple);
	if (!classifier)
		return 0;
	if (asks(tuple, DIMENSION_FRAGMENT))
		note_class(tuple, DIMENSION_FRAGMENT, classifier->fragments[packet->fragment & 3]);
	if (asks(tuple, DIMENSION_VLAN))
		note_class(tuple, DIMENSION_VLAN,
			   packet->vlan_count ? classifier->vlans[packet->vlans[0] & (VLAN_IDS - 1)] : classifier->no_vlan);
	if (asks(tuple, DIMENSION_DSCP))
		note_class(tuple, DIMENSION_DSCP, classifier->dscps[packet->dscp & (DSCPS - 1)]);
	if (asks(tuple, DIMENSION_LENGTH))
		note_class(tuple, DIMENSION_LENGTH,
			   class_of_value(packet, tuple, VALUES_LENGTH, packet->length < VALUES ? packet->length : VALUES - 1));
	if (asks(tuple, DIMENSION_INTERFACE))
		note_class(tuple, DIMENSION_INTERFACE,
			   class_of_name(packet, tuple, DIMENSION_INTERFACE, packet->interface, classifier->no_interface));
	if (asks(tuple, DIMENSION_CGROUP))
		note_class(tuple, DIMENSION_CGROUP, class_of_cgroup(ctx, packet, tuple, classifier->no_cgroup));
	if (asks(tuple, DIMENSION_UID))
		note_class(tuple, DIMENSION_UID, class_of_user(ctx, packet, tuple, classifier->no_uid));
	return 0;
}

/* False where the tables are not there. */
static __always_inline bool classify(context *ctx, struct packet *packet, const struct view *view, struct tuple *tuple,
				     enum direction direction)
{
	const struct classifier *classifier;

	tuple->direction = direction;
	tuple->words = view->side->rule_words[direction];
	tuple->dimensions = view->side->dimensions[direction];
	classifier = classifier_of(packet, tuple);
	if (!classifier)
		return false;
	if (asks(tuple, DIMENSION_SOURCE))
		note_class(tuple, DIMENSION_SOURCE, view->ends[FIELD_SOURCE]->classes[direction * FIELDS + FIELD_SOURCE]);
	if (asks(tuple, DIMENSION_DESTINATION))
		note_class(tuple, DIMENSION_DESTINATION, view->ends[FIELD_DESTINATION]->classes[direction * FIELDS + FIELD_DESTINATION]);
	if (asks(tuple, DIMENSION_SOURCE_PORT))
		note_class(tuple, DIMENSION_SOURCE_PORT, class_of_port(packet, tuple, classifier, FIELD_SOURCE));
	if (asks(tuple, DIMENSION_DESTINATION_PORT))
		note_class(tuple, DIMENSION_DESTINATION_PORT, class_of_port(packet, tuple, classifier, FIELD_DESTINATION));
	note_class(tuple, DIMENSION_KIND, class_of_kind(packet, tuple, classifier));
	if (asks(tuple, DIMENSION_STATE))
		note_class(tuple, DIMENSION_STATE, classifier->states[packet->state & 7]);
	if (tuple->dimensions & RARE)
		classify_rare(ctx, packet, tuple);
	return true;
}
