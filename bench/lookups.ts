/** One lookup in our trie, and in the kernel's LPM trie with the same content. */
import { join } from 'node:path'
import { Dataplane } from '../controlplane/dataplane/dataplane.ts'
import { MappedArray } from '../controlplane/dataplane/map.ts'
import { BpfObject } from '../controlplane/native/object.ts'
import type { PrefixKey } from '../controlplane/policy/tables.ts'
import { churnCapacity, tablesWith } from '../test/dataplane/tables.ts'
import { treeOf } from '../test/policy/trees.ts'
import { numbers, randomPrefixes } from './prefixes.ts'

export interface Lookup {
  readonly name: string
  /** Least of the runs. */
  readonly nsOurs: number
  readonly nsLpmTrie: number
  /** Median of the runs. */
  readonly timesCheaper: number
}

const addresses = 1 << 20
const repeat = addresses
const batch = 16_384

/** Bytes that a key of the kernel's trie has behind its length. */
function bytesOf(key: PrefixKey): number[] {
  return Array.from(key.slice(1, -1), char => char.charCodeAt(0))
}

async function fillLpmTrie(object: BpfObject, name: string, keys: readonly PrefixKey[]): Promise<void> {
  const map = object.map(name)
  const { keySize } = map.shape

  for (let first = 0; first < keys.length; first += batch) {
    const part = keys.slice(first, first + batch)
    const bytes = new Uint8Array(part.length * keySize)

    for (const [at, key] of part.entries()) {
      bytes[at * keySize] = key.charCodeAt(key.length - 1)
      bytes.set(bytesOf(key), at * keySize + 4)
    }
    await map.updateBatch(bytes, new Uint8Array(new Uint32Array(part.length).fill(2).buffer), part.length)
  }
  map.close()
}

/** Addresses for each run of the programs: within random ones of the prefixes, or in none of them. */
function fillAddresses(object: BpfObject, trie: string, keys: readonly PrefixKey[], hit: boolean): void {
  const map = object.map('bench_addresses')
  const lpm = object.map(trie)
  const rows = new MappedArray(map)
  const next = numbers(hit ? 2n : 3n)
  const size = lpm.shape.keySize - 4
  const key = new Uint8Array(lpm.shape.keySize)

  key[0] = size * 8
  for (let row = 0; row < addresses; ) {
    const prefix = keys[Number((next() >> 20n) % BigInt(keys.length))] as PrefixKey
    const length = hit ? prefix.charCodeAt(prefix.length - 1) : size === 4 ? 0 : 3
    const inside = bytesOf(prefix)

    for (let at = 0; at < size; at++) {
      const free = 0xff >> Math.min(8, Math.max(0, length - at * 8))

      key[4 + at] = ((inside[at] as number) & ~free) | (Number(next() >> 40n) & free)
    }
    if (!hit && lpm.lookup(key) !== undefined) continue
    rows.bytes(row++, 1).set(key.subarray(4))
  }
  rows.close()
  lpm.close()
  map.close()
}

export async function* lookups(runs: number): AsyncGenerator<Lookup> {
  for (const [family, counts] of [
    [4, [10_000, 100_000, 1_000_000]],
    [6, [100_000, 1_000_000]],
  ] as const)
    for (const count of counts) yield* measure(runs, family, count)
}

async function* measure(runs: number, family: 4 | 6, count: number): AsyncGenerator<Lookup> {
  const keys = randomPrefixes(count, family)
  const dataplane = await Dataplane.open({ capacity: churnCapacity })
  const object = new BpfObject(join(process.cwd(), 'bench', 'build', 'lookup.bpf.o'))
  const trie = `bench_lpm_ipv${family}`

  /* The programs look at side 1. */
  await dataplane.stage(tablesWith({ tree: treeOf(new Map(keys.map(key => [key, 2]))) }))
  dataplane.commit(1)
  for (const name of ['prefix_roots', 'prefix_pages'] as const) object.reuse(name, dataplane.map(name))
  object.load()
  await fillLpmTrie(object, trie, keys)
  for (const hit of [true, false]) {
    const time = (program: string) => object.program(program).testRun({ packet: new Uint8Array(64), repeat }).durationNs
    const ours: number[] = []
    const theirs: number[] = []

    fillAddresses(object, trie, keys, hit)
    for (let run = 0; run < runs; run++) {
      const empty = time('bench_no_lookup')

      ours.push(time(`bench_ours_ipv${family}`) - empty)
      theirs.push(time(`bench_lpm_trie_ipv${family}`) - empty)
    }
    const ratios = ours.map((ns, run) => (theirs[run] as number) / ns).sort((a, b) => a - b)

    yield {
      name: `${count.toLocaleString('en')} IPv${family} prefixes, ${hit ? 'hit' : 'miss'}`,
      nsOurs: Math.min(...ours),
      nsLpmTrie: Math.min(...theirs),
      timesCheaper: ratios[ratios.length >> 1] ?? Number.NaN,
    }
  }
  object.close()
  dataplane.close()
}
