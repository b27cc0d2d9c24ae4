/** Some megabytes through each mode; a hundred each are in test/long. */
import { test } from 'tap'
import { cannotBuildLabs } from '../lab/lab.ts'
import { groups } from '../lab/transfer.ts'

for (const { name, run } of groups) test(`transfers: ${name}`, { skip: cannotBuildLabs() }, t => run(t, 4))
