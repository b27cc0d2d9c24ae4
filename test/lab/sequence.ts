/**
 * Numbered frames through a lab: `sequence send DEVICE HEX…` sends the frames in turn, each with the next number in its last eight
 * bytes, until its input ends, and tells when each was sent; `sequence receive DEVICE` tells which arrived, and when. Times are
 * milliseconds of a clock that all processes share.
 */
import { listDevices } from '../../controlplane/native/netlink.ts'
import { openPacketSocket, readFrames } from '../dataplane/wire.ts'
import { type Bytes, join } from './wire.ts'

export interface Sent {
  /** By number: when sending began and when it was done. Number n was frame n modulo their count. */
  began: number[]
  done: number[]
}

export interface Received {
  number: number[]
  at: number[]
}

/** Lines while it sends: one for so many frames. */
export const framesPerLine = 240
/** Of what the frames end with: a mark, and room for the number and its complement, which leave checksums as they are. */
const mark = Uint8Array.from(Buffer.from('numbered'))
export const numberedPayload: Bytes = join(mark, Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255))
const [, script, mode, name, ...frames] = process.argv

/** CLOCK_MONOTONIC. */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

function deviceIndex(): number {
  const device = listDevices().find(candidate => candidate.name === name)
  if (device === undefined) throw new Error(`no device ${name}`)
  return device.ifindex
}

function send(): void {
  const put = openPacketSocket(deviceIndex())
  const bytes = frames.map(hex => Uint8Array.from(Buffer.from(hex, 'hex')))
  const sent: Sent = { began: [], done: [] }
  const burst = () => {
    for (const frame of bytes) {
      const view = new DataView(frame.buffer)
      const number = sent.began.length

      view.setUint32(frame.length - 8, number)
      view.setUint32(frame.length - 4, ~number)
      sent.began.push(clockMs())
      if (!put(frame)) throw new Error(`${name} takes no frames`)
      sent.done.push(clockMs())
      if (sent.began.length % framesPerLine === 0) console.log(sent.began.length)
    }
  }

  // A pace, so that the machine has time for its other work.
  const timer = setInterval(burst, 3)
  untilTold(sent, () => clearInterval(timer))
}

function receive(): void {
  const received: Received = { number: [], at: [] }
  const stop = readFrames(deviceIndex(), frame => {
    const at = frame.length - numberedPayload.length

    if (at < 0 || mark.some((byte, offset) => frame[at + offset] !== byte)) return
    received.number.push(new DataView(frame.buffer, frame.byteOffset).getUint32(frame.length - 8))
    received.at.push(clockMs())
  })

  untilTold(received, stop)
}

function untilTold(report: object, stop: () => void): void {
  process.stdin.resume().on('end', () => {
    stop()
    process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0))
  })
  console.log('ready')
}

if (script === import.meta.filename) {
  const chosen = { send, receive }[mode ?? '']
  if (chosen === undefined) throw new Error(`sequence send|receive DEVICE, not ${mode}`)
  chosen()
}
