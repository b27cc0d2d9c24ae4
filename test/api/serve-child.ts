/** A daemon to be killed; by itself at its n-th switch of the kernel's tables, if so many are given: stored, and not in force. */
import { pino } from 'pino'
import { Dataplane } from '../../controlplane/dataplane/dataplane.ts'
import { type ServeOptions, serve } from '../../controlplane/serve.ts'

const { commit } = Dataplane.prototype
let switches = Number(process.argv[3] ?? Infinity)
Dataplane.prototype.commit = function (...change) {
  if (--switches === 0) process.kill(process.pid, 'SIGKILL')
  commit.apply(this, change)
}

const { close } = await serve({ ...(JSON.parse(process.argv[2] ?? '{}') as ServeOptions), log: pino({ level: 'silent' }) })
process.once('SIGTERM', () => void close())
console.log('ready')
