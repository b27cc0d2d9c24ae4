/** Brings the programs into the kernel: checks their layout, sets sizes and constants, takes pinned maps over, loads. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NativeError } from '../native/errors.ts'
import { checked, libbpf } from '../native/libbpf.ts'
import type { MapShape } from '../native/map.ts'
import { BpfMap } from '../native/map.ts'
import { BpfObject } from '../native/object.ts'
import type { BpfProgram } from '../native/program.ts'
import type { Capacity } from '../policy/tables.ts'
import type { MapName } from './abi.ts'
import { Config, description, hookNames, maps as mapLayouts } from './abi.ts'
import { BtfError, readObjectTypes } from './btf.ts'
import { describeLayout, differences, readLayout } from './layout.ts'
import { objectFiles } from './objects.ts'
import type { Pins } from './pins.ts'
import { configOf, mapSizes } from './sizes.ts'

export type HookName = (typeof hookNames)[number]
/** One program for each hook, for XDP one more, for generic mode, and two that meet no packets. */
export type ProgramName = HookName | 'xdp_generic' | 'move_connections' | 'sweep_connections'

/** Those that devices run. */
export const pinnedPrograms: readonly ProgramName[] = [...hookNames, 'xdp_generic']
export const programNames: readonly ProgramName[] = [...pinnedPrograms, 'move_connections', 'sweep_connections']

/** By object file: which programs are in it. */
const programsOf: Readonly<Record<(typeof objectFiles)[number], readonly ProgramName[]>> = {
  'xdp.bpf.o': ['xdp_ingress', 'xdp_generic'],
  'tc.bpf.o': ['tc_ingress', 'tc_egress', 'move_connections', 'sweep_connections'],
}

/**
 * Maps that hold a policy together: one of them alone cannot be replaced. The verdict cache belongs to them, since its lines are
 * valid by revision, and new maps count revisions anew.
 */
const policyMaps: readonly MapName[] = [
  'revision',
  'sides',
  'prefix_roots',
  'prefix_pages',
  'memberships',
  'value_classes',
  'classifiers',
  'named_classes',
  'vectors',
  'rules',
  'limits',
  'detectors',
  'verdict_cache',
  'service_ports',
  'service_rows',
  'services',
  'rings',
  'backends',
]

/** What a twin has of its own, so that a trace moves nothing that is live. */
const ownMapsOfTwin: ReadonlySet<MapName> = new Set([
  'verdict_cache',
  'connections',
  'nat_scratches',
  'next_hops',
  'rule_counts',
  'service_counts',
  'backend_counts',
  'outcome_counts',
  'openings',
  'questions',
  'traces',
])

/** A trace needs the entries of one packet. */
const TWIN_CONNECTIONS = 4096

export const mapNames = Object.keys(mapLayouts) as MapName[]

export interface Loaded {
  readonly maps: Readonly<Record<MapName, BpfMap>>
  readonly programs: Readonly<Record<ProgramName, BpfProgram>>
  readonly capacity: Capacity
  readonly cpus: number
  readonly secret: bigint
  /** Maps that were taken over from pins. */
  readonly reused: ReadonlySet<MapName>
}

export interface LoadOptions {
  readonly directory: string
  readonly capacity: Capacity
  /** Where an earlier process may have left maps. */
  readonly pins?: Pins
  /** Load a twin of these programs. */
  readonly twinOf?: Loaded
}

export function possibleCpus(): number {
  return checked(libbpf().possibleCpus(), 'counting CPUs')
}

export function pinOfMap(name: MapName): string {
  return `maps_${name}`
}

/** Loads both objects with shared maps. Throws with the verifier's last lines when the kernel refuses. */
export function load(options: LoadOptions): Loaded {
  const cpus = options.twinOf?.cpus ?? possibleCpus()
  const secret = options.twinOf?.secret ?? randomBytes(8).readBigUInt64LE()
  const sizes = { ...mapSizes(options.capacity, cpus), ...(options.twinOf ? { connections: TWIN_CONNECTIONS } : {}) }
  const maps = new Map<MapName, BpfMap>()
  const programs = new Map<ProgramName, BpfProgram>()
  const reused = new Set<MapName>()

  try {
    if (options.twinOf) shareMaps(options.twinOf, maps)
    for (const file of objectFiles)
      loadObject(join(options.directory, file), { options, cpus, secret, sizes, maps, programs, reused, programNames: programsOf[file] })
    if (!options.twinOf && !reused.has('secrets')) maps.get('secrets')?.update(new Uint8Array(4), randomBytes(mapLayouts.secrets.valueSize))
  } catch (error) {
    closeAll([...maps.values(), ...programs.values()])
    throw error
  }
  return { maps: all(mapNames, maps), programs: all(programNames, programs), capacity: options.capacity, cpus, secret, reused }
}

