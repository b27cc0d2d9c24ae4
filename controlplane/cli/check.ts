/** `drawgate check`: whether a policy file would be taken, asked of the compiler itself; neither root nor a daemon is needed. */
import type { Command } from 'commander'
import { faultsOf } from '../api/validation.ts'
import { defaultCapacity } from '../dataplane/sizes.ts'
import { type Fault, problemBody, RequestError, refuse } from '../errors.ts'
import { parseJson } from '../format/json.ts'
import { parseYaml } from '../format/yaml.ts'
import { type Plan, planDraft, type Surroundings } from '../gate/plan.ts'
import { atOnce } from '../policy/at-once.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { emptyIdBook } from '../policy/ids.ts'
import { newMemory } from '../policy/memory.ts'
import { mediaType, readPolicy, showWarnings } from './apply.ts'
import { exitCodes, Failure } from './failure.ts'
import { type Io, painter, writeJson, writeLine } from './io.ts'
import { locator } from './locate.ts'

const help = `
Everything is checked that does not depend on the host: shape, meaning, and whether it fits into tables of the default size.
Entries that sets hold on a gate are not known here. Exit codes: 0 it would be taken, perhaps with warnings; 1 it would be
refused; 2 the file could not be read.

Examples:
  drawgate check policy.yaml
  generate-policy | drawgate check - --json`

export function addCheck(program: Command, io: Io): void {
  const command = program
    .command('check')
    .description('say whether a policy file would be taken, without a daemon')
    .argument('<file>', 'policy file, YAML or JSON; - reads standard input')
    .option('--json', 'print warnings and the use of tables, or the problem, as JSON')
    .addHelpText('after', help)
    .action((file: string) => check(file, command.opts<{ json?: true }>(), io))
}

async function check(file: string, { json }: { json?: true }, io: Io): Promise<void> {
  const { name, text } = await readPolicy(file, io)
  const { compiled, warnings, document } = planned(name, text)
  const capacity = compiled.use.map(({ table, used, max }) => ({ table, used, max }))
  if (json) return writeJson(io.stdout, { warnings, capacity })
  showWarnings(warnings, io)
  for (const { table, used, max } of capacity.filter(({ used, max }) => used > 0.8 * max))
    writeLine(io.stderr, `${painter(io.stderr)('yellow', 'note:')} ${table} would hold ${used} of ${max} rows`)
  const count = (section: object | undefined, one: string) => {
    const number = Object.keys(section ?? {}).length
    return `${number} ${number === 1 ? one : `${one}s`}`
  }
  writeLine(
    io.stdout,
    `${name}: ${count(document.rules, 'rule')}, ${count(document.sets, 'set')}, ${count(document.services, 'service')}; it would be taken`,
  )
}

function planned(name: string, text: string): Plan {
  try {
    const parsed = mediaType(name, text) === 'application/json' ? parseJson(text) : parseYaml(text)
    if ('faults' in parsed) throw refuse(parsed.faults)
    const faults: Fault[] = faultsOf('Policy', parsed.value)
    if (faults.length > 0) throw refuse(faults)
    return plan(parsed.value as PolicyDocument)
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    const { status: _status, ...problem } = problemBody(error)
    const failure = new Failure(exitCodes.refused, problem)
    failure.locate = locator(name, text)
    throw failure
  }
}

/** As a gate of the default size would that holds nothing yet. */
function plan(document: PolicyDocument): Plan {
  const around: Surroundings = {
    capacity: defaultCapacity,
    local: [],
    apiPort: undefined,
    devices: [],
    cgroupIds: () => new Map(),
    bootOffsetMs: 0,
    tracking: { isOn: false, pickUpUntilS: 0n },
    compiled: undefined,
    memory: newMemory(),
  }
  const nothing = { entries: new Map(), expiresIn: new Map(), ids: emptyIdBook }
  return atOnce(planDraft(nothing, { document, entries: new Map() }, around, { target: ['policy', ''] }))
}
