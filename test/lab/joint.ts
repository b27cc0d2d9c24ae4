/** Joins connections to one place with another, a port of the loopback or a unix socket: `joint.js LISTEN CONNECT`. A socket's path is seen from every network namespace. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { checkout, type Host } from './host.ts'

type Place = { path: string } | { host: string; port: number }

/** Lets a port of this machine's loopback lead to the same port of a host's loopback, for as long as we live. */
export async function joinPort(host: Host, port: number, socketPath: string): Promise<void> {
  await host.start([process.execPath, join(checkout, 'dist/test/lab/joint.js'), socketPath, String(port)], { ready: 'ready' })
  await joint(place(String(port)), place(socketPath))
}

async function joint(from: Place, to: Place): Promise<void> {
  const pass = (one: Socket, other: Socket) => one.on('error', () => other.destroy()).pipe(other)
  const server = createServer(near => {
    const far = connect(to)
    pass(near, far)
    pass(far, near)
  })
  server.listen(from)
  await once(server, 'listening')
}

function place(text: string): Place {
  return /^\d+$/.test(text) ? { host: '127.0.0.1', port: Number(text) } : { path: text }
}

if (process.argv[1] === import.meta.filename) {
  const [, , from = '', to = ''] = process.argv
  await joint(place(from), place(to))
  process.stdin.resume().on('end', () => process.exit(0))
  console.log('ready')
}
