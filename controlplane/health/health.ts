/** Which backends are well: checks follow the policy, and the kernel follows the checks. */
import type { Dataplane } from '../dataplane/dataplane.ts'
import { canonicalJson } from '../format/json.ts'
import type { Gate } from '../gate/gate.ts'
import { takesConnections } from '../policy/rings.ts'
import type { BackendValue, ServiceValue } from '../policy/service.ts'
import type { Journal } from '../visibility/journal.ts'
import { down, type Judged, unknown } from './judge.ts'
import { Asker } from './passage.ts'
import { type CheckSettings, settingsOf } from './settings.ts'
import { BackendWatch, type WatchCounts } from './watch.ts'

export interface HealthOptions {
  readonly gate: Pick<Gate, 'document' | 'registry'>
  readonly dataplane: Pick<Dataplane, 'setHealth' | 'isUp' | 'checks' | 'devices'>
  readonly journal: Pick<Journal, 'tell'>
}

export class HealthChecks {
  readonly #options: HealthOptions
  /** By `service/backend`. */
  readonly #watches = new Map<string, BackendWatch>()

  constructor(options: HealthOptions) {
    this.#options = options
    this.policyChanged()
  }

  /** Begins, goes on with and ends checks as the policy in force says. What is not checked counts as up. */
  policyChanged(): void {
    const { gate, dataplane } = this.#options
    const services = gate.document.services ?? {}
    const wanted = new Map<string, CheckSettings>()
    for (const [name, service] of Object.entries(services))
      for (const [backend, value] of Object.entries(service.backends ?? {})) {
        const settings = settingsOf(service, value)
        if (settings !== undefined) wanted.set(`${name}/${backend}`, settings)
      }
    for (const [key, watch] of this.#watches) {
      const settings = wanted.get(key)
      if (settings !== undefined && canonicalJson(settings) === canonicalJson(watch.settings)) wanted.delete(key)
      else this.#end(key, watch)
      // Another way of asking is asked anew, from what is known.
      if (settings !== undefined && wanted.has(key)) this.#begin(key, settings, watch.judged)
      wanted.delete(key)
    }
    for (const [key, settings] of wanted) {
      const id = gate.registry.ids.backends.get(key)
      this.#begin(key, settings, id !== undefined && !dataplane.isUp(id) ? down(Date.now()) : unknown(Date.now()))
    }
    for (const [name, service] of Object.entries(services)) this.#enforce(name, service)
  }

  /** Undefined: it is not checked. */
  of(service: string, backend: string): Judged | undefined {
    return this.#watches.get(`${service}/${backend}`)?.judged
  }

  counts(): ReadonlyMap<string, WatchCounts & { readonly isUp: boolean }> {
    return new Map([...this.#watches].map(([key, watch]) => [key, { ...watch.counts, isUp: watch.judged.health !== 'down' }]))
  }

  close(): void {
    for (const [key, watch] of this.#watches) this.#end(key, watch)
  }

  #begin(key: string, settings: CheckSettings, judged: Judged): void {
    const { gate, dataplane } = this.#options
    const [service = ''] = key.split('/')
    const ids = () => {
      const { services, backends } = gate.registry.ids
      const [serviceId, backendId] = [services.get(service), backends.get(key)]
      return serviceId === undefined || backendId === undefined ? undefined : { serviceId, backendId }
    }
    const devices = () => dataplane.devices().map(({ name }) => name)
    const asker = new Asker({ checks: dataplane.checks, settings, ids, devices })
    this.#watches.set(
      key,
      new BackendWatch(
        settings,
        judged,
        () => asker.ask(),
        now => this.#changed(key, now),
      ),
    )
  }

  #end(key: string, watch: BackendWatch): void {
    watch.close()
    this.#watches.delete(key)
  }

  /** The kernel first: nobody is told before packets obey. */
  #changed(key: string, { health, since, lastError }: Judged): void {
    const [name = '', backend = ''] = key.split('/')
    const service = this.#options.gate.document.services?.[name]
    if (service !== undefined) this.#enforce(name, service)
    this.#options.journal.tell({
      type: 'health',
      time: since,
      data: () => ({ service: name, backend, health, ...(health === 'down' && lastError !== undefined ? { error: lastError } : {}) }),
    })
  }

  #enforce(name: string, service: ServiceValue): void {
    const { ids } = this.#options.gate.registry
    const id = ids.services.get(name)
    if (id === undefined) return
    const stateOf = ([backend, value]: [string, BackendValue]) => ({
      id: ids.backends.get(`${name}/${backend}`) ?? 0,
      isUp: this.of(name, backend)?.health !== 'down',
      takes: takesConnections(value),
    })
    const backends = Object.entries(service.backends ?? {})
    this.#options.dataplane.setHealth(
      id,
      backends.map(stateOf).filter(({ id }) => id > 0),
    )
  }
}
