/** Pins: names in bpffs by which maps, programs and links outlive the process. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NativeError } from '../native/errors.ts'
import type { Descriptor } from '../native/libc.ts'
import { mount } from '../native/libc.ts'
import { openPinned } from '../native/map.ts'

const BPFFS_MAGIC = 0xcafe4a11
const BPFFS = '/sys/fs/bpf'

/** No dots: bpffs refuses them. */
const TEMPORARY = 'new_'

function isBpffs(path: string): boolean {
  return statfsSync(path).type >>> 0 === BPFFS_MAGIC
}

function nearest(path: string): string {
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path)
  return path
}

/** Mounts a bpffs on /sys/fs/bpf where there is none and the pins are to be there. */
export function ensureBpffs(pinDir: string): void {
  if (isBpffs(nearest(pinDir))) return
  const inside = pinDir === BPFFS || pinDir.startsWith(`${BPFFS}/`)

  if (!inside || !existsSync(BPFFS))
    throw new NativeError('missing', `${pinDir} is not on a bpffs`, {
      remedy: `choose a directory below ${BPFFS}, or mount -t bpf bpf ${nearest(pinDir)}`,
    })
  mount('bpf', BPFFS)
}

/** One directory of pins. */
export class Pins {
  readonly directory: string

  /** `create`: makes the directory, and mounts a bpffs if need be. */
  constructor(directory: string, create: boolean) {
    this.directory = directory
    if (!create) return
    ensureBpffs(directory)
    if (directory.slice(nearest(directory).length).includes('.'))
      throw new NativeError('missing', `pins cannot be made in ${directory}`, {
        remedy: 'bpffs takes no dots in names: choose a directory without',
      })
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  }

  path(name: string): string {
    return join(this.directory, name)
  }

  list(): string[] {
    return existsSync(this.directory)
      ? readdirSync(this.directory)
          .filter(name => !name.startsWith(TEMPORARY))
          .sort()
      : []
  }

  open(name: string): Descriptor | undefined {
    return openPinned(this.path(name))
  }

  /** Pins under a name; what stood there before is replaced in one step, so that the name is never absent. */
  place(name: string, object: { pin: (path: string) => void }): void {
    const temporary = this.path(`${TEMPORARY}${name}`)

    /* Left over by a process that was killed between the two steps. */
    rmSync(temporary, { force: true })
    object.pin(temporary)
    renameSync(temporary, this.path(name))
  }

  remove(name: string): void {
    rmSync(this.path(name), { force: true })
  }

  /** Removes what a killed process left half done, and the directory if nothing is in it. */
  removeDirectory(): void {
    if (!existsSync(this.directory)) return
    for (const name of readdirSync(this.directory)) {
      if (name.startsWith(TEMPORARY)) this.remove(name)
    }
    if (readdirSync(this.directory).length === 0) rmdirSync(this.directory)
  }
}
