/** Whether services and their backends mean something and can be forwarded to. */

import { checkHealthCheck } from './checkhealth.ts'
import { checkQuic } from './checkquic.ts'
import { checkSourceNat, checkSources } from './checksource.ts'
import type { BackendValue, ServiceValue } from './document.ts'
import { sortedEntries } from './order.ts'
import { formatAddress, formatPrefix, isFailure, type Prefix, parseAddress, parsePrefix } from './prefix.ts'
import { checkPorts } from './references.ts'
import type { Path, Report } from './report.ts'
import { parseIntervalMs } from './time.ts'

export function checkServices(
  services: Readonly<Record<string, ServiceValue>>,
  path: Path,
  report: Report,
  sets: ReadonlySet<string>,
): Record<string, ServiceValue> {
  const canonical = Object.entries(services).map(([name, service]) => [name, checkService(service, [...path, name], report, sets)] as const)
  const checked: Record<string, ServiceValue> = Object.fromEntries(canonical)

  refuseDuplicates(checked, path, report)
  return checked
}

function checkService(service: ServiceValue, path: Path, report: Report, sets: ReadonlySet<string>): ServiceValue {
  const address = parsePrefix(service.address)

  checkIdleTimeout(service, path, report)
  if (service.healthCheck !== undefined) checkHealthCheck(service, service.healthCheck, [...path, 'healthCheck'], report)

  if (isFailure(address)) report.problem([...path, 'address'], address.problem.code, address.problem.detail, address.problem.hint)
  else if (isLoopback(address))
    report.problem(
      [...path, 'address'],
      'unsupported',
      `${formatPrefix(address)} is on loopback, whose packets never come from a network`,
      'write an address that clients can reach',
    )
  const canonical = { ...service, address: isFailure(address) ? service.address : spell(address) }

  if (service.sources !== undefined) canonical.sources = checkSources(service.sources, [...path, 'sources'], report, sets)
  if (service.sourceNat !== undefined) canonical.sourceNat = checkSourceNat(service, isFailure(address) ? undefined : address, path, report)
  checkQuic(service, path, report)
  if (service.ports !== undefined) canonical.ports = checkPorts(service.ports, [...path, 'ports'], report)
  if (service.backends !== undefined)
    canonical.backends = Object.fromEntries(
      Object.entries(service.backends).map(([name, backend]) => [
        name,
        checkBackend(backend, canonical, isFailure(address) ? undefined : address, [...path, 'backends', name], report),
      ]),
    )
  return canonical
}

/** The clock of windows wraps after two years, and a flow's idle time is told in powers of two. */
const maxIdleMs = 7 * 24 * 3_600_000

function checkIdleTimeout({ idleTimeout }: ServiceValue, path: Path, report: Report): void {
  if (idleTimeout !== undefined && (parseIntervalMs(idleTimeout) as number) > maxIdleMs)
    report.problem([...path, 'idleTimeout'], 'malformed', `${idleTimeout} is longer than a week`, 'write 7d or less')
}

function checkBackend(backend: BackendValue, service: ServiceValue, of: Prefix | undefined, path: Path, report: Report): BackendValue {
  const address = parseAddress(backend.address)

  checkBackendPort(backend, service, path, report)
  if (isFailure(address)) {
    report.problem([...path, 'address'], address.problem.code, address.problem.detail, address.problem.hint)
    return backend
  }
  if (!isHost(address))
    report.problem(
      [...path, 'address'],
      'unsupported',
      `${formatAddress(address)} is no address that a backend can have`,
      'write the unicast address of a host',
    )
  if (of !== undefined && of.family !== address.family && (service.forwarding === 'nat' || service.forwarding === 'dsr-l2')) {
    const reason = service.forwarding === 'nat' ? 'nat rewrites addresses, not headers' : "a backend must hold the service's own address"
    report.problem(
      [...path, 'address'],
      'unsupported',
      `an IPv${of.family} service cannot reach an IPv${address.family} backend: ${reason}`,
      `write an IPv${of.family} address, or forwarding: dsr-ipip, whose tunnels carry either family over either`,
    )
  }
  return { ...backend, address: formatAddress(address) }
}

/** Only `nat` changes ports, and of SCTP not even that: its checksum covers the whole packet. */
function checkBackendPort(backend: BackendValue, service: ServiceValue, path: Path, report: Report): void {
  const same = service.ports?.length === 1 && service.ports[0] === String(backend.port)

  if (backend.port === undefined || same) return
  if (service.forwarding !== 'nat')
    report.problem(
      [...path, 'port'],
      'unsupported',
      `${service.forwarding} leaves packets as they are, so a backend answers on the service's port`,
      'leave port out',
    )
  else if (service.protocol === 'sctp')
    report.problem(
      [...path, 'port'],
      'unsupported',
      'the port of an SCTP packet is not rewritten: its checksum covers all of it',
      'leave port out',
    )
}

function refuseDuplicates(services: Readonly<Record<string, ServiceValue>>, path: Path, report: Report): void {
  const owners = new Map<string, string>()

  for (const [name, { address, protocol, ports }] of sortedEntries(services))
    for (const [index, port] of (ports ?? ['any']).entries()) {
      const key = `${address} ${protocol} ${port}`
      const owner = owners.get(key)

      if (owner !== undefined && owner !== name)
        report.problem(
          ports === undefined ? [...path, name, 'address'] : [...path, name, 'ports', index],
          'service_duplicate',
          `service ${owner} has ${address}, ${protocol}, ${port === 'any' ? 'any port' : `port ${port}`} already`,
          `write another port or address, or change ${owner}`,
        )
      owners.set(key, owner ?? name)
    }
}

/** Hosts read back without length. */
function spell(prefix: Prefix): string {
  return prefix.length === prefix.bytes.length * 8 ? formatAddress(prefix) : formatPrefix(prefix)
}

function isLoopback({ family, bytes, length }: Prefix): boolean {
  return family === 4 ? bytes[0] === 127 && length >= 8 : length === 128 && bytes.every((byte, at) => byte === (at === 15 ? 1 : 0))
}

function isHost({ family, bytes }: Prefix): boolean {
  const first = bytes[0] as number

  return family === 4 ? first > 0 && first < 224 && first !== 127 : first !== 0xff && bytes.some((byte, at) => byte > (at === 15 ? 1 : 0))
}
