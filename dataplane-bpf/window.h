/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flows stay where they are when a ring changes. Nothing is kept of them while it does not: a change opens a window for the slots that it
 * moves, and until an idle time has passed those slots tell old flows from new ones.
 *
 * A flow that begins (SYN) follows the ring and is marked with its backend; one that is unknown is old, follows the slot's origin, and is
 * marked with that. Who is seen again is entered. Marks make room for others, entries only when their time is over: a flood of packets
 * that are never seen again enters nothing. When the window is over its slots are consulted for as long as they have entries that go
 * another way than the ring.
 */
#pragma once

#include "hash.h"
#include "count.h"
#include "ring.h"

static __always_inline __u32 ticks_now(void)
{
	return bpf_ktime_get_coarse_ns() >> WINDOW_TICK_SHIFT;
}

static __always_inline bool is_past(__u32 now, __u32 until)
{
	return (__s32)(now - until) > 0;
}

static __always_inline void count_flow(const struct packet *packet, enum flow_event event)
{
	count(&flow_counts, bpf_get_smp_processor_id() * FLOW_EVENTS + event, packet->length);
}

static __always_inline struct window_slot *window_slot_of(__u64 window, __u32 hash)
{
	__u32 slot = hash >> ((32 - (__u32)window) & 31);
	struct page *page = page_at(&window_pages, (window >> 8) + slot / WINDOW_PAGE_SLOTS);

	return page ? (struct window_slot *)page + slot % WINDOW_PAGE_SLOTS : NULL;
}

static __always_inline __u64 flow_key_of(const struct packet *packet, const struct secret *secret)
{
	const __be32 *source = packet->address[FIELD_SOURCE], *destination = packet->address[FIELD_DESTINATION];
	struct sip sip;

	sip_begin(&sip, secret);
	sip_take(&sip, source[0] | (__u64)destination[0] << 32);
	if (packet->family == FAMILY_IPV6) {
		sip_take(&sip, source[1] | (__u64)destination[1] << 32);
		sip_take(&sip, source[2] | (__u64)destination[2] << 32);
		sip_take(&sip, source[3] | (__u64)destination[3] << 32);
	}
	sip_take(&sip, packet->port[FIELD_SOURCE] | (__u64)packet->port[FIELD_DESTINATION] << 16 | (__u64)packet->service_id << 32);
	return sip_end(&sip);
}

/* log2, rounded up. */
static __always_inline __u32 idle_bits(__u32 idle_ticks)
{
	__u32 bits = 0, rest = idle_ticks - 1;

	bits = (rest > 0xffff) << 4;
	rest >>= bits;
	if (rest > 0xff) {
		bits += 8;
		rest >>= 8;
	}
	if (rest > 0xf) {
		bits += 4;
		rest >>= 4;
	}
	if (rest > 3) {
		bits += 2;
		rest >>= 2;
	}
	return bits + (rest > 1) + (rest > 0);
}

static __always_inline void write_flow(struct flow_slot *slot, __u64 key, __u32 backend_id, __u32 bits, __u32 now)
{
	__u64 known = (__u64)backend_id << FLOW_BACKEND_SHIFT | (__u64)bits << FLOW_BITS_SHIFT | now;

	if (config.trace)
		return;
	*(volatile __u64 *)&slot->known = known;
	*(volatile __u64 *)&slot->key = key ^ known;
}

/* The slot of a flow, or FLOW_LINE_SLOTS. */
static __always_inline __u32 find_flow(const struct flow_line *line, __u64 key, __u64 *known)
{
	__u32 at;

	for (at = 0; at < FLOW_LINE_SLOTS; at++) {
		*known = *(const volatile __u64 *)&line->slots[at].known;
		if (*known && (*(const volatile __u64 *)&line->slots[at].key ^ *known) == key)
			break;
	}
	return at;
}

