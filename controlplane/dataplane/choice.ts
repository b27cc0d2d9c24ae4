/** Which backend a slot's flows go to: what ring.h does, for those who have to know it beforehand. */
import { Limit } from './abi.ts'

/** A service's ring on one side. */
export interface Ring {
  /** Slot -> stable id; empty: no backend takes connections. */
  readonly firsts: Uint32Array
  readonly seconds: Uint32Array
  readonly isLastKnown: boolean
}

/** What health makes of it. */
export interface Health {
  readonly isUp: (backend: number) => boolean
  /** As in `struct service_state`. */
  readonly survivor: number
}

/** Of a slot of the ring; 0: none. */
export function choose({ firsts, seconds, isLastKnown }: Ring, slot: number, { isUp, survivor }: Health): number {
  const first = firsts[slot] ?? 0

  if (first === 0 || survivor === 0 || isUp(first)) return first
  if (survivor === Limit.nobody) return isLastKnown ? first : 0
  const second = seconds[slot] as number
  if (isUp(second)) return second
  for (let probe = 0; probe < Limit.standInProbes; probe++) {
    const other = firsts[probedSlot(slot, probe, firsts.length)] as number
    if (isUp(other)) return other
  }
  return survivor !== 0 && isUp(survivor) ? survivor : 0
}

function probedSlot(slot: number, probe: number, slots: number): number {
  let hash = (Math.imul(slot, 0x9e3779b1) + Math.imul(probe, 0x85ebca6b)) >>> 0

  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0
  return (hash ^ (hash >>> 16)) & (slots - 1)
}
