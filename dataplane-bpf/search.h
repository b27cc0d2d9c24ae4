/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules by bit vector: each class of a packet has a vector of the rules that accept it, and the first matching rule is the lowest bit
 * that all have in common (Lakshman and Stiliadis, "High-speed policy-based packet forwarding", SIGCOMM 1998; the summary level is
 * Baboescu and Varghese's aggregation, SIGCOMM 2001).
 */
#pragma once

#include "classify.h"

enum {
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

struct search {
	const struct packet *packet;
	const struct tuple *tuple;
	const struct vector *vectors[COMMON_DIMENSIONS]; /* of a dimension that is not asked for: those of the kind, once more */
	__u64 bits;    /* words of the current summary word that may hold a match and are not searched yet */
	__u32 summary; /* next summary word */
	__u32 position;
};

static __always_inline const struct vector *vector_of(const struct packet *packet, const struct tuple *tuple, enum dimension dimension)
{
	__u32 row = packet->side * config.vectors + class_in(tuple, dimension);

	return bpf_map_lookup_elem(&vectors, &row);
}

/* Words `index` from the start of each vector, in common. */
static __always_inline __u64 common(const struct search *search, __u32 index)
{
	__u64 bits = ~0ULL;
	int i;

#pragma unroll
	for (i = 0; i < COMMON_DIMENSIONS; i++)
		bits &= ((const __u64 *)search->vectors[i])[index];
	if (!bits || !(search->tuple->dimensions & RARE))
		return bits;
		/* Looked up each time, for the sake of the stack: few policies ask for them, and the cache remembers. */
#pragma unroll
	for (i = COMMON_DIMENSIONS; i < DIMENSIONS; i++) {
		const struct vector *vector;

		if (!asks(search->tuple, i))
			continue;
		vector = vector_of(search->packet, search->tuple, i);
		if (!vector)
			return 0;
		bits &= ((const __u64 *)vector)[index];
	}
	return bits;
}

/* One step: a word of rules, or, where the summary word is used up, the next of those. Answers 1 to end the search. */
static long search_step(__u32 index, struct search *search)
{
	__u32 word, first = search->tuple->from / 64;
	__u64 hits;

	if (!search->bits) {
		__u32 summary = search->summary;

		if (summary >= SUMMARY_WORDS)
			return 1;
		search->bits = common(search, summary & (SUMMARY_WORDS - 1));
		if (summary == first / 64)
			search->bits &= ~0ULL << (first & 63);
		search->summary = summary + 1;
		return 0;
	}
	word = ((search->summary - 1) * 64 + lowest_bit(search->bits)) & (RULE_WORDS - 1);
	search->bits &= search->bits - 1;
	hits = common(search, SUMMARY_WORDS + word);
	if (word == first)
		hits &= ~0ULL << (search->tuple->from & 63);
	if (!hits)
		return 0;
	search->position = word * 64 + lowest_bit(hits);
	return 1;
}

static __always_inline __u32 search_words(const struct packet *packet, const struct tuple *tuple)
{
	struct search search = { .packet = packet, .tuple = tuple, .position = NO_POSITION, .summary = tuple->from / 64 / 64 };
	const struct vector *kind = vector_of(packet, tuple, DIMENSION_KIND);
	int i;

	if (!kind)
		return NO_POSITION;
#pragma unroll
	for (i = 0; i < COMMON_DIMENSIONS; i++) {
		search.vectors[i] = kind;
		if (asks(tuple, i)) {
			const struct vector *vector = vector_of(packet, tuple, i);

			if (!vector)
				return NO_POSITION;
			search.vectors[i] = vector;
		}
	}
	bpf_loop(SEARCH_STEPS, search_step, &search, 0);
	return search.position;
}

/* Up to 64 rules: nothing is remembered, since to remember costs more than to look. */
static __always_inline __u32 search_one_word(const struct packet *packet, const struct tuple *tuple)
{
	__u64 hits = ~0ULL;
	int i;

	if (tuple->from > 63)
		return NO_POSITION;
	hits <<= tuple->from;
#pragma unroll
	for (i = 0; i < DIMENSIONS; i++) {
		if (asks(tuple, i)) {
			const struct vector *vector = vector_of(packet, tuple, i);

			if (!vector)
				return NO_POSITION;
			hits &= vector->words[0];
		}
	}
	return hits ? lowest_bit(hits) : NO_POSITION;
}

/*
 * The verdict cache: vectors that pass every summary and share no word cost a visit to each word; remembering the answer of a
 * combination of classes costs one line. Written with plain stores by its own CPU alone, so a line is never half of another.
 */
static __always_inline __u32 search_cached(const struct packet *packet, const struct tuple *tuple)
{
	__u32 selector = tuple->from << 8 | tuple->direction << 1 | 1, row, position;
	struct verdict_line *line;
	__u64 hash = selector;

	hash = (hash ^ tuple->classes[0]) * 0x9e3779b97f4a7c15ULL;
	hash = (hash ^ hash >> 29 ^ tuple->classes[1]) * 0x9e3779b97f4a7c15ULL;
	if (tuple->dimensions >> COMMON_DIMENSIONS) {
		hash = (hash ^ hash >> 29 ^ tuple->classes[2]) * 0x9e3779b97f4a7c15ULL;
		hash = (hash ^ hash >> 29 ^ tuple->classes[3]) * 0x9e3779b97f4a7c15ULL;
	}
	row = bpf_get_smp_processor_id() * VERDICT_LINES + ((hash ^ hash >> 23) >> 20) % VERDICT_LINES;
	line = bpf_map_lookup_elem(&verdict_cache, &row);
	if (!line)
		return NO_POSITION;
	if (line->classes[0] == tuple->classes[0] && line->classes[1] == tuple->classes[1] && line->selector == selector &&
	    line->revision == packet->revision && line->classes[2] == tuple->classes[2] && line->classes[3] == tuple->classes[3])
		return line->position;
	position = search_words(packet, tuple);
	line->revision = packet->revision;
	line->classes[0] = tuple->classes[0];
	line->classes[1] = tuple->classes[1];
	line->classes[2] = tuple->classes[2];
	line->classes[3] = tuple->classes[3];
	line->selector = selector;
	line->position = position;
	return position;
}

/* Position of the first rule from `tuple->from` on that accepts the packet, or NO_POSITION. Verified by itself. */
__noinline int next_match(struct packet *packet, struct tuple *tuple)
{
	if (!packet || !tuple)
		return NO_POSITION;
	return search_cached(packet, tuple);
}

static __always_inline __u32 first_match(struct packet *packet, struct tuple *tuple)
{
	return tuple->words == 1 ? search_one_word(packet, tuple) : (__u32)next_match(packet, tuple);
}
