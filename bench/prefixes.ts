/** Prefixes for the bench: random, distinct, the same in each run. */
import { prefixKey } from '../controlplane/policy/prefix.ts'
import type { PrefixKey } from '../controlplane/policy/tables.ts'

/** 64 bits at a time: a linear congruential generator. */
export function numbers(seed: bigint): () => bigint {
  let state = seed

  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn
    return state
  }
}

/** IPv4 of /17 to /32 from everywhere, IPv6 of /33 to /64 below 2000::/3. In order. */
export function randomPrefixes(count: number, family: 4 | 6 = 4): PrefixKey[] {
  const keys = new Set<PrefixKey>()
  const next = numbers(1n)

  while (keys.size < count) {
    const bits = next()
    const high = Number(bits >> 32n)

    if (family === 4) keys.add(key4(high, 17 + Number((bits >> 24n) & 15n)))
    else keys.add(key6(0x2000_0000 | (high & 0x1fff_ffff), Number(next() >> 32n), 33 + Number((bits >> 24n) & 31n)))
  }
  return [...keys].sort()
}

function key4(word: number, length: number): PrefixKey {
  return prefixKey({ family: 4, bytes: bytesOf([masked(word, length)]), length })
}

function key6(first: number, second: number, length: number): PrefixKey {
  return prefixKey({ family: 6, bytes: bytesOf([first, masked(second, length - 32), 0, 0]), length })
}

function masked(word: number, length: number): number {
  return word & (0xffff_ffff << (32 - length))
}

function bytesOf(words: readonly number[]): Uint8Array {
  return Uint8Array.from(words.flatMap(word => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]))
}
