/** A daemon to be killed. */
import { pino } from 'pino'
import { type ServeOptions, serve } from '../../controlplane/serve.ts'

const { close } = await serve({ ...(JSON.parse(process.argv[2] ?? '{}') as ServeOptions), log: pino({ level: 'silent' }) })
process.once('SIGTERM', () => void close())
console.log('ready')
