/** What this machine refused: one error class for system calls, libbpf and handles, with the step, the cause and what to do about it. */
import { getSystemErrorMap } from 'node:util'

/**
 * - `refused`: the kernel or libbpf said no; `errno` says why.
 * - `closed`: a handle was used after it was closed.
 * - `missing`: something that must be installed, built or mounted first is not there.
 * - `layout`: an object file, a pinned map and this program do not agree on the layout of maps.
 * - `capacity`: tables do not fit into the maps; nothing was changed.
 * - `order`: called at a moment at which it cannot be answered.
 */
export type NativeCode = 'refused' | 'closed' | 'missing' | 'layout' | 'capacity' | 'order'

export interface NativeDetail {
  /** Positive, as in errno.h. */
  readonly errno?: number
  readonly remedy?: string
  /** What libbpf or the verifier had to say, last lines last. */
  readonly log?: readonly string[]
}

export class NativeError extends Error {
  override readonly name = 'NativeError'
  readonly code: NativeCode
  /** What was being done, in words. */
  readonly step: string
  readonly errno: number | undefined
  readonly remedy: string | undefined
  readonly log: readonly string[]

  constructor(code: NativeCode, step: string, detail: NativeDetail = {}) {
    super(messageOf(step, detail))
    this.code = code
    this.step = step
    this.errno = detail.errno
    this.remedy = detail.remedy ?? remedyFor(detail.errno)
    this.log = detail.log ?? []
  }
}

/** Numbers that this folder tells apart (Linux, asm-generic). */
export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  E2BIG: 7,
  EAGAIN: 11,
  ENOMEM: 12,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ENOSPC: 28,
  EOPNOTSUPP: 95,
  ENOBUFS: 105,
} as const

export function errnoText(errno: number): string {
  const [name, text] = getSystemErrorMap().get(-errno) ?? [`errno ${errno}`, 'unknown error']

  return `${text} (${name})`
}

function messageOf(step: string, detail: NativeDetail): string {
  const cause = detail.errno === undefined ? '' : `: ${errnoText(detail.errno)}`
  const remedy = detail.remedy ?? remedyFor(detail.errno)
  const log = detail.log?.length ? `\n${detail.log.join('\n')}` : ''

  return `${step}${cause}${remedy ? `; ${remedy}` : ''}${log}`
}

function remedyFor(errno: number | undefined): string | undefined {
  switch (errno) {
    case Errno.EPERM:
      return 'run as root, or with CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON'
    case Errno.ENOMEM:
      return 'free memory, or open with a smaller capacity'
    default:
      return undefined
  }
}
