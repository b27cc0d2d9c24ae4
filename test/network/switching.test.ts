/** Two hundred changes of policy while numbered packets flow: none is treated as neither the old nor the new policy would. */
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'tap'
import type { PolicyDocument } from '../../controlplane/policy/document.ts'
import { checkout, type Host, until } from '../lab/host.ts'
import { cannotBuildLabs, type Lab } from '../lab/lab.ts'
import { addressBytes, ether } from '../lab/packet.ts'
import { clockMs, framesPerLine, numberedPayload, type Received, type Sent } from '../lab/sequence.ts'
import { type Packet, reader } from '../oracle/plain.ts'
import { everyDevice, gatedLab, write } from './gate.ts'

const changes = 200
/** A frame is judged while its sender still sends it; on a busy machine a thread of the kernel may come to it a little later. */
const laterMs = 50

interface Flow {
  readonly family: 4 | 6
  readonly protocol: 'tcp' | 'udp'
  /** Last part of the source address: client 2, friend 4 and foe 3 are all sent by the client. */
  readonly from: number
  readonly ports: readonly [number, number]
}

const flows: Flow[] = ([4, 6] as const).flatMap(family => [
  { family, protocol: 'udp', from: 2, ports: [5000, 7000] },
  { family, protocol: 'tcp', from: 2, ports: [5000, 7000] },
  { family, protocol: 'udp', from: 2, ports: [5000, 7001] },
  { family, protocol: 'udp', from: 2, ports: [5000, 8100] },
  { family, protocol: 'udp', from: 2, ports: [53, 9000] },
  { family, protocol: 'udp', from: 3, ports: [5000, 7000] },
  { family, protocol: 'tcp', from: 4, ports: [5000, 7001] },
])

const open = { ingress: 'allow', egress: 'allow', management: [] }
const closed = { ...open, ingress: 'deny' }
const rule = (action: 'allow' | 'deny', match: object, more: object = {}) => ({ direction: 'ingress', action, match, ...more })
const foes = ['10.1.0.3', '2001:db8:100::3']
const friends = ['10.1.0.4', '2001:db8:100::4']
const byPort = { priority: 10, direction: 'ingress', action: 'deny', match: { destinationPorts: ['7001', '8000-8100'] } }

/** Rules that share no packet, more than one word of them, so that the search goes far. */
const many = Object.fromEntries(
  Array.from({ length: 300 }, (_, at) => [
    `many-${at}`,
    rule(
      'deny',
      at % 2 ? { source: foes, destinationPorts: [`${10_000 + at}`] } : { source: friends, destinationPorts: [`${20_000 + at}`] },
      { priority: at },
    ),
  ]),
)

/** What they have in use differs: no rules, ports, sets, prefixes, many rules, protocols, egress, a default that denies. */
const policies: Record<string, object> = {
  nothing: { defaults: open },
  ports: { defaults: open, rules: { 'by-port': byPort } },
  sets: { defaults: open, sets: { foes: { entries: foes } }, rules: { foes: rule('deny', { source: ['@foes'] }) } },
  both: {
    defaults: open,
    sets: { foes: { entries: foes } },
    rules: { 'by-port': byPort, foes: rule('deny', { source: ['@foes'], protocol: 'udp' }) },
  },
  shut: { defaults: closed },
  way: { defaults: closed, rules: { way: rule('allow', { protocol: 'udp', destinationPorts: ['7000'] }) } },
  friends: {
    defaults: closed,
    sets: { friends: { entries: ['10.1.0.4/31', '2001:db8:100::4/127'] } },
    rules: { friends: rule('allow', { source: ['@friends'] }), dns: rule('allow', { sourcePorts: ['53'] }) },
  },
  many: { defaults: open, rules: { ...many, last: rule('deny', { protocol: 'udp', destinationPorts: ['7000'] }) } },
  'many allowed': { defaults: closed, rules: { ...many, last: rule('allow', { protocol: 'tcp' }) } },
  prefixes: {
    defaults: open,
    rules: {
      narrow: rule('allow', { source: ['10.1.0.2', '2001:db8:100::/127'] }, { priority: 1 }),
      wide: rule('deny', { source: ['10.1.0.0/24', '2001:db8:100::/64'] }, { priority: 2 }),
    },
  },
  egress: { defaults: { ...open, egress: 'deny' }, rules: { out: { direction: 'egress', action: 'allow', match: { protocol: 'tcp' } } } },
}
const names = Object.keys(policies)

function addresses({ family, from }: Flow): { source: string; destination: string } {
  return family === 4
    ? { source: `10.1.0.${from}`, destination: '203.0.113.9' }
    : { source: `2001:db8:100::${from}`, destination: '2001:db8:f00::9' }
}

/** Whether the packet comes through the gate: in by one device, out by another. */
function passes(policy: PolicyDocument, flow: Flow): boolean {
  const entries = Object.entries(policy.sets ?? {}).map(
    ([name, set]) => [name, (set.entries ?? []).map(entry => ({ prefix: entry as string }))] as const,
  )
  const read = reader({ policy, entries: new Map(entries), local: [] })
  const { source, destination } = addresses(flow)
  const packet = (direction: Packet['direction']): Packet => ({
    direction,
    source: addressBytes(source),
    destination: addressBytes(destination),
    protocol: flow.protocol === 'tcp' ? 6 : 17,
    ports: flow.ports,
  })

  return read(packet('ingress')).verdict === 'allow' && read(packet('egress')).verdict === 'allow'
}

