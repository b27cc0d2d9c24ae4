/** `drawgate status`: the daemon, the kernel and how full the tables are, on one screen. */
import type { Command } from 'commander'
import { stringify } from 'yaml'
import { addClientOptions, answered, connect } from './client.ts'
import { type Io, painter, plain, writeJson, writeLine } from './io.ts'
import type { DeviceStatus } from './lists.ts'
import { type Cell, table } from './table.ts'

interface StatusAnswer {
  readonly devices?: readonly DeviceStatus[]
  readonly capacity?: readonly { readonly table: string; readonly used: number; readonly max: number }[]
  readonly [field: string]: unknown
}

const help = `
Example:
  drawgate status --json | jq .revision`

export function addStatus(program: Command, io: Io): void {
  const command = program
    .command('status')
    .description('print what is in force, whether the kernel agrees, and how full its tables are')
    .addHelpText('after', help)
  addClientOptions(command).action(async () => {
    const body = answered(await connect(command).api.GET('/v1/status'))
    if (command.opts<{ json?: true }>().json) writeJson(io.stdout, body)
    else show(body, io)
  })
}

function show({ capacity = [], devices = [], ...facts }: StatusAnswer, io: Io): void {
  const paint = painter(io.stdout)
  const width = Object.keys(facts).reduce((most, key) => Math.max(most, key.length), 0)
  for (const [key, value] of Object.entries(facts)) {
    writeLine(io.stdout, `${paint('bold', key.padEnd(width))}  ${factText(value).replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`)
  }
  const showTable = (heads: readonly string[], rows: readonly (readonly Cell[])[]) => {
    if (rows.length > 0) for (const line of ['', ...table(heads, rows, paint)]) writeLine(io.stdout, line)
  }
  showTable(
    ['DEVICE', 'STATE', 'XDP', 'EGRESS', 'DRIVER', 'MTU', 'ERROR'],
    devices.map(({ name, state, mode, egress, driver, mtu, error }) => [name, state, mode, egress, driver, mtu, error]),
  )
  showTable(
    ['TABLE', 'USED', 'MAX', 'FULL'],
    capacity.map(({ table, used, max }) => [table, used, max, max === 0 ? '-' : `${Math.round((used / max) * 100)} %`]),
  )
}

function factText(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value) && value.length === 0) return 'none'
  if (typeof value === 'object') return stringify(value, { lineWidth: 0 }).trimEnd()
  return plain(String(value))
}
