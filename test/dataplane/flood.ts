/**
 * A process of its own that sends one frame out of a device again and again until its stdin ends: `flood DEVICE HEX [strangers]`.
 * Strangers: of TCP over IPv4, each frame from an address and port of its own, with checksums that only the first has right.
 */
import { listDevices } from '../../controlplane/native/netlink.ts'
import { openPacketSocket } from './wire.ts'

const [, , name = '', hex = '', strangers] = process.argv
const device = listDevices().find(({ name: candidate }) => candidate === name)

if (!device) throw new Error(`no device ${name}`)
const send = openPacketSocket(device.ifindex)
const frame = Buffer.from(hex, 'hex')
let sent = 0

/** 198.18.0.0/15 and any port. */
function vary(): void {
  frame.writeUInt32BE((0xc6120000 | Math.floor(Math.random() * 2 ** 17)) >>> 0, 26)
  frame.writeUInt16BE(1024 + Math.floor(Math.random() * 60_000), 34)
}

/** Bursts with room for the event loop in between. */
function burst(): void {
  for (let i = 0; i < 32; i++) {
    if (strangers) vary()
    sent += send(frame) ? 1 : 0
  }
  setImmediate(burst)
}

process.stdin
  .on('end', () => {
    process.stdout.write(`${sent}\n`, () => process.exit(0))
  })
  .resume()
burst()
