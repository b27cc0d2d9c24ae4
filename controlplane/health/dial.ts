/** Connections of checks. */

import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { nextPort, type Passage } from './passage.ts'
import type { CheckSettings } from './settings.ts'

export interface Call {
  readonly settings: CheckSettings
  readonly passage: Passage | undefined
  readonly signal: AbortSignal
}

/** A port that is taken is no fault of the backend's. */
const tries = 4

/** Rejects with the reason, and in any case when `signal` aborts. */
export async function dial({ settings: { address, port }, passage, signal }: Call): Promise<Socket> {
  for (let left = tries; ; left--) {
    const socket = new Socket()
    const localPort = nextPort()
    passage?.open(address, port, localPort)
    try {
      return await settled(socket, 'connect', signal, () => socket.connect({ host: address, port, localPort }))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (left === 1 || (code !== 'EADDRINUSE' && code !== 'EADDRNOTAVAIL')) throw error
    }
  }
}

export function dialTls(call: Call, protocols: string[]): Promise<Socket> {
  const { tls, host } = call.settings
  return dial(call).then(socket => {
    const serverName = tls?.serverName ?? (isName(host) ? host : undefined)
    const secure: TLSSocket = connectTls({
      socket,
      ALPNProtocols: protocols,
      rejectUnauthorized: tls?.verify ?? true,
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(tls?.caFile === undefined ? {} : { ca: readFileSync(tls.caFile) }),
    })
    return settled(secure, 'secureConnect', call.signal)
  })
}

function settled<Stream extends Socket>(socket: Stream, event: string, signal: AbortSignal, begin?: () => void): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const stop = () => socket.destroy(signal.reason as Error)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    socket.once('close', () => signal.removeEventListener('abort', stop))
    socket.on('error', reject)
    socket.once(event, () => resolve(socket))
    begin?.()
  })
}

function isName(host: string): boolean {
  return /[a-z]/i.test(host) && !host.includes(':')
}
