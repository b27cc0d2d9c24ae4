/** Frames written to a device as they are, by a packet socket. */
import { check, Descriptor, libc } from '../../controlplane/native/libc.ts'

const AF_PACKET = 17
const SOCK_RAW = 3

/** Answers a function that puts a frame on the device; false where its queue is full. */
export function openPacketSocket(ifindex: number): (frame: Uint8Array) => boolean {
  const socket = new Descriptor(check(libc().socket(AF_PACKET, SOCK_RAW, 0), 'opening a packet socket'), 'a packet socket')
  const address = new Uint8Array(20)
  const view = new DataView(address.buffer)

  view.setUint16(0, AF_PACKET, true)
  view.setInt32(4, ifindex, true)
  check(libc().bind(socket.fd, address, address.length), 'binding a packet socket')
  return frame => libc().send(socket.fd, frame, frame.length, 0) === frame.length
}
