/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Later fragments carry no ports: they take the verdict of the first. It is remembered for as long as a host waits for the rest of a
 * packet; a first fragment that comes again says it anew.
 */
#pragma once

#include "hash.h"
#include "prefix.h"

enum {
	FRAGMENT_TICK = 30,  /* bits of ns: 1.07 s */
	FRAGMENT_TICKS = 28, /* 30 s (RFC 791, 8200: 15 to 60) */
	FRAGMENT_TICK_MASK = 0xffffff,
};

static __always_inline __u64 fragment_key(const struct packet *packet, enum direction direction, const struct secret *secret)
{
	const __be32 *source = packet->address[FIELD_SOURCE], *destination = packet->address[FIELD_DESTINATION];
	struct sip sip;

	sip_begin(&sip, secret);
	sip_take(&sip, (__u64)packet->identification << 32 | fragment_protocol(packet) << 16 | packet->family << 8 | direction);
	sip_take(&sip, (__u64)source[0] << 32 | destination[0]);
	if (packet->family == FAMILY_IPV6) {
		sip_take(&sip, (__u64)source[1] << 32 | destination[1]);
		sip_take(&sip, (__u64)source[2] << 32 | destination[2]);
		sip_take(&sip, (__u64)source[3] << 32 | destination[3]);
	}
	return sip_end(&sip);
}

static __always_inline struct fragment_line *fragment_line_of(__u64 key)
{
	__u32 row = key % FRAGMENT_LINES;

	return bpf_map_lookup_elem(&fragment_lines, &row);
}

static __always_inline __u32 fragment_age(__u64 known, __u32 now)
{
	return (now - (__u32)(known >> 8)) & FRAGMENT_TICK_MASK;
}

static __always_inline __u32 fragment_clock(void)
{
	return (bpf_ktime_get_coarse_ns() >> FRAGMENT_TICK) & FRAGMENT_TICK_MASK;
}

/* What is known of the first fragment, or 0. A slot's key is mixed with what it holds: one that was half written fits nobody. */
__noinline __u64 known_first(struct packet *packet, __u32 direction)
{
	const struct secret *secret = secret_words();
	struct fragment_line *line;
	__u64 key;
	int i;

	if (!packet || !secret)
		return 0;
	key = fragment_key(packet, direction, secret);
	line = fragment_line_of(key);
	if (!line)
		return 0;
	for (i = 0; i < FRAGMENT_SLOTS; i++) {
		__u64 known = *(volatile __u64 *)&line->slots[i].known;

		if (known && (line->slots[i].key ^ known) == key && fragment_age(known, fragment_clock()) <= FRAGMENT_TICKS)
			return known;
	}
	return 0;
}

/* The oldest slot makes room, or that of the same packet. */
__noinline int note_first(struct packet *packet, __u32 direction, __u32 verdict)
{
	const struct secret *secret = secret_words();
	__u32 now = fragment_clock(), oldest = 0, at = 0;
	struct fragment_line *line;
	__u64 key, known;
	int i;

	if (!packet || !secret)
		return 0;
	key = fragment_key(packet, direction, secret);
	line = fragment_line_of(key);
	if (!line)
		return 0;
	for (i = 0; i < FRAGMENT_SLOTS; i++) {
		__u32 age;

		known = line->slots[i].known;
		if ((line->slots[i].key ^ known) == key) {
			at = i;
			break;
		}
		age = known ? fragment_age(known, now) : FRAGMENT_TICK_MASK;
		if (age >= oldest) {
			oldest = age;
			at = i;
		}
	}
	known = (__u64)packet->rule_id << 32 | now << 8 | (verdict + 2);
	/* The compiler knows the bound, the verifier does not. */
	asm volatile("" : "+r"(at));
	if (at >= FRAGMENT_SLOTS)
		return 0;
	line->slots[at].known = known;
	line->slots[at].key = key ^ known;
	return 0;
}

/* For later fragments: the verdict of the first, GO_ON where no rule has decided it; false where it is not known. */
static __always_inline bool recall_first(struct packet *packet, enum direction direction, int *verdict)
{
	__u64 known = known_first(packet, direction);

	if (!known)
		return false;
	*verdict = (int)(known & 0xff) - 2;
	if (*verdict == GO_ON)
		return true;
	packet->rule_id = known >> 32;
	packet->reason = REASON_FRAGMENT;
	return true;
}

/* Remembers the verdict of a first fragment. */
static __always_inline void remember_first(struct packet *packet, enum direction direction, int verdict)
{
	if (!config.trace)
		note_first(packet, direction, verdict);
}
