/** Server ids that QUIC connection ids carry, from names alone: the same on every node. */
import { QuicServer } from '../dataplane/abi.ts'
import type { enabledServices } from './collections.ts'
import type { StableIds } from './tables.ts'

/** 32 bits of FNV-1a, mixed so that names that differ in their last letter lie apart. */
export function serverId(backend: string): number {
  let hash = 0x811c9dc5

  for (const byte of new TextEncoder().encode(backend)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** As a backend writes it behind the first byte of its connection ids. */
export function formatServerId(backend: string): string {
  return serverId(backend).toString(16).padStart(8, '0')
}

export interface QuicServers {
  readonly rows: Uint8Array
  /** Name of a service -> its first row, and how many. */
  readonly byService: ReadonlyMap<string, { readonly base: number; readonly count: number }>
}

/** Of services that ask for it, sorted by server id. */
export function quicServers(services: ReturnType<typeof enabledServices>, ids: StableIds): QuicServers {
  const servers: { serverId: number; backendId: number }[] = []
  const byService = new Map<string, { base: number; count: number }>()

  for (const [name, service] of services) {
    if (service.quic?.connectionId !== true) continue
    const own = Object.keys(service.backends ?? {}).flatMap(backend => {
      const backendId = ids.backends.get(`${name}/${backend}`)

      return backendId === undefined ? [] : [{ serverId: serverId(backend), backendId }]
    })

    byService.set(name, { base: servers.length, count: own.length })
    servers.push(...own.sort((a, b) => a.serverId - b.serverId))
  }
  const rows = new DataView(new ArrayBuffer(servers.length * QuicServer.size))

  for (const [row, server] of servers.entries()) QuicServer.encode(rows, row * QuicServer.size, server)
  return { rows: new Uint8Array(rows.buffer), byService }
}
