/** libbpf's functions as they are in its headers, and what it says when one fails. */

import { NativeError } from './errors.ts'
import type { KoffiFunc, LibraryHandle } from './foreign.ts'
import { koffi } from './foreign.ts'
import { lastErrno, libc } from './libc.ts'
import type { OptionName } from './options.ts'
import { fill, options } from './options.ts'

type Bytes = Uint8Array | null
type Handle = bigint

export interface TestRunOptions {
  sz: number
  data_in: Bytes
  data_out: Bytes
  data_size_in: number
  data_size_out: number
  ctx_in: Bytes
  ctx_size_in: number
  retval: number
  repeat: number
  duration: number
  flags: number
  batch_size: number
}

export interface TcOptions {
  sz: number
  prog_fd?: number
  flags?: number
  prog_id?: number
  handle?: number
  priority?: number
}

type Batch = (fd: number, keys: Bytes, values: Bytes, count: Bytes, options: object | null) => number
type LookupBatch = (fd: number, inBatch: Bytes, outBatch: Bytes, keys: Bytes, values: Bytes, count: Bytes, options: object | null) => number
type DeleteBatch = (fd: number, keys: Bytes, count: Bytes, options: object | null) => number

function bind() {
  const library = openLibrary()
  const input = (name: OptionName) => koffi.pointer(options[name])
  const inout = (name: OptionName) => koffi.inout(koffi.pointer(options[name]))

  return {
    objectOpen: library.func('void *bpf_object__open_file(str path, void *options)') as (path: string, options: null) => Handle | null,
    objectLoad: library.func('int bpf_object__load(void *object)') as (object: Handle) => number,
    objectClose: library.func('void bpf_object__close(void *object)') as (object: Handle) => void,
    objectNextMap: library.func('void *bpf_object__next_map(void *object, void *map)') as (
      object: Handle,
      map: Handle | null,
    ) => Handle | null,
    objectFindProgram: library.func('void *bpf_object__find_program_by_name(void *object, str name)') as (
      object: Handle,
      name: string,
    ) => Handle | null,
    programFd: library.func('int bpf_program__fd(void *program)') as (program: Handle) => number,
    mapName: library.func('str bpf_map__name(void *map)') as (map: Handle) => string,
    mapFd: library.func('int bpf_map__fd(void *map)') as (map: Handle) => number,
    mapType: library.func('uint32_t bpf_map__type(void *map)') as (map: Handle) => number,
    mapFlags: library.func('uint32_t bpf_map__map_flags(void *map)') as (map: Handle) => number,
    mapKeySize: library.func('uint32_t bpf_map__key_size(void *map)') as (map: Handle) => number,
    mapValueSize: library.func('uint32_t bpf_map__value_size(void *map)') as (map: Handle) => number,
    mapMaxEntries: library.func('uint32_t bpf_map__max_entries(void *map)') as (map: Handle) => number,
    mapSetMaxEntries: library.func('int bpf_map__set_max_entries(void *map, uint32_t entries)') as (map: Handle, entries: number) => number,
    mapIsInternal: library.func('bool bpf_map__is_internal(void *map)') as (map: Handle) => boolean,
    mapReuse: library.func('int bpf_map__reuse_fd(void *map, int fd)') as (map: Handle, fd: number) => number,
    mapInitialValue: library.func('void *bpf_map__initial_value(void *map, _Out_ size_t *size)') as (
      map: Handle,
      size: [number],
    ) => Handle | null,

    lookup: library.func('int bpf_map_lookup_elem(int fd, void *key, void *value)') as (fd: number, key: Bytes, value: Bytes) => number,
    update: library.func('int bpf_map_update_elem(int fd, void *key, void *value, uint64_t flags)') as (
      fd: number,
      key: Bytes,
      value: Bytes,
      flags: number,
    ) => number,
    delete: library.func('int bpf_map_delete_elem(int fd, void *key)') as (fd: number, key: Bytes) => number,
    nextKey: library.func('int bpf_map_get_next_key(int fd, void *key, void *next)') as (fd: number, key: Bytes, next: Bytes) => number,
    updateBatch: library.func('bpf_map_update_batch', 'int', ['int', 'void *', 'void *', 'void *', input('batch')]) as KoffiFunc<Batch>,
    lookupBatch: library.func('bpf_map_lookup_batch', 'int', [
      'int',
      'void *',
      'void *',
      'void *',
      'void *',
      'void *',
      input('batch'),
    ]) as KoffiFunc<LookupBatch>,
    deleteBatch: library.func('bpf_map_delete_batch', 'int', ['int', 'void *', 'void *', input('batch')]) as KoffiFunc<DeleteBatch>,
    mapCreate: library.func('bpf_map_create', 'int', ['uint32_t', 'str', 'uint32_t', 'uint32_t', 'uint32_t', input('mapCreate')]) as (
      type: number,
      name: string,
      keySize: number,
      valueSize: number,
      entries: number,
      options: object | null,
    ) => number,

    pin: library.func('int bpf_obj_pin(int fd, str path)') as (fd: number, path: string) => number,
    get: library.func('int bpf_obj_get(str path)') as (path: string) => number,
    info: library.func('int bpf_obj_get_info_by_fd(int fd, void *info, void *length)') as (
      fd: number,
      info: Bytes,
      length: Bytes,
    ) => number,
    testRun: library.func('bpf_prog_test_run_opts', 'int', ['int', inout('testRun')]) as (fd: number, options: TestRunOptions) => number,
    linkCreate: library.func('bpf_link_create', 'int', ['int', 'int', 'uint32_t', input('linkCreate')]) as (
      programFd: number,
      ifindex: number,
      attachType: number,
      options: object | null,
    ) => number,
    linkUpdate: library.func('int bpf_link_update(int link, int program, void *options)') as (
      link: number,
      program: number,
      options: null,
    ) => number,
    linkDetach: library.func('int bpf_link_detach(int link)') as (link: number) => number,
    tcHookCreate: library.func('bpf_tc_hook_create', 'int', [input('tcHook')]) as (hook: object) => number,
    tcHookDestroy: library.func('bpf_tc_hook_destroy', 'int', [input('tcHook')]) as (hook: object) => number,
    tcAttach: library.func('bpf_tc_attach', 'int', [input('tcHook'), inout('tc')]) as (hook: object, options: TcOptions) => number,
    tcDetach: library.func('bpf_tc_detach', 'int', [input('tcHook'), input('tc')]) as (hook: object, options: TcOptions) => number,
    tcQuery: library.func('bpf_tc_query', 'int', [input('tcHook'), inout('tc')]) as (hook: object, options: TcOptions) => number,
    xdpQuery: library.func('bpf_xdp_query', 'int', ['int', 'int', inout('xdpQuery')]) as (
      ifindex: number,
      flags: number,
      options: { sz: number; attach_mode?: number; prog_id?: number },
    ) => number,
    possibleCpus: library.func('int libbpf_num_possible_cpus()') as () => number,
  }
}