/* The slot that a new mark may take: one that is free or over, else the oldest mark; FLOW_LINE_SLOTS: all are entered. */
static __always_inline __u32 room_for_mark(const struct packet *packet, const struct flow_line *line, __u32 now)
{
	__u32 at, best = FLOW_LINE_SLOTS;
	__u64 most = 0;

	for (at = 0; at < FLOW_LINE_SLOTS; at++) {
		__u64 known = *(const volatile __u64 *)&line->slots[at].known;
		__u32 bits = known >> FLOW_BITS_SHIFT, age = now - (__u32)known;
		bool over = !known || age > 1U << (bits & FLOW_IDLE);
		__u64 worth = over ? 1ULL << 32 : bits & FLOW_ENTERED ? 0 : (__u64)age + 1;

		if (worth > most) {
			most = worth;
			best = at;
		}
	}
	if (best >= FLOW_LINE_SLOTS)
		count_flow(packet, FLOW_SHED);
	else if (most < 1ULL << 32)
		count_flow(packet, FLOW_OVERWRITTEN);
	return best;
}

static __always_inline void prolong(__u32 *until, __u32 to)
{
	if ((__s32)(to - *(volatile __u32 *)until) > FLOW_REFRESH_TICKS)
		*(volatile __u32 *)until = to | 1; /* 0 means that there is none */
}

static __always_inline bool starts(const struct packet *packet)
{
	return packet->protocol == IPPROTO_TCP && (packet->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

/* The backend of a packet whose service has windows; `chosen` is the ring's. */
__noinline __u32 choose_in_window(struct packet *packet, const struct service *service, __u32 hash, __u32 chosen)
{
	__u32 now = ticks_now(), at, backend_id, consult_until, row = 0;
	const struct secret *secret = secret_words();
	struct service_state *state;
	struct window_slot *slot;
	struct flow_line *line;
	__u64 key, known = 0;

	if (!packet || !service || !secret)
		return chosen;
	state = service_state_of(packet);
	if (!state)
		return chosen;
	consult_until = *(volatile __u32 *)&state->consult_until;
	if (is_past(now, consult_until)) {
		if (!config.trace)
			__sync_val_compare_and_swap(&state->consult_until, consult_until, 0);
		return chosen;
	}
	slot = window_slot_of(state->window, hash);
	if (!slot || !slot->consult_until || is_past(now, slot->consult_until))
		return chosen;
	key = flow_key_of(packet, secret);
	row = key >> 32 & (FLOW_LINES - 1);
	line = bpf_map_lookup_elem(&flows, &row);
	if (!line)
		return chosen;
	at = find_flow(line, key, &known);
	if (at < FLOW_LINE_SLOTS && now - (__u32)known <= service->idle_ticks && !is_past(slot->since, known)) {
		__u32 bits = known >> FLOW_BITS_SHIFT;
		bool enters = !(bits & FLOW_ENTERED) && !starts(packet) && !packet->again;

		backend_id = known >> FLOW_BACKEND_SHIFT;
		if (keeps(packet, service, state, backend_id)) {
			if (enters)
				count_flow(packet, FLOW_ENTERS);
			if (enters || now - (__u32)known >= FLOW_REFRESH_TICKS)
				write_flow(&line->slots[at], key, backend_id,
					   (bits & FLOW_ENTERED) | enters * FLOW_ENTERED | idle_bits(service->idle_ticks), now);
			if (backend_id != chosen && !config.trace) {
				prolong(&slot->consult_until, now + service->idle_ticks + 2 * FLOW_REFRESH_TICKS);
				prolong(&state->consult_until, now + service->idle_ticks + 2 * FLOW_REFRESH_TICKS);
			}
			return backend_id;
		}
		count_flow(packet, FLOW_MOVED);
		backend_id = chosen;
	} else {
		if (is_past(now, slot->until))
			return chosen;
		backend_id = chosen;
		if (!starts(packet) && slot->origin != chosen && keeps(packet, service, state, slot->origin)) {
			count_flow(packet, FLOW_FOLLOWED);
			backend_id = slot->origin;
		}
		if (at >= FLOW_LINE_SLOTS)
			at = room_for_mark(packet, line, now);
	}
	if (!backend_id || at >= FLOW_LINE_SLOTS)
		return backend_id;
	count_flow(packet, FLOW_MARKED);
	write_flow(&line->slots[at], key, backend_id, idle_bits(service->idle_ticks), now);
	return backend_id;
}