async function macOf(host: Host, device: string): Promise<string> {
  const [link] = JSON.parse(await host.exec(['ip', '-j', 'link', 'show', 'dev', device])) as { address: string }[]
  return link?.address ?? ''
}

/** Behind the backend, which forwards nothing, so that nobody answers; and neighbours that need no questions. */
async function lay(lab: Lab): Promise<string[]> {
  const [gate, backend, client] = [lab.gate, lab.backend(), lab.client()]
  const [far, near] = [await macOf(backend, 'eth0'), await macOf(gate, 'c0')]

  for (const [via, net] of [
    [backend.ipv4, '203.0.113.0/24'],
    [backend.ipv6, '2001:db8:f00::/64'],
  ]) {
    await gate.run(`ip neighbour replace ${via} lladdr ${far} dev b0 nud permanent`)
    await gate.run(`ip route add ${net} via ${via} dev b0`)
  }
  const own = await macOf(client, 'eth0')
  return flows.map(flow => {
    const { source, destination } = addresses(flow)
    const frame = ether({ source: own, destination: near })
    const packet = flow.family === 4 ? frame.ip4(source, destination) : frame.ip6(source, destination)
    return Buffer.from(packet[flow.protocol](...flow.ports, { payload: numberedPayload }).bytes()).toString('hex')
  })
}

interface Reign {
  readonly name: string
  /** From when on the policy may have been in force, and from when on it certainly was; until the next one. */
  readonly maybe: number
  readonly surely: number
}

/** Policies that may have been in force at some time between. */
function inForce(reigns: readonly Reign[], from: number, to: number): string[] {
  return reigns.filter(({ maybe }, at) => maybe <= to && (reigns[at + 1]?.surely ?? Infinity) >= from).map(({ name }) => name)
}

test('a change of policy opens and closes nothing in between', { skip: cannotBuildLabs(), timeout: 200_000 }, async t => {
  const whole = (name: string) => ({ interfaces: everyDevice, ...policies[name] }) as unknown as PolicyDocument
  const lab = await gatedLab(t, { clients: 1, backends: 1, servers: false }, () => whole('nothing'))
  const frames = await lay(lab)
  const words = [process.execPath, join(checkout, 'dist/test/lab/sequence.js')]
  const receiver = await lab.backend().start([...words, 'receive', 'eth0'], { ready: 'ready' })
  const reigns: Reign[] = [{ name: 'nothing', maybe: 0, surely: 0 }]
  const sender = await lab.client().start([...words, 'send', 'eth0', ...frames], { ready: 'ready' })
  const seed = Number(process.env.DRAWGATE_SEED ?? Date.now() % 1_000_000_007)
  const steps = fc.sample(fc.integer({ min: 1, max: names.length - 1 }), { seed, numRuns: changes })
  const flowing = async () => {
    const lines = sender.lines.length
    await until(`${framesPerLine} more frames are sent`, () => sender.lines.length > lines + 1)
  }

  t.comment(`seed ${seed}`)
  await flowing()
  for (const [change, step] of steps.entries()) {
    const name = names[(names.indexOf(reigns[change]?.name ?? '') + step) % names.length] as string
    const maybe = clockMs()
    await write(lab, 'PUT', '/v1/policy', whole(name))
    reigns.push({ name, maybe, surely: clockMs() })
    await flowing()
  }
  const sent = JSON.parse((await sender.finish()).at(-1) ?? '') as Sent
  const received = JSON.parse((await receiver.finish()).at(-1) ?? '') as Received
  const arrived = new Set(received.number)
  const verdicts = new Map(names.map(name => [name, flows.map(flow => passes(whole(name), flow))]))
  const tally = { certain: 0, changing: 0, passed: 0, lost: 0 }
  const wrong: string[] = []

  for (const [number, began] of sent.began.entries()) {
    const kind = number % flows.length
    const possible = inForce(reigns, began, (sent.done[number] as number) + laterMs)
    const allowed = possible.map(name => verdicts.get(name)?.[kind])
    const passed = arrived.has(number)

    tally[possible.length === 1 ? 'certain' : 'changing']++
    tally[passed ? 'passed' : 'lost']++
    if (!allowed.includes(passed))
      wrong.push(`${number} ${passed ? 'passed' : 'lost'} under ${possible.join(' or ')}: ${JSON.stringify(flows[kind])}`)
  }
  t.comment(`${sent.began.length} packets: ${JSON.stringify(tally)}`)
  t.same(wrong.slice(0, 10), [], `${wrong.length} packets with a verdict of neither policy`)
  t.equal(received.number.length, arrived.size, 'none came twice')
  t.ok(tally.certain > sent.began.length / 4 && tally.changing > changes, 'packets met steady policies and changes')
  t.ok(new Set(reigns.slice(1).map(({ name }, at) => `${reigns[at]?.name} → ${name}`)).size > 60, 'many kinds of change')
  const { body } = await lab.api('GET', '/metrics')
  const dropped = [...String(body).matchAll(/^drawgate_outcome_packets_total\{[^}]*verdict="drop"[^}]*\} (\d+)/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
  t.ok(dropped >= tally.lost, `each of the ${tally.lost} lost packets was counted as dropped: ${dropped}`)
})
