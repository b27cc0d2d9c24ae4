/** /v1/interfaces and /v1/devices: what the policy wants to stand on, and what the host has. */
import { Type } from 'typebox'
import { interfaceFor } from '../gate/attachments.ts'
import { formatAddress } from '../policy/prefix.ts'
import { names, object } from '../policy/schema.ts'
import { answers, page } from './answers.ts'
import { collection } from './collection.ts'
import type { App, Context } from './context.ts'
import { reference } from './schemas.ts'

/** A device may be called so, an object of JavaScript had better not. */
const interfaceName = `^(?!__proto__$)${names.interface.slice(1)}`

export function interfaces(app: App, context: Context): void {
  collection(app, context, {
    kind: 'interfaces',
    component: 'Interface',
    statusComponent: 'InterfaceStatus',
    namePattern: interfaceName,
    status: name => {
      const devices = context.gate.attached(name)
      const state = devices.length === 0 ? 'absent' : devices.every(device => device.state === 'attached') ? 'attached' : 'degraded'
      return { state, devices }
    },
  })
}

const deviceSchema = object(
  {
    name: Type.String({ examples: ['eth0'] }),
    ifindex: Type.Integer(),
    kind: Type.String({ description: 'Of a virtual device', examples: ['veth'] }),
    driver: Type.String(),
    mtu: Type.Integer(),
    up: Type.Boolean(),
    mac: Type.String({ examples: ['02:00:00:00:00:01'] }),
    addresses: Type.Array(Type.String({ examples: ['192.0.2.1'] })),
    interface: Type.Union([Type.String(), Type.Null()], { description: 'Entry of `interfaces` that decides for it' }),
    status: Type.Union([reference('DeviceStatus'), Type.Null()], { description: 'null: the dataplane does not stand on it' }),
  },
  { description: 'A device of this host' },
)

export function devices(app: App, { gate, network }: Context): void {
  app.get(
    '/v1/devices',
    {
      schema: {
        operationId: 'listDevices',
        tags: ['host'],
        summary: 'List the devices of this host',
        querystring: object({}),
        response: answers({ 200: page(deviceSchema, 'All devices') }),
      },
    },
    async () => {
      const attached = new Map(gate.attached().map(status => [status.ifindex, status]))
      const addresses = network.addresses()
      const items = network.devices().map(({ name, ifindex, kind, driver, mtu, up, mac }) => ({
        name,
        ifindex,
        kind,
        driver,
        mtu,
        up,
        mac,
        addresses: addresses
          .filter(it => it.ifindex === ifindex)
          .map(({ address }) => formatAddress({ family: address.length === 4 ? 4 : 6, bytes: address, length: address.length * 8 })),
        interface: interfaceFor(name, gate.document.interfaces) ?? null,
        status: attached.get(ifindex) ?? null,
      }))
      return { items, nextCursor: null }
    },
  )
}
