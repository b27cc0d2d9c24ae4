/** Whether packets of a service can name their backend. */
import type { ServiceValue } from './document.ts'
import { serverId } from './quic.ts'
import type { Path, Report } from './report.ts'

export function checkQuic(service: ServiceValue, path: Path, report: Report): void {
  if (service.quic?.connectionId !== true) return
  if (service.protocol !== 'udp')
    report.problem(
      [...path, 'quic', 'connectionId'],
      'unsupported',
      `QUIC is carried by udp, and the service's protocol is ${service.protocol}`,
      'write protocol: udp, or leave quic out',
    )
  const owners = new Map<number, string>()

  for (const name of Object.keys(service.backends ?? {}).sort()) {
    const owner = owners.get(serverId(name))

    if (owner !== undefined)
      report.problem(
        [...path, 'backends', name],
        'unsupported',
        `the names ${owner} and ${name} give the same server id`,
        `give ${name} another name`,
      )
    owners.set(serverId(name), name)
  }
}
