/** The connection that a packet belongs to, read from its bytes: what a twin has to know before it is asked. Pure. */
import { ConnectionKey, Family } from './abi.ts'

const ETH_P_IP = 0x0800
const ETH_P_IPV6 = 0x86dd
const vlanProtocols: ReadonlySet<number> = new Set([0x8100, 0x88a8])
const ETHERNET_BYTES = 14
const VLAN_BYTES = 4
/** TCP, UDP, SCTP: protocols that begin with two ports. */
const portProtocols: ReadonlySet<number> = new Set([6, 17, 132])
/** Hop-by-hop, routing, destination options; the fragment and authentication headers count their length in their own way. */
const optionHeaders: ReadonlySet<number> = new Set([0, 43, 60])
const FRAGMENT_HEADER = 44
const AUTHENTICATION_HEADER = 51

/** struct connection_key of a frame, or undefined where it has no ports to be known by (later fragments, ICMP, frames cut short). */
export function connectionKeyOf(frame: Uint8Array): Uint8Array | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)

  try {
    let at = ETHERNET_BYTES
    let protocol = view.getUint16(at - 2)

    while (vlanProtocols.has(protocol)) {
      protocol = view.getUint16(at + 2)
      at += VLAN_BYTES
    }
    if (protocol === ETH_P_IP) return ipv4Key(view, at)
    return protocol === ETH_P_IPV6 ? ipv6Key(view, at) : undefined
  } catch (error) {
    /* DataView says by it that the frame ends here. */
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function ipv4Key(view: DataView, at: number): Uint8Array | undefined {
  const isLaterFragment = (view.getUint16(at + 6) & 0x1fff) !== 0

  if (isLaterFragment) return undefined
  const address = (offset: number): number[] => [view.getUint32(offset), 0, 0, 0]

  return key(view, Family.ipv4, view.getUint8(at + 9), at + (view.getUint8(at) & 0xf) * 4, address(at + 12), address(at + 16))
}

function ipv6Key(view: DataView, at: number): Uint8Array | undefined {
  const address = (offset: number): number[] => [0, 4, 8, 12].map(word => view.getUint32(offset + word))
  let next = view.getUint8(at + 6)
  let transport = at + 40

  for (;;) {
    if (optionHeaders.has(next)) {
      next = view.getUint8(transport)
      transport += (view.getUint8(transport + 1) + 1) * 8
    } else if (next === AUTHENTICATION_HEADER) {
      next = view.getUint8(transport)
      transport += (view.getUint8(transport + 1) + 2) * 4
    } else if (next === FRAGMENT_HEADER) {
      if ((view.getUint16(transport + 2) & 0xfff8) !== 0) return undefined
      next = view.getUint8(transport)
      transport += 8
    } else {
      return key(view, Family.ipv6, next, transport, address(at + 8), address(at + 24))
    }
  }
}

function key(
  view: DataView,
  family: Family,
  protocol: number,
  transport: number,
  source: number[],
  destination: number[],
): Uint8Array | undefined {
  if (!portProtocols.has(protocol)) return undefined
  const bytes = new Uint8Array(ConnectionKey.size)

  ConnectionKey.encode(new DataView(bytes.buffer), 0, {
    source,
    destination,
    sourcePort: view.getUint16(transport),
    destinationPort: view.getUint16(transport + 2),
    protocol,
    family,
    zone: 0,
  })
  return bytes
}
