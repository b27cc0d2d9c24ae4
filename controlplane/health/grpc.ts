/** Messages of grpc.health.v1 on the wire: a frame of one byte and a length, and in it one field. */

const statuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN']

/** HealthCheckRequest { string service = 1 }; names are at most 16,383 bytes. */
export function healthRequest(service: string): Buffer {
  const name = Buffer.from(service)
  const length = name.length < 128 ? [name.length] : [(name.length & 0x7f) | 0x80, name.length >> 7]
  const message = name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, ...length]), name])
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

/** HealthCheckResponse { ServingStatus status = 1 }: the word for it. */
export function healthAnswer(bytes: Buffer): string {
  if (bytes.length < 5 || bytes[0] !== 0 || bytes.length < 5 + bytes.readUInt32BE(1)) return 'no answer that can be read'
  const message = bytes.subarray(5, 5 + bytes.readUInt32BE(1))
  if (message.length === 0) return 'UNKNOWN'
  return (message[0] === 0x08 && statuses[message[1] as number]) || 'no answer that can be read'
}
