/** Services, their rings and their backends as rows. */
import { Backend, BackendState, Family, Forwarding, HashInput, Limit, Service } from '../dataplane/abi.ts'
import type { Admission } from './admission.ts'
import type { enabledServices } from './collections.ts'
import { fillRing, ringSlots } from './maglev.ts'
import { type Prefix, parseAddress, wordsOf } from './prefix.ts'
import type { QuicServers } from './quic.ts'
import { type BackendValue, defaultIdleTimeout, defaultWeight, type ServiceValue } from './service.ts'
import type { SourcePools } from './sourcenat.ts'
import type { StableIds } from './tables.ts'
import { parseInterval } from './time.ts'

export interface Rings {
  readonly services: Uint8Array
  readonly rings: Uint8Array
  readonly backends: Uint8Array
}

/** What a service's row says beside its ring. */
interface Beside {
  readonly admission: Admission
  readonly pools: SourcePools
  readonly servers: QuicServers
}

/** Rows by stable id; what has no id is left out. Rings stand in the order of names, each on a line of its own. */
export function buildRings(services: ReturnType<typeof enabledServices>, ids: StableIds, { admission, pools, servers }: Beside): Rings {
  const serviceRows = rowsFor(Service.size, ids.services)
  const backendRows = rowsFor(Backend.size, ids.backends)
  const lines: Uint16Array[] = []
  let line = 0

  for (const [name, service] of services) {
    const serviceId = ids.services.get(name)

    if (serviceId === undefined) continue
    const ring = ringOf(name, service, ids)
    Service.encode(serviceRows, serviceId * Service.size, {
      ringBase: line,
      ringSlots: ring.length,
      forwarding: service.forwarding === 'dsr-l2' ? Forwarding.dsrL2 : Forwarding.nat,
      hash: service.hash === 'source' ? HashInput.source : HashInput['5Tuple'],
      sources: admission.byService.get(name) ?? 0,
      idleTicks: idleTicks(service),
      poolBase: pools.byService.get(name)?.base ?? 0,
      poolCount: pools.byService.get(name)?.count ?? 0,
      serverBase: servers.byService.get(name)?.base ?? 0,
      serverCount: servers.byService.get(name)?.count ?? 0,
    })
    lines.push(ring)
    line += lineCount(ring)
    for (const [backendName, backend] of Object.entries(service.backends ?? {})) {
      const backendId = ids.backends.get(`${name}/${backendName}`)

      if (backendId !== undefined && backend.state !== 'disabled') encodeBackend(backendRows, backendId, serviceId, service, backend)
    }
  }
  const rings = new Uint16Array(line * Limit.ringLineSlots)
  let at = 0

  for (const ring of lines) {
    rings.set(ring, at)
    at += lineCount(ring) * Limit.ringLineSlots
  }
  return { services: bytesOf(serviceRows), backends: bytesOf(backendRows), rings: new Uint8Array(rings.buffer) }
}

/** Slot -> stable id. Sized by all declared backends, so that switching one off moves its own slots and few others. */
function ringOf(name: string, service: ServiceValue, ids: StableIds): Uint16Array {
  const declared = Object.entries(service.backends ?? {})
  const slots = ringSlots(declared.length)
  const taking = declared.flatMap(([backend, { state, weight }]) => {
    const id = ids.backends.get(`${name}/${backend}`)

    return id === undefined || state === 'disabled' || weight === 0 ? [] : [{ name: backend, weight: weight ?? defaultWeight, id }]
  })

  if (taking.length === 0 || slots === undefined) return new Uint16Array(0)
  return fillRing(taking, slots).map(index => (taking[index] as { id: number }).id)
}

/** Rounded up. */
function idleTicks({ idleTimeout = defaultIdleTimeout }: ServiceValue): number {
  return Math.ceil(((parseInterval(idleTimeout) as number) * 1e9) / 2 ** Limit.windowTickShift)
}

/** A direct-return backend listens on the service's own port, so only `nat` writes one. */
function encodeBackend(rows: DataView, id: number, serviceId: number, service: ServiceValue, backend: BackendValue): void {
  const { bytes, family } = parseAddress(backend.address) as Prefix

  Backend.encode(rows, id * Backend.size, {
    address: wordsOf(bytes),
    serviceId,
    port: service.forwarding === 'nat' ? (backend.port ?? 0) : 0,
    family: family === 4 ? Family.ipv4 : Family.ipv6,
    state: BackendState.active,
  })
}

function lineCount(ring: Uint16Array): number {
  return Math.ceil(ring.length / Limit.ringLineSlots)
}

function rowsFor(size: number, ids: ReadonlyMap<string, number>): DataView {
  return new DataView(new ArrayBuffer(ids.size === 0 ? 0 : (Math.max(...ids.values()) + 1) * size))
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer)
}
