/** The stack that the programs of an object need, as kernel 6.1 counts it: frames in steps of 32 bytes, added up along every chain of calls. */
import { execFileSync } from 'node:child_process'

interface Code {
  /** Bytes below the frame pointer that a function uses. */
  readonly frames: Map<string, number>
  /** Functions that are called, or handed to a helper that calls them. */
  readonly calls: Map<string, Set<string>>
  /** Those that the kernel enters: they stand in sections of their own. */
  readonly entries: string[]
}

/** What timers call begins with a stack of its own. */
const enteredByTimer: ReadonlySet<string> = new Set(['sweep_on'])
const shared = '.text'

/** Reads a listing with relocations. Offsets from the frame pointer are always constants: the verifier would have nothing else. */
function read(object: string): Code {
  const listing = execFileSync('llvm-objdump', ['-dr', object], { encoding: 'utf8', maxBuffer: 1 << 27 })
  const frames = new Map<string, number>()
  const placed = new Map<number, string>()
  const entries: string[] = []
  const references: { from: string; to: string | number }[] = []
  /** Registers that hold the frame pointer itself. */
  const pointers = new Set<string>()
  let section = ''
  let current = ''
  let instruction = ''

  for (const line of listing.split('\n')) {
    const [, begun] = /^Disassembly of section (.+):$/.exec(line) ?? []
    const [, address, name] = /^([0-9a-f]+) <(\w+)>:$/.exec(line) ?? []
    const [, symbol] = /^\s+[0-9a-f]+:\s+R_BPF_64_(?:32|64)\s+(\S+)$/.exec(line) ?? []

    if (begun) section = begun
    if (name && address && !name.startsWith('LBB')) {
      current = name
      frames.set(name, 0)
      if (section === shared) placed.set(Number.parseInt(address, 16), name)
      else entries.push(name)
    }
    if (symbol === shared) references.push({ from: current, to: addressedBy(instruction) })
    else if (symbol) references.push({ from: current, to: symbol })
    const [, next] = /^\s+\d+:\t(?:[0-9a-f]{2}[ \t])+(.*)$/.exec(line) ?? []

    if (next === undefined) continue
    instruction = next
    const [, direct] = /r10 - (0x[0-9a-f]+|\d+)/.exec(next) ?? []
    const [, copy] = /^(r\d) = r10$/.exec(next) ?? []
    const [, moved = '', by] = /^(r\d) \+= -(0x[0-9a-f]+|\d+)$/.exec(next) ?? []
    const [, written] = /^[rw](\d) /.exec(next) ?? []
    const depth = direct ?? (pointers.has(moved) ? by : undefined)

    if (depth) frames.set(current, Math.max(frames.get(current) ?? 0, Number(depth)))
    if (written) pointers.delete(`r${written}`)
    if (copy) pointers.add(copy)
  }
  const calls = new Map<string, Set<string>>([...frames.keys()].map(name => [name, new Set()]))

  for (const { from, to } of references) {
    const called = typeof to === 'number' ? placed.get(to) : frames.has(to) ? to : null

    if (called === undefined) throw new Error(`${object}: ${from} calls what does not begin at ${to}`)
    if (called) calls.get(from)?.add(called)
  }
  return { frames, calls, entries }
}

/** Where in its section the function begins that an instruction names by a number: a call by words from behind it, a load by bytes. */
function addressedBy(instruction: string): number {
  const [, words] = /^call (-?\d+|-?0x[0-9a-f]+)$/.exec(instruction) ?? []
  const [, bytes] = /^r\d = (\d+|0x[0-9a-f]+) ll$/.exec(instruction) ?? []

  if (words !== undefined) return (Number(words) + 1) * 8
  if (bytes !== undefined) return Number(bytes)
  throw new Error(`no function is named by "${instruction}"`)
}

export interface Chain {
  readonly bytes: number
  /** Functions from the program on, each with the bytes of its frame. */
  readonly path: string
}

/** The deepest chain of calls of each program of an object. */
export function deepestChains(object: string): Map<string, Chain> {
  const { frames, calls, entries } = read(object)
  const known = new Map<string, Chain>()
  const deepest = (name: string): Chain => {
    const found = known.get(name)

    if (found) return found
    const below = [...(calls.get(name) ?? [])].filter(called => !enteredByTimer.has(called)).map(deepest)
    const worst = below.reduce<Chain>((most, chain) => (chain.bytes > most.bytes ? chain : most), { bytes: 0, path: '' })
    const frame = frames.get(name) ?? 0
    const chain = {
      bytes: Math.ceil(Math.max(frame, 1) / 32) * 32 + worst.bytes,
      path: [`${name} ${frame}`, ...(worst.path ? [worst.path] : [])].join(', '),
    }

    known.set(name, chain)
    return chain
  }

  return new Map(entries.map(name => [name, deepest(name)]))
}
