/** The C library: file descriptors, memory, sockets. Nothing here knows of BPF. */

import { Errno, NativeError } from './errors.ts'
import type { KoffiFunc } from './foreign.ts'
import { koffi } from './foreign.ts'

type Pointer = bigint | null
type Bytes = Uint8Array | null

function bind() {
  const library = koffi.load('libc.so.6')

  return {
    close: library.func('int close(int fd)') as (fd: number) => number,
    fcntl: library.func('int fcntl(int fd, int command, long argument)') as (fd: number, command: number, argument: number) => number,
    flock: library.func('int flock(int fd, int operation)') as (fd: number, operation: number) => number,
    mmap: library.func('void *mmap(void *address, size_t length, int protection, int flags, int fd, long offset)') as (
      address: Pointer,
      length: number,
      protection: number,
      flags: number,
      fd: number,
      offset: number,
    ) => bigint,
    munmap: library.func('int munmap(void *address, size_t length)') as (address: bigint, length: number) => number,
    syscall: library.func('long syscall(long number, long first, long second, long third)') as KoffiFunc<
      (number: number, first: number, second: number, third: number) => number
    >,
    socket: library.func('int socket(int domain, int type, int protocol)') as (domain: number, type: number, protocol: number) => number,
    bind: library.func('int bind(int fd, void *address, uint32_t length)') as (fd: number, address: Bytes, length: number) => number,
    send: library.func('long send(int fd, void *data, size_t length, int flags)') as (
      fd: number,
      data: Bytes,
      length: number,
      flags: number,
    ) => number,
    recv: library.func('long recv(int fd, void *data, size_t length, int flags)') as (
      fd: number,
      data: Bytes,
      length: number,
      flags: number,
    ) => number,
    getsockopt: library.func('int getsockopt(int fd, int level, int name, void *value, void *length)') as (
      fd: number,
      level: number,
      name: number,
      value: Bytes,
      length: Bytes,
    ) => number,
    setsockopt: library.func('int setsockopt(int fd, int level, int name, void *value, uint32_t length)') as (
      fd: number,
      level: number,
      name: number,
      value: Bytes,
      length: number,
    ) => number,
    ioctl: library.func('int ioctl(int fd, unsigned long request, void *argument)') as (
      fd: number,
      request: number,
      argument: Bytes,
    ) => number,
    clock_gettime: library.func('int clock_gettime(int clock, void *time)') as (clock: number, time: Bytes) => number,
    unshare: library.func('int unshare(int flags)') as (flags: number) => number,
    mount: library.func('int mount(str source, str target, str type, unsigned long flags, void *data)') as (
      source: string,
      target: string,
      type: string,
      flags: number,
      data: Pointer,
    ) => number,
    vasprintf: library.func('int vasprintf(_Out_ void **text, void *format, void *values)') as (
      text: [Pointer],
      format: bigint,
      values: bigint,
    ) => number,
    free: library.func('void free(void *address)') as (address: bigint) => void,
  }
}

let bound: ReturnType<typeof bind> | undefined

/** Bound at first use, so that a client that never touches the kernel does not load it. */
export function libc(): ReturnType<typeof bind> {
  bound ??= bind()
  return bound
}

/** Where a buffer lies, for structs that hold pointers. The caller keeps the buffer in reach for as long as the call takes. */
export function addressInMemory(bytes: Uint8Array): bigint {
  return koffi.address(bytes)
}

/** What a call that answers -1 left in errno. */
export function lastErrno(): number {
  return koffi.errno()
}

/** Passes a result through, or throws with errno when it says that the call failed. */
export function check(result: number, step: string, remedy?: string): number {
  if (result < 0) throw new NativeError('refused', step, { errno: lastErrno(), ...(remedy ? { remedy } : {}) })
  return result
}

/** A file descriptor that we own. Closing twice is harmless, using it afterwards throws. */
export class Descriptor {
  readonly what: string
  #fd: number

  constructor(fd: number, what: string) {
    this.#fd = fd
    this.what = what
  }

