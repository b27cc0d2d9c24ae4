/** A backend of the lab: says its name over HTTP, TCP and UDP, then echoes. Runs in a namespace, ends with its input. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, isIPv6 } from 'node:net'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    http: { type: 'string', multiple: true, default: [] },
    tcp: { type: 'string', multiple: true, default: [] },
    udp: { type: 'string', multiple: true, default: [] },
    address: { type: 'string', multiple: true, default: [] },
  },
})
const name = positionals[0] ?? 'server'

for (const port of values.http) {
  const server = createHttpServer((request, response) => {
    // What is posted comes back: large bodies show that segments survive on their way.
    if (request.method === 'POST') request.pipe(response)
    else response.end(`${name}\n`)
  })
  server.listen(Number(port), '::', 4096)
  await once(server, 'listening')
}

for (const port of values.tcp) {
  const server = createServer(socket => {
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.write(`${name}\n`)
    socket.pipe(socket)
  })
  server.listen(Number(port), '::', 4096)
  await once(server, 'listening')
}

for (const port of values.udp) {
  for (const address of values.address) {
    const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', recvBufferSize: 4 << 20 })
    socket.on('message', (message, peer) => socket.send(`${name} ${message}`, peer.port, peer.address))
    socket.bind(Number(port), address)
    await once(socket, 'listening')
  }
}

process.stdin.resume().on('end', () => process.exit(0))
console.log('ready')
