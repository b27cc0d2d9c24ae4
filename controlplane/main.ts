#!/usr/bin/env node
/** The command `drawgate`: the daemon, and the client that speaks to it. */
import { run } from './cli/program.ts'

process.exitCode = await run(process.argv.slice(2), process)
