/** A process that changes the tables behind a directory of pins without end, to be killed: `churn PINDIR`. */
import { Dataplane } from '../../controlplane/dataplane/dataplane.ts'
import { churnCapacity, churnTables } from './tables.ts'

const dataplane = await Dataplane.open({ pinDir: process.argv[2] ?? '', capacity: churnCapacity })

if (dataplane.revision === 0) {
  await dataplane.stage(churnTables(1))
  dataplane.commit(1)
}
await dataplane.takeOver()
process.stdout.write('ready\n')
for (let revision = dataplane.revision + 1; ; revision++) {
  await dataplane.stage(churnTables(revision))
  dataplane.commit(revision)
}
