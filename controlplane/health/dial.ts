/** Connections of checks. */

import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { CheckSettings } from './settings.ts'

/** Rejects with the reason, and in any case when `signal` aborts. */
export function dial({ address, port }: CheckSettings, signal: AbortSignal): Promise<Socket> {
  const socket = new Socket()
  return settled(socket, 'connect', signal, () => socket.connect({ host: address, port }))
}

export function dialTls(settings: CheckSettings, protocols: string[], signal: AbortSignal): Promise<Socket> {
  const { tls, host } = settings
  return dial(settings, signal).then(socket => {
    const serverName = tls?.serverName ?? (isName(host) ? host : undefined)
    const secure: TLSSocket = connectTls({
      socket,
      ALPNProtocols: protocols,
      rejectUnauthorized: tls?.verify ?? true,
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(tls?.caFile === undefined ? {} : { ca: readFileSync(tls.caFile) }),
    })
    return settled(secure, 'secureConnect', signal)
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
