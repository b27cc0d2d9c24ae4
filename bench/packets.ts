/** What a packet costs in each stage, beside a program that only drops: `npm run bench`, figures and method in docs/speed.md. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { bootTimeMs } from '../controlplane/native/clock.ts'
import { openBox } from '../test/dataplane/box.ts'
import { cases } from './cases.ts'
import { flood } from './flood.ts'
import { live } from './live.ts'
import { lookups } from './lookups.ts'
import { type Measured, Meter } from './meter.ts'
import { randomPrefixes } from './prefixes.ts'
import { updates } from './updates.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    runs: { type: 'string', default: '7' },
    only: { type: 'string' },
    flood: { type: 'string' },
    updates: { type: 'string' },
  },
})
const runs = Number(values.runs)
const rows: Measured[] = []

if (values.flood) {
  for (const { name, nsMin, nsMedian } of await flood(randomPrefixes(Number(values.flood)), runs))
    console.log(`${name.padEnd(66)}${nsMin.toFixed(0).padStart(9)}${nsMedian.toFixed(0).padStart(9)} ns a frame`)
  process.exit()
}

if (values.updates) {
  console.log(`${'one change'.padEnd(66)}${['ms min', 'median', 'p99', 'most'].map(head => head.padStart(9)).join('')}`)
  for await (const { name, ms, note } of updates(Number(values.updates), 100)) {
    const sorted = [...ms].sort((a, b) => a - b)
    const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number).toFixed(1).padStart(9)
    console.log(name.padEnd(66) + at(0) + at(0.5) + at(0.99) + at(1) + (note === undefined ? '' : `   ${note}`))
  }
  process.exit()
}

const meter = await Meter.open(runs)

function print(row: Measured): void {
  const figures = [row.nsMin.toFixed(1), row.nsMedian.toFixed(1), `${row.ratioMin.toFixed(2)}x`, `${row.ratioMedian.toFixed(2)}x`]

  console.log(row.name.padEnd(66) + figures.map(figure => figure.padStart(9)).join(''))
  rows.push(row)
}

console.log(`${'one packet'.padEnd(66)}${['ns min', 'median', 'ratio', 'median'].map(head => head.padStart(9)).join('')}`)
print(meter.bare())
for (const { name, capacity, policy, entries, packets, waits } of cases()) {
  if (values.only && !name.includes(values.only) && !packets.some(packet => packet.name.includes(values.only ?? ''))) continue

  const box = await openBox(capacity ? { capacity } : {})

  await box.apply(policy, entries)
  if (waits) await box.apply(policy, entries, bootTimeMs() + 3_600_000)
  for (const packet of packets) print(meter.measure(`${name}: ${packet.name}`, box.dataplane, packet))
  box.dataplane.close()
}

if (!values.only || values.only === 'lookup') {
  console.log(`\n${'one lookup'.padEnd(66)}${['ours', 'LPM_TRIE', 'cheaper'].map(head => head.padStart(9)).join('')}`)
  for await (const { name, nsOurs, nsLpmTrie, timesCheaper } of lookups(runs)) {
    const figures = [nsOurs.toFixed(1), nsLpmTrie.toFixed(1), `${timesCheaper.toFixed(1)}x`]

    console.log(name.padEnd(66) + figures.map(figure => figure.padStart(9)).join(''))
  }
}

if (!values.only) {
  const box = await openBox()

  console.log('\nverified instructions (the verifier refuses a program beyond 1,000,000)')
  for (const hook of ['xdp_ingress', 'tc_ingress', 'tc_egress'] as const)
    console.log(`${hook.padEnd(66)}${String(box.dataplane.program(hook).verifiedInstructions).padStart(9)}`)
  box.dataplane.close()
  console.log('\nlive frames through a veth pair into native XDP, one core sends')
  for (const { name, millionsPerSecond } of await live()) console.log(`${name.padEnd(66)}${millionsPerSecond.toFixed(2).padStart(9)} Mpps`)
}
meter.close()
if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
