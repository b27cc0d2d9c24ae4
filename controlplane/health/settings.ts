/** What a service's health check asks of each of its backends, with every default filled in. */
import { type BackendValue, healthPort, parseStatusRange, type ServiceValue } from '../policy/service.ts'
import { parseIntervalMs } from '../policy/time.ts'

export interface CheckSettings {
  readonly type: 'tcp' | 'http' | 'https' | 'grpc'
  /** Of the backend. */
  readonly address: string
  /** Of its service, where packets of clients reach the backend unchanged; a check asks there, as they do. */
  readonly through: string | undefined
  readonly port: number
  readonly path: string
  /** Header `host`. */
  readonly host: string
  readonly expectStatus: { readonly first: number; readonly last: number }
  /** Of gRPC; empty: the server as a whole. */
  readonly service: string
  readonly tls: { readonly verify: boolean; readonly serverName?: string; readonly caFile?: string } | undefined
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly rise: number
  readonly fall: number
}

export const defaultStatus = '200-399'

/** Undefined: this backend is not checked. */
export function settingsOf(service: ServiceValue, backend: BackendValue): CheckSettings | undefined {
  const { healthCheck } = service
  const port = healthPort(service, backend)
  if (healthCheck === undefined || healthCheck.type === 'none' || port === undefined) return undefined
  if (service.enabled === false || backend.state === 'disabled') return undefined
  const { type, tls } = healthCheck
  const intervalMs = parseIntervalMs(healthCheck.interval ?? '2s') as number
  return {
    type,
    address: backend.address,
    through: service.forwarding === 'nat' ? undefined : service.address.replace(/\/.*$/, ''),
    port,
    path: healthCheck.path ?? '/',
    host: healthCheck.host ?? (service.address.includes(':') ? `[${service.address}]` : service.address),
    expectStatus: parseStatusRange(healthCheck.expectStatus ?? defaultStatus) as { first: number; last: number },
    service: healthCheck.service ?? '',
    tls: type === 'https' || tls !== undefined ? { ...tls, verify: tls?.verify ?? true } : undefined,
    intervalMs,
    timeoutMs: parseIntervalMs(healthCheck.timeout ?? '1s') as number,
    rise: healthCheck.rise ?? 2,
    fall: healthCheck.fall ?? 3,
  }
}
