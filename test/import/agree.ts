/** An imported policy against its original, packet by packet: what the notes announce may differ, in the way that they say, and nothing else. */
import type { Imported } from '../../controlplane/import/import.ts'
import type { Note } from '../../controlplane/import/note.ts'
import { type Box, ifindex, openBox } from '../dataplane/box.ts'
import { describe } from '../lab/packet.ts'
import { here, type Original } from './original.ts'

/** linux/bpf.h */
const xdpPass = 2
/** Said of every file, and of nothing that these packets do. */
const general = (note: Note) => note.line === 0

export interface Framed {
  readonly frame: Uint8Array
  readonly routed: boolean
}

export class Referee {
  pairs = 0
  exact = 0
  passed = 0
  #box: Box | undefined

  /** Undefined, or the first packet that is treated in a way that no note tells of. */
  async difference(original: Original, imported: Imported, frames: readonly Framed[]): Promise<string | undefined> {
    const told = imported.notes.filter(note => !general(note)).map(({ effect }) => effect)
    const may = { passMore: told.some(effect => effect.startsWith('passes')), dropMore: told.some(effect => effect.endsWith('drops more')) }
    const device = ifindex('in0')
    const before = original.passes(frames.map(({ frame }) => frame))

    this.#box ??= await openBox({ local: [here.ip, '10.0.0.1', here.ip6, 'fd00::1'] })
    const { policy } = imported
    await this.#box.apply({ ...policy, defaults: { ...policy.defaults, connections: { pickUp: false } } })
    if (!may.passMore && !may.dropMore) this.exact++
    const stricter = imported.notes.some(({ text, effect }) => text === 'input' && effect === 'drops more')
    for (const [at, { frame, routed }] of frames.entries()) {
      const passes = this.#box.dataplane.runProgram('xdp_ingress', frame, { ifindex: device }).returnCode === xdpPass
      const passed = before[at] as boolean
      this.pairs++
      if (passed) this.passed++
      if (passes === passed || (passes && may.passMore) || (!passes && (may.dropMore || (routed && stricter)))) continue
      return [
        describe(frame, { ethernet: true }),
        `the original ${passed ? 'lets it through' : 'drops it'}, the policy does not`,
        JSON.stringify(policy, undefined, 1),
        ...imported.notes.map(note => JSON.stringify(note)),
      ].join('\n')
    }
    return undefined
  }

  close(): void {
    this.#box?.dataplane.close()
    this.#box = undefined
  }
}
