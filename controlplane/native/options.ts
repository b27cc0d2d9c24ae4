/** Option structs of libbpf in the field order of its headers; their sizes are asserted, since a wrong one would write past its end. */

import { NativeError } from './errors.ts'
import type { TypeObject } from './foreign.ts'
import { koffi } from './foreign.ts'

type Fields = Record<string, TypeObject | string>

/** A struct type without a name (names are global in koffi), of exactly `size` bytes on a 64-bit machine. */
function struct(name: string, size: number, fields: Fields): TypeObject {
  const type = koffi.struct(fields)

  if (koffi.sizeof(type) !== size)
    throw new NativeError('layout', `struct ${name} has ${koffi.sizeof(type)} bytes here and ${size} in libbpf`)
  return type
}

const u32 = 'uint32_t'
const u64 = 'uint64_t'
const size = 'size_t'
const pointer = 'void *'

/** bpf/bpf.h and bpf/libbpf.h of libbpf 1.1; newer ones append. */
export const options = {
  batch: struct('bpf_map_batch_opts', 24, { sz: size, elem_flags: u64, flags: u64 }),
  mapCreate: struct('bpf_map_create_opts', 48, {
    sz: size,
    btf_fd: u32,
    btf_key_type_id: u32,
    btf_value_type_id: u32,
    btf_vmlinux_value_type_id: u32,
    inner_map_fd: u32,
    map_flags: u32,
    map_extra: u64,
    numa_node: u32,
    map_ifindex: u32,
  }),
  linkCreate: struct('bpf_link_create_opts', 64, {
    sz: size,
    flags: u32,
    iter_info: pointer,
    iter_info_len: u32,
    target_btf_id: u32,
    /* A union whose largest member has these five fields. */
    kprobe_flags: u32,
    kprobe_cnt: u32,
    kprobe_syms: pointer,
    kprobe_addrs: pointer,
    kprobe_cookies: pointer,
  }),
  testRun: struct('bpf_test_run_opts', 80, {
    sz: size,
    data_in: pointer,
    data_out: pointer,
    data_size_in: u32,
    data_size_out: u32,
    ctx_in: pointer,
    ctx_out: pointer,
    ctx_size_in: u32,
    ctx_size_out: u32,
    retval: u32,
    repeat: 'int',
    duration: u32,
    flags: u32,
    cpu: u32,
    batch_size: u32,
  }),
  tcHook: struct('bpf_tc_hook', 24, { sz: size, ifindex: 'int', attach_point: u32, parent: u32 }),
  tc: struct('bpf_tc_opts', 32, { sz: size, prog_fd: 'int', flags: u32, prog_id: u32, handle: u32, priority: u32 }),
  xdpQuery: struct('bpf_xdp_query_opts', 32, {
    sz: size,
    prog_id: u32,
    drv_prog_id: u32,
    hw_prog_id: u32,
    skb_prog_id: u32,
    attach_mode: 'uint8_t',
  }),
} as const

export type OptionName = keyof typeof options

/** Values for `options[name]`: those given, and its size where libbpf looks for it. */
export function fill<Values extends object>(name: OptionName, values: Values): Values & { sz: number } {
  return { sz: koffi.sizeof(options[name]), ...values }
}
