/** Messages of rtnetlink as bytes: requests for dumps, and what is in the answers. Pure; the socket is in netlink.ts. */

export interface Link {
  readonly name: string
  readonly ifindex: number
  /** ARPHRD_*: 1 Ethernet, 772 loopback, 65534 none (tun). */
  readonly type: number
  /** How it was made: `veth`, `tun`, `bridge`; empty for hardware. */
  readonly kind: string
  readonly mtu: number
  readonly up: boolean
  /** `02:00:00:00:00:01`; empty where it has none. */
  readonly mac: string
}

export interface Address {
  readonly ifindex: number
  readonly family: 4 | 6
  /** Network order, 4 or 16 bytes. */
  readonly address: Uint8Array
}

export interface Message {
  readonly type: number
  readonly flags: number
  readonly body: Uint8Array
}

export const MessageType = {
  error: 2,
  done: 3,
  newLink: 16,
  delLink: 17,
  getLink: 18,
  newAddress: 20,
  delAddress: 21,
  getAddress: 22,
  newFilter: 44,
  getFilter: 46,
} as const

export const MessageFlag = { request: 1, dump: 0x300, dumpInterrupted: 0x10 } as const

const HEADER = 16
const IFLA_ADDRESS = 1
const IFLA_IFNAME = 3
const IFLA_MTU = 4
const IFLA_LINKINFO = 18
const IFLA_INFO_KIND = 1
const IFLA_EXT_MASK = 29
const RTEXT_FILTER_SKIP_STATS = 8
const IFF_UP = 1
const IFA_ADDRESS = 1
const IFA_LOCAL = 2
const AF_INET = 2
const AF_INET6 = 10
const TYPE_MASK = 0x3fff

function request(type: number, sequence: number, body: Uint8Array): Uint8Array {
  const message = new Uint8Array(HEADER + body.length)
  const view = new DataView(message.buffer)

  view.setUint32(0, message.length, true)
  view.setUint16(4, type, true)
  view.setUint16(6, MessageFlag.request | MessageFlag.dump, true)
  view.setUint32(8, sequence, true)
  message.set(body, HEADER)
  return message
}

/** Asks for every link, without its statistics. */
export function linkDump(sequence: number): Uint8Array {
  const body = new Uint8Array(16 + 8)
  const view = new DataView(body.buffer)

  view.setUint16(16, 8, true)
  view.setUint16(18, IFLA_EXT_MASK, true)
  view.setUint32(20, RTEXT_FILTER_SKIP_STATS, true)
  return request(MessageType.getLink, sequence, body)
}

/** Asks for every address of both families. */
export function addressDump(sequence: number): Uint8Array {
  return request(MessageType.getAddress, sequence, new Uint8Array(8))
}

/** Asks for the filters of a clsact hook. */
export function filterDump(sequence: number, ifindex: number, direction: 'ingress' | 'egress'): Uint8Array {
  const body = new Uint8Array(20)
  const view = new DataView(body.buffer)

  view.setInt32(4, ifindex, true)
  view.setUint32(12, direction === 'ingress' ? 0xffff_fff2 : 0xffff_fff3, true)
  return request(MessageType.getFilter, sequence, body)
}

/** The messages in what one `recv` has answered; stops at one that is cut short. */
export function* messages(bytes: Uint8Array): Generator<Message> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

  for (let at = 0; at + HEADER <= bytes.length; ) {
    const length = view.getUint32(at, true)

    if (length < HEADER || at + length > bytes.length) return
    yield { type: view.getUint16(at + 4, true), flags: view.getUint16(at + 6, true), body: bytes.subarray(at + HEADER, at + length) }
    at += Math.ceil(length / 4) * 4
  }
}

/** Positive errno of an error message; 0 is an acknowledgement. */
export function errorOf(body: Uint8Array): number {
  return body.length < 4 ? 0 : -new DataView(body.buffer, body.byteOffset).getInt32(0, true)
}

function attributes(bytes: Uint8Array): Map<number, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = new Map<number, Uint8Array>()

  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = view.getUint16(at, true)

    if (length < 4 || at + length > bytes.length) break
    found.set(view.getUint16(at + 2, true) & TYPE_MASK, bytes.subarray(at + 4, at + length))
    at += Math.ceil(length / 4) * 4
  }
  return found
}

function textOf(bytes: Uint8Array | undefined): string {
  if (!bytes) return ''
  const end = bytes.indexOf(0)

  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
}

function numberOf(bytes: Uint8Array | undefined): number {
  return bytes && bytes.length >= 4 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) : 0
}

/** A link out of RTM_NEWLINK; undefined for what is not a whole one. */
export function linkOf(body: Uint8Array): Link | undefined {
  if (body.length < 16) return undefined
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const attribute = attributes(body.subarray(16))
  const info = attribute.get(IFLA_LINKINFO)
  const mac = attribute.get(IFLA_ADDRESS) ?? new Uint8Array()

  return {
    name: textOf(attribute.get(IFLA_IFNAME)),
    ifindex: view.getInt32(4, true),
    type: view.getUint16(2, true),
    kind: info ? textOf(attributes(info).get(IFLA_INFO_KIND)) : '',
    mtu: numberOf(attribute.get(IFLA_MTU)),
    up: (view.getUint32(8, true) & IFF_UP) !== 0,
    mac: [...mac].map(byte => byte.toString(16).padStart(2, '0')).join(':'),
  }
}

/** This host's own address out of RTM_NEWADDR. */
export function addressOf(body: Uint8Array): Address | undefined {
  if (body.length < 8) return undefined
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const attribute = attributes(body.subarray(8))
  /* On a point-to-point link IFA_ADDRESS is the other end. */
  const address = attribute.get(IFA_LOCAL) ?? attribute.get(IFA_ADDRESS)
  const family = view.getUint8(0)

  if (!address || !((family === AF_INET && address.length === 4) || (family === AF_INET6 && address.length === 16))) return undefined
  return { ifindex: view.getUint32(4, true), family: family === AF_INET ? 4 : 6, address: address.slice() }
}
