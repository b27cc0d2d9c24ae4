/** The goal: a hundred megabytes through each mode, byte for byte. */
import { test } from 'tap'
import { cannotBuildLabs } from '../lab/lab.ts'
import { groups } from '../lab/transfer.ts'

for (const { name, run } of groups) test(`transfers: ${name}`, { skip: cannotBuildLabs(), timeout: 1_800_000 }, t => run(t, 100))