  get fd(): number {
    if (this.#fd < 0) throw new NativeError('closed', `${this.what} is closed`, { remedy: 'keep it open for as long as it is used' })
    return this.#fd
  }

  get closed(): boolean {
    return this.#fd < 0
  }

  /** Takes its own hold of a descriptor that somebody else (a bpf_object) will close. */
  static duplicate(fd: number, what: string): Descriptor {
    const F_DUPFD_CLOEXEC = 1030

    return new Descriptor(check(libc().fcntl(fd, F_DUPFD_CLOEXEC, 3), `duplicating ${what}`), what)
  }

  close(): void {
    if (this.#fd < 0) return
    libc().close(this.#fd)
    this.#fd = -1
  }
}

/**
 * Takes the lock of an open file or directory for this process alone, or answers false where somebody has it. The kernel gives it
 * back when the descriptor is closed, however the process ends.
 */
export function lockExclusively({ fd, what }: Descriptor): boolean {
  const LOCK_EX = 2
  const LOCK_NB = 4

  if (libc().flock(fd, LOCK_EX | LOCK_NB) === 0) return true
  const errno = lastErrno()
  if (errno === Errno.EAGAIN) return false
  throw new NativeError('refused', `locking ${what}`, { errno })
}

const PROT_READ = 1
const PROT_WRITE = 2
const MAP_SHARED = 1
const MAP_PRIVATE = 2
const MAP_FIXED = 0x10
const MAP_ANONYMOUS = 0x20
const MAP_NORESERVE = 0x4000
const MAP_FAILED = 0xffff_ffff_ffff_ffffn

/** Gives the addresses of closed mappings back once no script can reach them any more. */
const abandoned = new FinalizationRegistry<{ address: bigint; length: number }>(({ address, length }) => {
  libc().munmap(address, length)
})

/**
 * A file's bytes in our memory. JavaScript cannot take an ArrayBuffer back, so that `close` puts empty private memory where the
 * file was: a forgotten view then reads zeros and writes into nothing, and cannot crash the process.
 */
export class Mapping {
  readonly length: number
  readonly what: string
  readonly #address: bigint
  #buffer: ArrayBuffer | undefined

  /** `length` bytes of the file. A store into one that is only `readable` ends the process. */
  constructor(fd: number, length: number, what: string, { offset = 0, readable = false } = {}) {
    const address = libc().mmap(null, length, readable ? PROT_READ : PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset)

    if (address === MAP_FAILED) throw new NativeError('refused', `mapping ${what}`, { errno: lastErrno() })
    this.length = length
    this.what = what
    this.#address = address
    this.#buffer = koffi.view(address, length)
  }

  get buffer(): ArrayBuffer {
    if (!this.#buffer) throw new NativeError('closed', `the mapping of ${this.what} is closed`)
    return this.#buffer
  }

  close(): void {
    if (!this.#buffer) return
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE

    libc().mmap(this.#address, this.length, PROT_READ | PROT_WRITE, flags, -1, 0)
    abandoned.register(this.#buffer, { address: this.#address, length: this.length })
    this.#buffer = undefined
  }
}

/**
 * Calls back whenever `fd` can be read, and keeps the process alive until it is ended by the function that it answers. The library
 * calls from outside of Node's own turns and must not do so while Node ends: hence setImmediate and the hook.
 */
export function watchReadable(fd: number, callback: () => void): () => void {
  const handle = koffi.node.poll(fd, { readable: true }, () => {
    setImmediate(callback)
  })
  const stop = (): void => {
    process.off('exit', stop)
    handle.close()
  }

  process.on('exit', stop)
  return stop
}

export interface PeerCredentials {
  readonly pid: number
  readonly uid: number
  readonly gid: number
}

/** Who connected a unix socket, as the kernel noted it at that moment. Throws for other sockets. */
export function peerCredentials(fd: number): PeerCredentials {
  const SOL_SOCKET = 1
  const SO_PEERCRED = 17
  const credentials = new Uint32Array(3)
  const length = new Uint32Array([credentials.byteLength])
  const bytes = (array: Uint32Array): Uint8Array => new Uint8Array(array.buffer)

  check(libc().getsockopt(fd, SOL_SOCKET, SO_PEERCRED, bytes(credentials), bytes(length)), 'asking who is at the other end of a socket')
  const [pid = 0, uid = 0, gid = 0] = credentials

  /* The kernel answers pid 0 and uid -1 for a socket that has no such peer. */
  if (uid === 0xffff_ffff)
    throw new NativeError('refused', 'asking who is at the other end of a socket', {
      errno: Errno.EINVAL,
      remedy: 'only unix sockets know',
    })
  return { pid, uid, gid }
}

/** Mounts a file system; throws with what to do where that is not allowed. */
export function mount(type: string, target: string): void {
  check(libc().mount(type, target, type, 0, null), `mounting ${type} on ${target}`, `as root: mount -t ${type} ${type} ${target}`)
}
