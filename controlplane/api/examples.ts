/** Examples of the API's pages, by component: the same small gate throughout. Tests put each of them through its schema. */
const backend = { address: '10.0.0.11', port: 8080, weight: 100 }
const rule = { priority: 10, direction: 'ingress', action: 'deny', match: { source: ['@blocklist'] } }
const set = { description: 'by hand' }
const device = { xdp: 'auto', egress: 'auto' }
const service = { address: '198.51.100.10', ports: ['80'], protocol: 'tcp', forwarding: 'nat', backends: { b1: backend } }

export const examples: Readonly<Record<string, unknown>> = {
  Policy: {
    defaults: {
      ingress: 'allow',
      egress: 'allow',
      essentials: true,
      management: [{ port: 22, protocol: 'tcp', sources: ['0.0.0.0/0', '::/0'] }],
    },
    interfaces: { eth0: device },
    sets: { blocklist: set },
    rules: { 'block-bad': rule },
    services: { web: service },
  },
  Interface: device,
  Set: set,
  Rule: rule,
  Service: service,
  Backend: backend,
  Problem: {
    type: 'urn:drawgate:error:host_bits',
    title: 'A prefix has bits set past its length',
    status: 422,
    detail: '/match/source/0: 10.0.0.7/8 has bits set past /8',
    code: 'host_bits',
    hint: 'write 10.0.0.0/8, or 10.0.0.7/32 for one host',
    errors: [
      {
        pointer: '/match/source/0',
        code: 'host_bits',
        detail: '10.0.0.7/8 has bits set past /8',
        hint: 'write 10.0.0.0/8, or 10.0.0.7/32 for one host',
      },
    ],
    errorCount: 1,
  },
}
