/** What people have, made into a policy: the ways in, one for each kind of file. */
import { flattenHooks } from './hooks.ts'
import { readIpset } from './ipset.ts'
import { readIptables } from './iptables.ts'
import { readKeepalived } from './keepalived.ts'
import { readNft, readNftSets } from './nft.ts'
import { inOrder, type Note, Notes } from './note.ts'
import { checked, type Imported, nameOf, policyOf } from './policy.ts'
import type { Family } from './ranges.ts'
import type { BaseChain } from './ruleset.ts'
import { type ForeignSet, KnownSets } from './sets.ts'

export type { Note } from './note.ts'
export { ImportFailure, passesMore } from './note.ts'
export type { Imported } from './policy.ts'

export interface Source {
  readonly name: string
  readonly text: string
}

/** Files of iptables-save and ip6tables-save; `family` where the first line does not say it. */
export function importIptables(files: readonly Source[], ipsets: Source | undefined, family?: Family): Imported {
  const told: Note[] = []
  const declared = ipsets === undefined ? new Map<string, ForeignSet>() : readSets(ipsets, told)
  const sets = known(declared)
  const chains: BaseChain[] = []
  const notes = new Notes()
  for (const { name, text } of files) {
    const own = new Notes(files.length > 1 ? name : undefined)
    const read = readIptables(text, family, sets, own)
    chains.push(...read)
    told.push(...own.list)
  }
  const imported = policyOf(flattenHooks(chains, notes), sets.values(), notes)
  for (const name of sets.missing)
    notes.tell(
      0,
      name,
      'passes more',
      `the set ${name} is not in the file, so it is made without entries`,
      'name the text of "ipset save" by --ipset FILE',
    )
  tellStates(imported, notes)
  tellFamilies(chains, notes)
  return { ...imported, notes: inOrder([...told, ...notes.list]) }
}

/** A file of nftables, or what `nft list ruleset` prints. */
export function importNft({ text }: Source): Imported {
  const notes = new Notes()
  const file = readNftSets(text, notes)
  const sets = known(file.sets)
  const chains = readNft(file, sets, notes)
  const imported = policyOf(flattenHooks(chains, notes), sets.values(), notes)
  tellStates(imported, notes)
  tellFamilies(chains, notes)
  return { ...imported, notes: inOrder(notes.list) }
}

/** Virtual servers as services, for a policy that may have rules. */
export function importKeepalived({ text }: Source): Imported {
  const notes = new Notes()
  const services = readKeepalived(text, notes)
  const policy = {
    defaults: {},
    interfaces: { '*': {} },
    services: Object.fromEntries([...services].map(([name, { service }]) => [name, service])),
  }
  return { policy: checked(policy, (_section, name) => services.get(name) ?? { line: 0, text: name }, notes), notes: inOrder(notes.list) }
}

/** Sets alone, for a policy that has rules already. */
export function importIpset(file: Source): Imported {
  const told: Note[] = []
  const notes = new Notes()
  const sets = known(readSets(file, told)).values()
  const policy = { defaults: {}, interfaces: {}, sets }
  return { policy: checked(policy, (_section, name) => ({ line: 0, text: name }), notes), notes: inOrder([...told, ...notes.list]) }
}

function readSets({ text }: Source, told: Note[]): Map<string, ForeignSet> {
  const notes = new Notes()
  const sets = readIpset(text, notes)
  told.push(...notes.list)
  return sets
}

/** Sets get names that a policy may use, the same for the same set. */
function known(sets: ReadonlyMap<string, ForeignSet>): KnownSets {
  const taken = new Set<string>(['local', 'services'])
  const names = new Map<string, string>()
  return new KnownSets(sets, name => {
    const given = names.get(name) ?? nameOf(name.split(' ').at(-1) as string, taken)
    names.set(name, given)
    return given
  })
}

export function tellStates({ policy }: Pick<Imported, 'policy'>, notes: Notes): void {
  if (!Object.values(policy.rules ?? {}).some(({ match }) => match.state !== undefined)) return
  notes.tell(
    0,
    'state',
    'passes more',
    'netfilter takes TCP in mid-stream for new, where it has not seen the connection begin, and multicast too; here the first is invalid (established for a while after a start), the second of no state',
    'docs/packet.md#track says what is new, established, related and invalid',
  )
}

export function tellFamilies(chains: readonly BaseChain[], notes: Notes): void {
  const families = new Set(chains.map(({ family }) => family))
  if (families.has(undefined) || families.size !== 1) return
  const [missing, command] = families.has(4) ? [6, 'ip6tables-save'] : [4, 'iptables-save']
  notes.tell(
    0,
    `IPv${missing}`,
    'none',
    `the file speaks of IPv${families.has(4) ? 4 : 6} alone: IPv${missing} passes, as it does in the original`,
    `name the text of ${command} too, if it has rules`,
  )
}
