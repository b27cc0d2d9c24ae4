/** Which address this host has on each device: see `device_addresses` in maps.h. */
import type { BpfMap } from '../native/map.ts'
import type { Address } from '../native/netlink.ts'
import { DeviceAddress } from './abi.ts'

interface Row {
  ipv4?: Uint8Array
  ipv6?: Uint8Array
}

/** Makes the map say what is so. The first address of a family counts, as it does where the kernel chooses. */
export function writeAddresses(map: BpfMap, addresses: readonly Address[]): void {
  const rows = new Map<number, Row>()

  for (const { ifindex, family, address } of addresses) {
    if (isLinkLocal(address)) continue
    const row = rows.get(ifindex) ?? {}

    rows.set(ifindex, family === 4 ? { ipv4: address, ...row } : { ipv6: address, ...row })
  }
  for (const key of [...keysOf(map)]) if (!rows.has(new DataView(key.buffer).getUint32(0, true))) map.delete(key)
  for (const [ifindex, row] of rows) map.update(new Uint8Array(new Uint32Array([ifindex]).buffer), encode(row))
}

function* keysOf(map: BpfMap): Generator<Uint8Array> {
  for (let key = map.nextKey(); key; key = map.nextKey(key)) yield key
}

function encode({ ipv4, ipv6 }: Row): Uint8Array {
  const view = new DataView(new ArrayBuffer(DeviceAddress.size))

  DeviceAddress.encode(view, 0, { ipv4: ipv4 ? (wordsOf(ipv4)[0] ?? 0) : 0, ipv6: ipv6 ? wordsOf(ipv6) : [0, 0, 0, 0] })
  return new Uint8Array(view.buffer)
}

function wordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

  return Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(at * 4))
}

/** Nobody on another link can answer to it. */
function isLinkLocal(address: Uint8Array): boolean {
  return address.length === 16 && address[0] === 0xfe && ((address[1] ?? 0) & 0xc0) === 0x80
}
