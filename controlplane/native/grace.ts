/** Waiting until no packet is inside a program that was started before now. */

import { arch } from 'node:process'
import { NativeError } from './errors.ts'
import { checked, fill, inBackground, libbpf } from './libbpf.ts'
import { Descriptor, libc } from './libc.ts'

const MEMBARRIER_CMD_GLOBAL = 1
const MEMBARRIER_CMD_QUERY = 0
const BPF_MAP_TYPE_ARRAY = 2
const BPF_MAP_TYPE_ARRAY_OF_MAPS = 12

/** membarrier's number: the only call here that glibc does not wrap. */
function membarrierNumber(): number | undefined {
  switch (arch) {
    case 'x64':
      return 324
    case 'arm64':
    case 'riscv64':
      return 283
    default:
      return undefined
  }
}

/**
 * Resolves when each packet that was under way at the time of the call has left our programs: membarrier is synchronize_rcu for
 * the whole machine. 6 ms in the mean, 32 ms at worst; the event loop goes on.
 */
export async function gracePeriod(): Promise<void> {
  const number = membarrierNumber()

  /* Kernels with nohz_full do not offer it. */
  if (number === undefined || (libc().syscall(number, MEMBARRIER_CMD_QUERY, 0, 0) & MEMBARRIER_CMD_GLOBAL) === 0) {
    replaceInnerMap()
    return
  }
  const result = await inBackground(libc().syscall, number, MEMBARRIER_CMD_GLOBAL, 0, 0)

  if (result < 0) throw new NativeError('refused', 'waiting for packets under way (membarrier)')
}

/** The kernel waits for RCU when the map inside of a map is replaced, so that programs have let go of the old one. */
function replaceInnerMap(): void {
  const create = (type: number, name: string, inner?: Descriptor): Descriptor =>
    new Descriptor(
      checked(
        libbpf().mapCreate(type, name, 4, 4, 1, inner ? fill('mapCreate', { inner_map_fd: inner.fd }) : null),
        'creating a map to wait by',
      ),
      name,
    )
  const inner = create(BPF_MAP_TYPE_ARRAY, 'grace_inner')
  const value = new Uint8Array(new Uint32Array([inner.fd]).buffer)
  let outer: Descriptor | undefined

  try {
    outer = create(BPF_MAP_TYPE_ARRAY_OF_MAPS, 'grace_outer', inner)
    checked(libbpf().update(outer.fd, new Uint8Array(4), value, 0), 'waiting for packets under way (map in map)')
  } finally {
    outer?.close()
    inner.close()
  }
}
