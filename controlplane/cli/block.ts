/** `drawgate block` and `unblock`: one address dropped at once, by a set and a rule that are made on first use. */
import type { Command } from 'commander'
import type { RuleValue } from '../policy/document.ts'
import type { Warning } from '../policy/problem.ts'
import { showWarnings } from './apply.ts'
import { addClientOptions, answered, type Client, connect, policyEtag } from './client.ts'
import { Failure, gone, refused } from './failure.ts'
import { type Io, writeJson, writeLine } from './io.ts'

/** The name of both. */
const blocked = 'blocked'
const params = { path: { name: blocked } }
const blockedSet = { description: 'addresses of drawgate block' }
const blockedRule: RuleValue = { priority: 0, direction: 'ingress', action: 'deny', match: { source: ['@blocked'] } }
/** Somebody else may make the set at the same moment. */
const attempts = 3

interface EntriesAnswer {
  readonly revision: number
  readonly added?: number
  readonly removed?: number
  readonly entryCount?: number
  readonly warnings?: readonly Warning[]
}

interface Entry {
  readonly prefix: string
  readonly expiresIn?: string
  readonly comment?: string
}

const blockHelp = `
Puts the address into the set "blocked". On first use that set and the ingress rule "blocked" (priority 0, deny,
source @blocked) are made. Ways in of defaults.management come before every rule: narrow their "sources" to keep a
blocked address from them too.

Examples:
  drawgate block 192.0.2.7
  drawgate block 2001:db8::/48 --comment 'ticket 1234'
  drawgate get sets blocked --entries`

export function addBlock(program: Command, io: Io): void {
  const block = program
    .command('block')
    .description('drop what an address or prefix sends')
    .argument('<address>', 'address or prefix')
    .option('--for <duration>', 'until then, such as 10m')
    .option('--comment <text>', 'why, for people')
    .addHelpText('after', blockHelp)
  addClientOptions(block).action(async (address: string) => {
    const { for: expiresIn, comment, json } = block.opts<{ for?: string; comment?: string; json?: true }>()
    const entry = { prefix: address, ...(expiresIn === undefined ? {} : { expiresIn }), ...(comment === undefined ? {} : { comment }) }
    const answer = await unpointed(addEntry(connect(block), entry, attempts))
    if (json) return writeJson(io.stdout, answer)
    showWarnings(answer.warnings ?? [], io)
    writeLine(
      io.stdout,
      answer.added === 0
        ? `${address} was blocked already (revision ${answer.revision})`
        : `${address} is blocked (revision ${answer.revision})`,
    )
  })

  const unblock = program
    .command('unblock')
    .description('take an address or prefix out of the set "blocked" again')
    .argument('<address>', 'address or prefix, as it was blocked')
  addClientOptions(unblock).action(async (address: string) => {
    const answer = await unpointed(removeEntry(connect(unblock), address))
    if (unblock.opts<{ json?: true }>().json) return writeJson(io.stdout, answer)
    writeLine(io.stdout, `${address} is not blocked any more (revision ${answer.revision})`)
  })
}

async function addEntry(client: Client, entry: Entry, left: number): Promise<EntriesAnswer> {
  const rule = await unlessGone(client.api.GET('/v1/rules/{name}', { params }))
  if (rule !== undefined) checkRule(rule)
  // The entry first: when it is refused, nothing else has been made.
  const added = await addToSet(client, entry)
  if (added !== undefined) {
    if (rule !== undefined) return added
    const made = answered(await client.api.PUT('/v1/rules/{name}', { params, body: blockedRule })) as EntriesAnswer
    return { ...added, revision: made.revision, warnings: made.warnings ?? [] }
  }
  const ifMatch = await policyEtag(client)
  const patch = {
    sets: { [blocked]: { ...blockedSet, entries: [entry] } },
    ...(rule === undefined ? { rules: { [blocked]: blockedRule } } : {}),
  }
  try {
    const made = answered(await client.api.PATCH('/v1/policy', { body: patch, headers: ifMatch })) as EntriesAnswer
    return { revision: made.revision, added: 1, entryCount: 1, warnings: made.warnings ?? [] }
  } catch (error) {
    if (left > 1 && error instanceof Failure && error.problem.code === 'stale') return addEntry(client, entry, left - 1)
    throw error
  }
}

/** Undefined: there is no such set yet. */
async function addToSet(client: Client, entry: Entry): Promise<EntriesAnswer | undefined> {
  return unlessGone(client.api.PATCH('/v1/sets/{name}/entries', { params, body: { add: [entry] } })) as Promise<EntriesAnswer | undefined>
}

async function removeEntry(client: Client, prefix: string): Promise<EntriesAnswer> {
  const answer = (await unlessGone(client.api.PATCH('/v1/sets/{name}/entries', { params, body: { remove: [prefix] } }))) as
    | EntriesAnswer
    | undefined
  if (answer === undefined) throw gone(`${prefix} is not blocked: the set "${blocked}" does not exist`)
  if (answer.removed !== 0) return answer
  const around = { ...params, query: { contains: prefix } }
  const [wider] = answered(await client.api.GET('/v1/sets/{name}/entries', { params: around })).items
  if (wider === undefined) throw gone(`${prefix} is not blocked`, `drawgate get sets ${blocked} --entries lists what is`)
  throw gone(`${prefix} is blocked as part of ${wider.prefix}, not by itself`, `drawgate unblock ${wider.prefix}`)
}

/** A rule of that name that does something else would leave the address unblocked without a word. */
function checkRule(rule: RuleValue): void {
  const { source = [], ...others } = rule.match
  const blocks =
    rule.direction === 'ingress' &&
    rule.enabled !== false &&
    (rule.action === 'deny' || rule.action === 'reject') &&
    rule.enforcement !== 'observe' &&
    rule.interfaces === undefined &&
    Object.keys(others).length === 0 &&
    source.includes(`@${blocked}`)
  if (blocks) return
  throw refused(
    `there is a rule "${blocked}" already, and it does not deny everything from @${blocked}`,
    `see it: drawgate get rules ${blocked}   make it anew: PUT /v1/rules/${blocked} ${JSON.stringify(blockedRule)}`,
  )
}

/** Pointers lead into bodies that we wrote, not the user. */
async function unpointed<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Failure) error.locate = () => ''
    throw error
  }
}

async function unlessGone<Body>(answer: Promise<{ readonly data?: Body }>): Promise<Body | undefined> {
  try {
    return (await answer).data
  } catch (error) {
    if (error instanceof Failure && error.problem.status === 404) return undefined
    throw error
  }
}
