/** Who may use a service, and which addresses its backends see. */
import { Limit } from '../dataplane/abi.ts'
import type { ServiceValue } from './document.ts'
import { isFailure, type Prefix, parsePrefix } from './prefix.ts'
import { checkReferences } from './references.ts'
import type { Path, Report } from './report.ts'
import { addressCount } from './sourcenat.ts'

type Sources = NonNullable<ServiceValue['sources']>
type SourceNat = NonNullable<ServiceValue['sourceNat']>

export function checkSources({ allow, deny }: Sources, path: Path, report: Report, sets: ReadonlySet<string>): Sources {
  return {
    ...(allow !== undefined && { allow: checkReferences(allow, [...path, 'allow'], report, sets) }),
    ...(deny !== undefined && { deny: checkReferences(deny, [...path, 'deny'], report, sets) }),
  }
}

export function checkSourceNat(service: ServiceValue, of: Prefix | undefined, path: Path, report: Report): SourceNat {
  const sourceNat = service.sourceNat as SourceNat
  const { mode, addresses } = sourceNat
  const at = [...path, 'sourceNat']

  if (mode === 'none') {
    if (addresses !== undefined)
      report.problem([...at, 'addresses'], 'unsupported', 'addresses are of a pool', 'write mode: pool, or leave addresses out')
    return sourceNat
  }
  if (service.forwarding !== 'nat')
    report.problem(at, 'unsupported', `${service.forwarding} leaves packets as they are`, 'write forwarding: nat, or leave sourceNat out')
  if (service.protocol === 'sctp')
    report.problem(
      at,
      'unsupported',
      'a pool chooses ports, and that of an SCTP packet is not rewritten: its checksum covers all of it',
      'leave sourceNat out',
    )
  if (addresses === undefined) {
    report.problem(at, 'unsupported', 'a pool without addresses gives none', 'name addresses that are routed to this host')
    return sourceNat
  }
  const checked = checkReferences(addresses, [...at, 'addresses'], report)

  for (const [index, text] of checked.entries()) {
    const prefix = parsePrefix(text)

    if (isFailure(prefix)) continue
    if (of !== undefined && prefix.family !== of.family)
      report.problem(
        [...at, 'addresses', index],
        'unsupported',
        `an IPv${of.family} service cannot take IPv${prefix.family} sources`,
        `write an IPv${of.family} prefix`,
      )
    if (addressCount(prefix) > Limit.poolAddresses)
      report.problem(
        [...at, 'addresses', index],
        'capacity_exceeded',
        `${text} has more addresses than the ${Limit.poolAddresses} that pools hold`,
        'write a longer prefix: each address gives 64,512 connections to a backend',
      )
  }
  return { mode, addresses: checked }
}
