/** Writes openapi/openapi.json from the schemas of the routes; with `--check` says whether it is up to date. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type AppOptions, buildApp } from './app.ts'
import { Journal } from './visibility/journal.ts'

export const documentPath = fileURLToPath(new URL('../../openapi/openapi.json', import.meta.url))

/** Routes describe themselves without being called, so that nothing needs to stand behind them. */
export async function openapiText(): Promise<string> {
  const { app } = await buildApp({
    store: { tokens: () => [] },
    gate: {},
    dataplane: {},
    network: {},
    journal: new Journal(),
  } as unknown as AppOptions)
  const text = `${JSON.stringify(app.swagger(), null, 2)}\n`
  await app.close()
  return text
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await openapiText()
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(documentPath), { recursive: true })
    writeFileSync(documentPath, text)
  } else if (readFileSync(documentPath, 'utf8') !== text) {
    console.error('openapi/openapi.json is not what the routes say: run npm run abi and commit it')
    process.exitCode = 1
  }
}