function openLibrary(): LibraryHandle {
  try {
    const library = koffi.load('libbpf.so.1')

    collectLog(library)
    return library
  } catch (error) {
    throw new NativeError('missing', `loading libbpf.so.1: ${error instanceof Error ? error.message : String(error)}`, {
      remedy: 'apt-get install libbpf1',
    })
  }
}

/** Lines of the log that an error carries: libbpf's own, and the end of what the verifier said. */
const LOG_LINES = 40
const LOG_BYTES = 16_384
let lines: string[] = []

/** Replaces libbpf's printing to stderr: warnings are kept until somebody asks for them. */
function collectLog(library: LibraryHandle): void {
  const LIBBPF_WARN = 0
  const type = koffi.proto('int drawgate_print(int level, void *format, void *values)')
  const setPrint = library.func('void *libbpf_set_print(drawgate_print *print)') as (print: bigint) => void

  setPrint(
    koffi.register((level: number, format: bigint, values: bigint): number => {
      if (level > LIBBPF_WARN) return 0
      const text: [bigint | null] = [null]
      const length = libc().vasprintf(text, format, values)

      if (length < 0 || text[0] === null) return 0
      const start = Math.max(0, length - LOG_BYTES)
      const tail = koffi.decode.string(text[0] + BigInt(start), length - start)

      libc().free(text[0])
      lines = [...lines, ...tail.split('\n').filter(line => line.trim() !== '')].slice(-LOG_LINES)
      return length
    }, koffi.pointer(type)),
  )
}

/** What libbpf has said since the last call. */
export function takeLog(): readonly string[] {
  const taken = lines

  lines = []
  return taken
}

let bound: ReturnType<typeof bind> | undefined

/** Bound at first use, so that a client of the API needs no libbpf. */
export function libbpf(): ReturnType<typeof bind> {
  bound ??= bind()
  return bound
}

/** libbpf answers minus errno; passes other results through. */
export function checked(result: number, step: string, remedy?: string): number {
  const log = takeLog()

  if (result < 0) throw new NativeError('refused', step, { errno: -result, log, ...(remedy ? { remedy } : {}) })
  return result
}

/** libbpf answers NULL and sets errno. */
export function checkedHandle(result: Handle | null, step: string): Handle {
  const log = takeLog()

  if (result === null) throw new NativeError('refused', step, { errno: lastErrno(), log })
  return result
}

/** A call on a worker thread of koffi: for those that wait for the kernel or move many entries. `keep` is not collected meanwhile. */
export function inBackground<Arguments extends unknown[]>(
  call: { async: (...rest: [...Arguments, (error: unknown, result: number) => void]) => void },
  ...values: Arguments
): Promise<number> {
  return new Promise((resolve, reject) => {
    call.async(...values, (error, result) => {
      /* Buffers among `values` stay reachable until here, as the thread writes into them. */
      values.length = 0
      if (error) reject(error)
      else resolve(result)
    })
  })
}

export { fill }
