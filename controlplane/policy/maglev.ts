/** Weighted Maglev: which backend owns which slot of a service's ring. The same on every node, whatever the order of the input. */

/**
 * Powers of two, so that rings of different sizes are compared slot by slot, and a factor of four apart: a ring is laid out anew only
 * when the number of backends passes one of few limits, not at each change.
 */
const ringSizes = [2048, 8192, 32768, 131072, 524288, 2097152] as const

export interface WeightedBackend {
  readonly name: string
  /** Above 0. */
  readonly weight: number
}

/** Slots for a service with so many declared backends: at least 100 each; undefined: more than any ring takes. */
export function ringSlots(backends: number): number | undefined {
  return ringSizes.find(size => size >= 100 * backends)
}

/** For each slot the index of its backend in `backends`; every backend owns at least one. `slots` is a power of two. */
export function fillRing(backends: readonly WeightedBackend[], slots: number): Uint16Array {
  const ring = new Uint16Array(slots)
  const count = backends.length
  const order = orderOf(backends)
  const heaviest = Math.max(...backends.map(backend => backend.weight))
  const weights = Float64Array.from(order, index => (backends[index] as WeightedBackend).weight)
  const credits = weights.map(weight => heaviest - weight) // one turn in the first round, however light
  const positions = Uint32Array.from(order, index => hash((backends[index] as WeightedBackend).name, 0x9747b28c) & (slots - 1))
  // An odd step comes by every slot.
  const steps = Uint32Array.from(order, index => (hash((backends[index] as WeightedBackend).name, 0x3c6ef372) | 1) & (slots - 1))
  const taken = new Uint8Array(slots)
  let free = count === 0 ? 0 : slots

  while (free > 0) {
    for (let walker = 0; walker < count && free > 0; walker++) {
      const credit = (credits[walker] as number) + (weights[walker] as number)

      if (credit < heaviest) {
        credits[walker] = credit
        continue
      }
      const step = steps[walker] as number
      let position = positions[walker] as number

      credits[walker] = credit - heaviest
      while (taken[position] === 1) position = (position + step) & (slots - 1)
      positions[walker] = position
      taken[position] = 1
      ring[position] = order[walker] as number
      free--
    }
  }
  return ring
}

const patience = 24

/**
 * For each slot the index of the backend that stands in while its own is down: of those at a few other slots, drawn by the slot alone, the
 * first whose share of the dead one's slots is not used up. So no other gets more than its weight says, and the choice of most slots does
 * not depend on who else is there. The only backend stands in for itself.
 */
export function fillSeconds(backends: readonly WeightedBackend[], ring: Uint16Array): Uint16Array {
  const count = backends.length
  const seconds = ring.slice()
  if (count < 2) return seconds
  const owned = new Uint32Array(count)
  for (const index of ring) owned[index] = (owned[index] as number) + 1
  // Slots by owner, one behind the other.
  const starts = new Uint32Array(count + 1)
  for (let index = 0; index < count; index++) starts[index + 1] = (starts[index] as number) + (owned[index] as number)
  const filled = starts.slice()
  const slots = new Uint32Array(ring.length)
  for (const [slot, index] of ring.entries()) {
    slots[filled[index] as number] = slot
    filled[index] = (filled[index] as number) + 1
  }

  const given = new Uint32Array(count)
  const mask = ring.length - 1
  const order = orderOf(backends)
  for (let own = 0; own < count; own++) {
    given.fill(0)
    // Of the dead one's slots, another is due as many as it has of all others.
    const rate = (owned[own] as number) / (ring.length - (owned[own] as number))
    const mine = slots.subarray(starts[own], starts[own + 1])
    const later: number[] = []
    const give = (slot: number, round: (due: number) => number) => {
      for (let probe = 0; probe < patience; probe++) {
        const other = ring[drawn(slot, probe) & mask] as number
        if (other === own || (given[other] as number) >= round((owned[other] as number) * rate)) continue
        given[other] = (given[other] as number) + 1
        seconds[slot] = other
        return true
      }
      return false
    }
    // Whole slots that are due first; then what is left, one more at most.
    const first = mine.length < count ? [] : mine
    for (const slot of first) if (!give(slot, Math.floor)) later.push(slot)
    let next = 0
    for (const slot of first.length === 0 ? mine : later) {
      if (give(slot, Math.ceil)) continue
      // The last few go to whoever has room, in the order of names.
      for (;;) {
        const other = order[next] as number
        if (other !== own && (given[other] as number) < Math.ceil((owned[other] as number) * rate)) {
          given[other] = (given[other] as number) + 1
          seconds[slot] = other
          break
        }
        next = (next + 1) % count
      }
    }
  }
  return seconds
}

/** Indices in the order of names. */
function orderOf(backends: readonly WeightedBackend[]): Uint32Array {
  return Uint32Array.from(backends.keys()).sort((a, b) =>
    (backends[a] as WeightedBackend).name < (backends[b] as WeightedBackend).name ? -1 : 1,
  )
}

function drawn(slot: number, probe: number): number {
  let value = Math.imul(slot, 0x27d4eb2f) + Math.imul(probe + 1, 0x165667b1)

  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b)
  return (value ^ (value >>> 13)) >>> 0
}

/** FNV-1a with the finish of MurmurHash3: near names must lie far apart. */
function hash(text: string, seed: number): number {
  let value = seed

  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
