/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hashes that nobody can steer who does not know the secret: SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF",
 * 2012) over whole words. Callers hash a fixed number of words for each use, so that their number is no part of it.
 */
#pragma once

#include "maps.h"

struct sip {
	__u64 v0, v1, v2, v3;
};

static __always_inline __u64 rotate(__u64 word, __u32 bits)
{
	return word << bits | word >> (64 - bits);
}

static __always_inline void sip_round(struct sip *sip)
{
	sip->v0 += sip->v1;
	sip->v2 += sip->v3;
	sip->v1 = rotate(sip->v1, 13) ^ sip->v0;
	sip->v3 = rotate(sip->v3, 16) ^ sip->v2;
	sip->v0 = rotate(sip->v0, 32) + sip->v3;
	sip->v2 += sip->v1;
	sip->v1 = rotate(sip->v1, 17) ^ sip->v2;
	sip->v3 = rotate(sip->v3, 21) ^ sip->v0;
	sip->v2 = rotate(sip->v2, 32);
}

static __always_inline void sip_begin(struct sip *sip, const struct secret *secret)
{
	sip->v0 = secret->words[0] ^ 0x736f6d6570736575ULL;
	sip->v1 = secret->words[1] ^ 0x646f72616e646f6dULL;
	sip->v2 = secret->words[0] ^ 0x6c7967656e657261ULL;
	sip->v3 = secret->words[1] ^ 0x7465646279746573ULL;
}

static __always_inline void sip_take(struct sip *sip, __u64 word)
{
	sip->v3 ^= word;
	sip_round(sip);
	sip->v0 ^= word;
}

static __always_inline __u64 sip_end(struct sip *sip)
{
	sip->v2 ^= 0xff;
	sip_round(sip);
	sip_round(sip);
	sip_round(sip);
	return sip->v0 ^ sip->v1 ^ sip->v2 ^ sip->v3;
}

static __always_inline const struct secret *secret_words(void)
{
	__u32 row = 0;

	return bpf_map_lookup_elem(&secrets, &row);
}
