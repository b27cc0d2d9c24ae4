/** Weighted Maglev: which backend owns which slot of a service's ring. The same on every node, whatever the order of the input. */

/** Primes a factor of four apart: a ring is laid out anew only when the number of backends passes one of few limits, not at each change. */
const ringSizes = [1021, 4093, 16381, 65521, 262139, 1048573] as const

export interface WeightedBackend {
  readonly name: string
  /** Above 0. */
  readonly weight: number
}

/** Slots for a service with so many declared backends: at least 100 each, a prime; undefined: more than any ring takes. */
export function ringSlots(backends: number): number | undefined {
  return ringSizes.find(size => size >= 100 * backends)
}

/** For each slot the index of its backend in `backends`; every backend owns at least one. `slots` is a prime. */
export function fillRing(backends: readonly WeightedBackend[], slots: number): Uint16Array {
  const ring = new Uint16Array(slots)
  const order = backends.map((backend, index) => ({ ...backend, index })).sort((a, b) => (a.name < b.name ? -1 : 1))
  const heaviest = Math.max(...order.map(backend => backend.weight))
  const walkers = order.map(({ name, weight, index }) => ({
    index,
    weight,
    credit: heaviest - weight, // one turn in the first round, however light
    position: hash(name, 0x9747b28c) % slots,
    step: (hash(name, 0x3c6ef372) % (slots - 1)) + 1,
  }))
  const taken = new Uint8Array(slots)
  let free = order.length === 0 ? 0 : slots

  while (free > 0) {
    for (const walker of walkers) {
      walker.credit += walker.weight
      if (walker.credit < heaviest) continue
      walker.credit -= heaviest
      while (taken[walker.position]) walker.position = (walker.position + walker.step) % slots
      taken[walker.position] = 1
      ring[walker.position] = walker.index
      if (--free === 0) break
    }
  }
  return ring
}

/** FNV-1a with the finish of MurmurHash3: near names must lie far apart. */
function hash(text: string, seed: number): number {
  let value = seed

  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