export function unload(loaded: Loaded): void {
  closeAll([...Object.values(loaded.maps), ...Object.values(loaded.programs)])
}

function closeAll(handles: readonly { close: () => void }[]): void {
  for (const handle of handles) handle.close()
}

interface ObjectContext {
  readonly options: LoadOptions
  readonly cpus: number
  readonly secret: bigint
  readonly sizes: Readonly<Partial<Record<MapName, number>>>
  readonly maps: Map<MapName, BpfMap>
  readonly programs: Map<ProgramName, BpfProgram>
  readonly reused: Set<MapName>
  readonly programNames: readonly ProgramName[]
}

function loadObject(path: string, context: ObjectContext): void {
  const configOffset = checkLayout(path)
  const object = new BpfObject(path)

  try {
    for (const name of namesIn(object)) {
      const size = context.sizes[name]

      if (size !== undefined) object.resize(name, size)
    }
    if (context.maps.size === 0 && context.options.pins) takePinnedMaps(object, context.options.pins, context.maps, context.reused)
    for (const name of namesIn(object)) {
      const map = context.maps.get(name)

      if (map) object.reuse(name, map)
    }
    object.setConstants(configOffset, encodeConfig(context))
    object.load()
    for (const name of namesIn(object)) {
      if (!context.maps.has(name)) context.maps.set(name, object.map(name))
    }
    for (const name of context.programNames) context.programs.set(name, object.program(name))
  } finally {
    object.close()
  }
}

function encodeConfig({ options, cpus, secret }: ObjectContext): Uint8Array {
  const bytes = new Uint8Array(Config.size)

  Config.encode(new DataView(bytes.buffer), 0, configOf(options.capacity, cpus, options.twinOf !== undefined, secret))
  return bytes
}

function namesIn(object: BpfObject): MapName[] {
  return object.mapNames.map(name => {
    if (!isMapName(name))
      throw new NativeError('layout', `${object.path} has a map ${name} that abi.ts does not know`, { remedy: 'npm run abi' })
    return name
  })
}

function isMapName(name: string): name is MapName {
  return name in mapLayouts
}

/** Refuses an object whose own types are not those that this program was generated from. Answers where `config` stands. */
function checkLayout(path: string): number {
  try {
    const layout = readLayout(readObjectTypes(readFileSync(path)))
    const different = differences(description, describeLayout(layout))

    if (different.length > 0)
      throw new NativeError('layout', `${path} was not built from the sources of this control plane`, {
        remedy: 'npm run build',
        log: different,
      })
    return layout.configOffset
  } catch (error) {
    if (error instanceof BtfError) throw new NativeError('layout', `${path}: ${error.message}`, { remedy: 'npm run build' })
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new NativeError('missing', `there is no ${path}`, { remedy: 'npm run build' })
    throw error
  }
}

/** Pinned maps of the same shape are used again; those of the policy all together or not at all. */
function takePinnedMaps(object: BpfObject, pins: Pins, maps: Map<MapName, BpfMap>, reused: Set<MapName>): void {
  const found = new Map<MapName, BpfMap>()

  for (const name of namesIn(object)) {
    const descriptor = name === 'traces' || name === 'questions' ? undefined : pins.open(pinOfMap(name))
    const map = descriptor && new BpfMap(descriptor)

    if (map && sameShape(map.shape, object.shape(name))) found.set(name, map)
    else map?.close()
  }
  const policyIsWhole = policyMaps.every(name => found.has(name))

  for (const [name, map] of found) {
    if (policyIsWhole || !policyMaps.includes(name)) {
      maps.set(name, map)
      reused.add(name)
    } else {
      map.close()
    }
  }
}

function sameShape(a: MapShape, b: MapShape): boolean {
  return a.type === b.type && a.keySize === b.keySize && a.valueSize === b.valueSize && a.maxEntries === b.maxEntries && a.flags === b.flags
}

function shareMaps(live: Loaded, maps: Map<MapName, BpfMap>): void {
  for (const name of mapNames) {
    if (!ownMapsOfTwin.has(name)) maps.set(name, live.maps[name].duplicate())
  }
}

function all<Name extends string, Value>(names: readonly Name[], found: ReadonlyMap<Name, Value>): Record<Name, Value> {
  const missing = names.filter(name => !found.has(name))

  if (missing.length > 0) throw new NativeError('layout', `the objects have no ${missing.join(', ')}`, { remedy: 'npm run build' })
  return Object.fromEntries(found) as Record<Name, Value>
}
