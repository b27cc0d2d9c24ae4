/** A process of its own that sends one frame out of a device again and again until its stdin ends: `flood DEVICE HEX`. */
import { listDevices } from '../../controlplane/native/netlink.ts'
import { openPacketSocket } from './wire.ts'

const [, , name = '', hex = ''] = process.argv
const device = listDevices().find(({ name: candidate }) => candidate === name)

if (!device) throw new Error(`no device ${name}`)
const send = openPacketSocket(device.ifindex)
const frame = Buffer.from(hex, 'hex')
let sent = 0

/** Bursts with room for the event loop in between. */
function burst(): void {
  for (let i = 0; i < 32; i++) sent += send(frame) ? 1 : 0
  setImmediate(burst)
}

process.stdin
  .on('end', () => {
    process.stdout.write(`${sent}\n`, () => process.exit(0))
  })
  .resume()
burst()
