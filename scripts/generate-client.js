#!/usr/bin/env node
// Writes the types of the client from openapi/openapi.json; --check says whether they are up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const path = name => fileURLToPath(new URL(`../${name}`, import.meta.url))
const target = path('controlplane/client/schema.ts')
const document = JSON.parse(readFileSync(path('openapi/openapi.json'), 'utf8'))
const types = astToString(await openapiTS(document, { alphabetize: true }))
const text = `/** Generated from openapi/openapi.json by scripts/generate-client. */\n${types}`

if (!process.argv.includes('--check')) writeFileSync(target, text)
else if (readFileSync(target, 'utf8') !== text) {
  console.error('controlplane/client/schema.ts is not what openapi/openapi.json says: run npm run abi and commit it')
  process.exitCode = 1
}
