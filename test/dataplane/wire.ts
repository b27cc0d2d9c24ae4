/** Frames written to a device as they are, and read from one, by packet sockets. */
import { check, Descriptor, libc, watchReadable } from '../../controlplane/native/libc.ts'

const AF_PACKET = 17
const SOCK_RAW = 3
const SOL_SOCKET = 1
const SO_RCVBUFFORCE = 33
const MSG_DONTWAIT = 0x40
const ETH_P_ALL = 3
const LINK_ADDRESS_BYTES = 20

/** Answers a function that puts a frame on the device; false where its queue is full. */
export function openPacketSocket(ifindex: number): (frame: Uint8Array) => boolean {
  const socket = new Descriptor(check(libc().socket(AF_PACKET, SOCK_RAW, 0), 'opening a packet socket'), 'a packet socket')

  check(libc().bind(socket.fd, linkAddress(ifindex, 0), LINK_ADDRESS_BYTES), 'binding a packet socket')
  return frame => libc().send(socket.fd, frame, frame.length, 0) === frame.length
}

/** Calls back with every frame that a device brings or sends, until the answered function ends it. Room for a second of them. */
export function readFrames(ifindex: number, callback: (frame: Uint8Array) => void): () => void {
  const socket = new Descriptor(check(libc().socket(AF_PACKET, SOCK_RAW, 0), 'opening a packet socket'), 'a packet socket')
  const size = new Uint8Array(new Int32Array([64 << 20]).buffer)
  const buffer = new Uint8Array(2048)

  check(libc().setsockopt(socket.fd, SOL_SOCKET, SO_RCVBUFFORCE, size, size.length), 'making room for frames')
  check(libc().bind(socket.fd, linkAddress(ifindex, ETH_P_ALL), LINK_ADDRESS_BYTES), 'binding a packet socket')
  const stop = watchReadable(socket.fd, () => {
    while (!socket.closed) {
      const length = libc().recv(socket.fd, buffer, buffer.length, MSG_DONTWAIT)
      if (length <= 0) return
      callback(buffer.subarray(0, length))
    }
  })

  return () => {
    stop()
    socket.close()
  }
}

/** struct sockaddr_ll. */
function linkAddress(ifindex: number, protocol: number): Uint8Array {
  const address = new Uint8Array(LINK_ADDRESS_BYTES)
  const view = new DataView(address.buffer)

  view.setUint16(0, AF_PACKET, true)
  view.setUint16(2, protocol)
  view.setInt32(4, ifindex, true)
  return address
}
