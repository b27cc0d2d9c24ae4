/** What one compilation leaves for the next: positions and classes that need not change, and vectors that need not be built again. */
import { Limit, Rule } from '../dataplane/abi.ts'
import { directions } from './order.ts'
import type { RingMemory } from './rings.ts'
import type { StableIds } from './tables.ts'
import { VectorPool } from './vectors.ts'

export interface Memory {
  /** Rule -> where it stood, by direction. */
  readonly positions: Map<string, number>[]
  vectors: VectorPool
  readonly rings: RingMemory
  /** Rises with each compilation. */
  generation: number
}

export function newMemory(): Memory {
  return { positions: directions.map(() => new Map()), vectors: new VectorPool(), rings: new Map(), generation: 0 }
}

/** From the rows that an earlier process has left in force: what is compiled again comes out as it stands there. */
export function recall({ rules, vectors }: { readonly rules: Uint8Array; readonly vectors: Uint8Array }, ids: StableIds): Memory {
  const memory = newMemory()
  const names = new Map([...ids.rules].map(([name, id]) => [id, name]))
  const rows = new DataView(rules.buffer, rules.byteOffset, rules.byteLength)

  for (const [direction, positions] of memory.positions.entries())
    for (let position = 0; position < Limit.ruleBits; position++) {
      const offset = (direction * Limit.ruleBits + position) * Rule.size
      const name = names.get(offset < rows.byteLength ? rows.getUint32(offset + Rule.offsets.ruleId, true) : 0)

      if (name !== undefined) positions.set(name, position)
    }
  memory.vectors.adopt(vectors)
  return memory
}
