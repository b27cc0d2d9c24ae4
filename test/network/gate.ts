/** What the network tests share: a lab with a daemon that has a policy in force, and questions to both. */
import type { Test } from 'tap'
import type { Host } from '../lab/host.ts'
import { Lab, type LabOptions } from '../lab/lab.ts'

/** The gate's devices to its clients and its backends. */
export const everyDevice = { 'c*': {}, 'b*': {} }
export const open = { ingress: 'allow', egress: 'allow' }

export interface Service {
  address: string
  ports: string[]
  protocol: 'tcp' | 'udp'
  forwarding: 'nat' | 'dsr-l2' | 'dsr-ipip' | 'dsr-gue'
  backends: Record<string, { address: string; port?: number }>
}

/** Backends of a lab as those of a service: their IPv4 or IPv6 addresses, whichever the service has. */
export function service(lab: Lab, value: Omit<Service, 'backends'>, port?: number): Service {
  const address = (host: Host) => (value.address.includes(':') ? host.ipv6 : host.ipv4)
  const backends = lab.backends.map(host => [host.name, { address: address(host), ...(port === undefined ? {} : { port }) }])
  return { ...value, backends: Object.fromEntries(backends) }
}

export async function gatedLab(t: Test, options: LabOptions, policy: (lab: Lab) => object): Promise<Lab> {
  const lab = await Lab.create(options)
  t.teardown(() => lab.close())
  await lab.gate.serve({ policy: policy(lab) })
  return lab
}

/** Packets that a rule decided, or that went to a service. */
export async function packets(lab: Lab, kind: 'rules' | 'services', name: string): Promise<number> {
  const { body } = await lab.api('GET', `/v1/${kind}/${name}/status`)
  return (body as { packets: number }).packets
}

/** Throws with the whole answer when the API refuses. */
export async function write(lab: Lab, method: 'PUT' | 'PATCH' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<void> {
  const answer = await lab.api(method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body, undefined, 2)}`)
}
