/** Services, their rings and their backends as rows. */
import { Backend, BackendState, Family, Forwarding, HashInput, Limit, Service, WhenDown } from '../dataplane/abi.ts'
import type { Admission } from './admission.ts'
import type { enabledServices } from './collections.ts'
import { fillRing, fillSeconds, ringSlots } from './maglev.ts'
import { type Prefix, parseAddress, wordsOf } from './prefix.ts'
import type { QuicServers } from './quic.ts'
import { type BackendValue, defaultIdleTimeout, defaultWeight, type ServiceValue } from './service.ts'
import type { SourcePools } from './sourcenat.ts'
import type { StableIds } from './tables.ts'
import { parseIntervalMs } from './time.ts'

const forwardings = {
  nat: Forwarding.nat,
  'dsr-l2': Forwarding.dsrL2,
  'dsr-ipip': Forwarding.dsrIpip,
  'dsr-gue': Forwarding.dsrGue,
} as const

export interface Rings {
  readonly services: Uint8Array
  readonly rings: Uint8Array
  readonly ring_seconds: Uint8Array
  readonly backends: Uint8Array
}

/** Slot -> stable id of its backend, and of the one that stands in. */
interface Ring {
  readonly firsts: Uint32Array
  readonly seconds: Uint32Array
}

/** Rings by what they are made from: most services are not changed by a change. */
export type RingMemory = Map<string, Ring>

/** What a service's row says beside its ring. */
interface Beside {
  readonly admission: Admission
  readonly pools: SourcePools
  readonly servers: QuicServers
}

const whenDown = { drop: WhenDown.drop, reject: WhenDown.reject, lastKnown: WhenDown.lastKnown } as const

/** Rows by stable id; what has no id is left out. Rings stand in the order of names, each on a line of its own. */
export function buildRings(
  services: ReturnType<typeof enabledServices>,
  ids: StableIds,
  { admission, pools, servers }: Beside,
  memory: RingMemory = new Map(),
): Rings {
  const serviceRows = rowsFor(Service.size, ids.services)
  const backendRows = rowsFor(Backend.size, ids.backends)
  const known = new Map(memory)
  const built: Ring[] = []
  let line = 0

  memory.clear()
  for (const [name, service] of services) {
    const serviceId = ids.services.get(name)

    if (serviceId === undefined) continue
    const ring = ringOf(name, service, ids, known, memory)
    Service.encode(serviceRows, serviceId * Service.size, {
      ringBase: line,
      ringSlots: ring.firsts.length,
      idleTicks: ticksOf(parseIntervalMs(service.idleTimeout ?? defaultIdleTimeout) as number),
      forwarding: forwardings[service.forwarding],
      hash: service.hash === 'source' ? HashInput.source : HashInput['5Tuple'],
      whenDown: whenDown[service.whenDown ?? 'drop'],
      sources: admission.byService.get(name) ?? 0,
      poolBase: pools.byService.get(name)?.base ?? 0,
      poolCount: pools.byService.get(name)?.count ?? 0,
      serverBase: servers.byService.get(name)?.base ?? 0,
      serverCount: servers.byService.get(name)?.count ?? 0,
    })
    built.push(ring)
    line += lineCount(ring)
    for (const [backendName, backend] of Object.entries(service.backends ?? {})) {
      const backendId = ids.backends.get(`${name}/${backendName}`)

      if (backendId !== undefined && backend.state !== 'disabled') encodeBackend(backendRows, backendId, serviceId, service, backend)
    }
  }
  const rings = new Uint32Array(line * Limit.ringLineSlots)
  const seconds = new Uint32Array(rings.length)
  let at = 0

  for (const ring of built) {
    rings.set(ring.firsts, at)
    seconds.set(ring.seconds, at)
    at += lineCount(ring) * Limit.ringLineSlots
  }
  return {
    services: bytesOf(serviceRows),
    backends: bytesOf(backendRows),
    rings: new Uint8Array(rings.buffer),
    ring_seconds: new Uint8Array(seconds.buffer),
  }
}

/** Of the clock of windows. */
function ticksOf(ms: number): number {
  return Math.ceil((ms * 1e6) / 2 ** Limit.windowTickShift)
}

/** Whether a backend is given new connections. */
export function takesConnections({ state = 'active', weight = defaultWeight }: BackendValue): boolean {
  return state === 'active' && weight > 0
}

/** Sized by all declared backends, so that switching one off moves its own slots and few others. */
function ringOf(name: string, service: ServiceValue, ids: StableIds, known: RingMemory, memory: RingMemory): Ring {
  const declared = Object.entries(service.backends ?? {})
  const slots = ringSlots(declared.length)
  const taking = declared.flatMap(([backend, value]) => {
    const id = ids.backends.get(`${name}/${backend}`)

    return id === undefined || !takesConnections(value) ? [] : [{ name: backend, weight: value.weight ?? defaultWeight, id }]
  })

  if (taking.length === 0 || slots === undefined) return { firsts: new Uint32Array(0), seconds: new Uint32Array(0) }
  const key = `${slots} ${taking.map(({ name, weight, id }) => `${name} ${weight} ${id}`).join()}`
  let ring = known.get(key)

  if (ring === undefined) {
    const firsts = fillRing(taking, slots)
    const seconds = fillSeconds(taking, firsts)
    const idOf = Uint32Array.from(taking, ({ id }) => id)
    const byId = (indices: Uint16Array) => Uint32Array.from(indices, index => idOf[index] as number)

    ring = { firsts: byId(firsts), seconds: byId(seconds) }
  }
  memory.set(key, ring)
  return ring
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

function lineCount(ring: Ring): number {
  return Math.ceil(ring.firsts.length / Limit.ringLineSlots)
}

function rowsFor(size: number, ids: ReadonlyMap<string, number>): DataView {
  return new DataView(new ArrayBuffer(ids.size === 0 ? 0 : (Math.max(...ids.values()) + 1) * size))
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer)
}
