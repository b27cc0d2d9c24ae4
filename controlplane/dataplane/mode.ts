/** The emergency switch: one row that every packet looks at, outside of sides and revisions. */
import { NativeError } from '../native/errors.ts'
import { BpfMap } from '../native/map.ts'
import { Layout, Mode, ModeRow, modeNames } from './abi.ts'
import { Pins } from './pins.ts'

export type ModeName = (typeof modeNames)[number]
export { modeNames } from './abi.ts'

export interface ModeSetting {
  readonly mode: ModeName
  /** CLOCK_BOOTTIME, seconds: `enforce` from then on; 0: never. */
  readonly expiresS: number
}

export class ModeSwitch {
  readonly #map: BpfMap

  constructor(map: BpfMap) {
    this.#map = map
  }

  /** That of a daemon that need not run. @throws NativeError where none has left its tables. */
  static open(pinDir: string): ModeSwitch {
    const descriptor = new Pins(`${pinDir}/v${Layout.version}`, false).open('maps_modes')

    if (!descriptor)
      throw new NativeError('missing', `nothing of drawgate is pinned at ${pinDir}`, { remedy: 'name the --pin-dir of the daemon' })
    return new ModeSwitch(new BpfMap(descriptor))
  }

  get(): ModeSetting {
    const row = this.#map.lookup(new Uint8Array(4)) ?? new Uint8Array(ModeRow.size)
    const { mode, expiresS } = ModeRow.decode(new DataView(row.buffer), 0)

    return { mode: modeNames[mode] ?? 'enforce', expiresS: Number(expiresS) }
  }

  /** In force with the next packet. */
  set({ mode, expiresS }: ModeSetting): void {
    const row = new Uint8Array(ModeRow.size)

    ModeRow.encode(new DataView(row.buffer), 0, { mode: Mode[mode], expiresS: BigInt(expiresS) })
    this.#map.update(new Uint8Array(4), row)
  }

  close(): void {
    this.#map.close()
  }
}
