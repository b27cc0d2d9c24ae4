/** `drawgate drain`: takes a backend out of service without cutting a connection. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { addClientOptions, connect } from './client.ts'
import { usage } from './failure.ts'
import { type Io, writeJson, writeLine } from './io.ts'

interface BackendStatus {
  readonly connections: number | null
  readonly drained: boolean
}

const help = `
It gets no new connections from now on and keeps those that it has. Nothing is left of them when the service's idle time is over for
the last one that was quiet, so --wait takes at least that long (idleTimeout, 5m where the service names none).

Examples:
  drawgate drain web/b1 --wait && ssh b1 reboot
  drawgate drain web/b1 --undo`

export function addDrain(program: Command, io: Io): void {
  const command = program
    .command('drain')
    .description('give a backend no new connections, and tell when the old ones are over')
    .argument('<service/backend>')
    .option('--wait', 'return when no connection is left')
    .option('--undo', 'give it new connections again')
    .addHelpText('after', help)
  addClientOptions(command).action(async (place: string) => {
    const { wait, undo, json } = command.opts<{ wait?: true; undo?: true; json?: true }>()
    const [service = '', backend = '', ...more] = place.split('/')
    if (service === '' || backend === '' || more.length > 0) throw usage(`${place} is not SERVICE/BACKEND`, 'write web/b1')
    const client = connect(command)
    const state = undo ? 'active' : 'draining'
    await client.request('PATCH', ['services', service, 'backends', backend], { json: { state } })
    const read = async () => {
      const { body } = await client.request<{ backends: Record<string, BackendStatus> }>('GET', ['services', service, 'status'])
      return body.backends[backend]
    }
    let status = await read()
    while (wait && !undo && status !== undefined && !status.drained) {
      await pause(500)
      status = await read()
    }
    if (json) return writeJson(io.stdout, { service, backend, state, ...status })
    const left = status?.connections === null || status === undefined ? '' : `, ${status.connections} connections are known`
    writeLine(io.stdout, undo ? `${place} is active` : status?.drained ? `${place} is drained` : `${place} is draining${left}`)
  })
}
