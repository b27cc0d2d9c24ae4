/** Where the list of a set may come from. */
import type { PolicyDocument, SetValue } from './document.ts'
import { covers, isFailure, parseAddress, parsePrefix, prefixKey } from './prefix.ts'
import type { Path, Report } from './report.ts'
import type { PrefixKey } from './tables.ts'

export type SourceValue = NonNullable<SetValue['source']>

export const sourceDefaults = { every: '1h', maxShrinkPercent: 50, maxGrowPercent: 200 } as const

/** What a list is never fetched from. Private networks are not among them: that is where companies keep theirs. */
const closed: readonly (readonly [string, string])[] = [
  ['0.0.0.0/8', 'no address of a host'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'no address of a host'],
  // ::, ::1, and an old way to write IPv4; a newer one, ::ffff:0:0/96, is no address to parse.
  ['::/96', 'loopback, or no address of a host'],
  ['fe80::/10', 'link-local'],
  ['ff00::/8', 'multicast'],
]
const closedKeys = closed.map(([prefix, what]) => [keyOf(prefix), what] as const)
/** Translators turn these into IPv4: what counts is the address inside, and where it begins. */
const translated: readonly (readonly [PrefixKey, number])[] = [
  [keyOf('64:ff9b::/96'), 12],
  [keyOf('2002::/16'), 2],
]

/** Why a list is not fetched from this address; undefined: it may be. */
export function closedTo(address: string): string | undefined {
  const parsed = parseAddress(address)
  if (isFailure(parsed)) return 'no address that can be asked'
  const key = prefixKey(parsed)
  const found = closedKeys.find(([prefix]) => covers(prefix, key))?.[1]
  if (found !== undefined) return found
  const inside = translated.find(([prefix]) => covers(prefix, key))?.[1]
  return inside === undefined ? undefined : closedTo(parsed.bytes.slice(inside, inside + 4).join('.'))
}

/** Why a URL is no place of a list, with what to write instead; undefined: it may be one. */
export function urlFault(text: string): { readonly detail: string; readonly hint: string } | undefined {
  const https = 'write https://HOST/PATH'
  if (!URL.canParse(text)) return { detail: `${JSON.stringify(text.slice(0, 80))} is no URL`, hint: https }
  const url = new URL(text)
  const { protocol, username, password, hostname } = url
  if (protocol !== 'https:')
    return { detail: `${protocol}// is not how a list is fetched`, hint: `${https}: who changes a list on its way could block anybody` }
  if (username !== '' || password !== '')
    return {
      detail: 'a URL with a name or a password would be shown to all who read the policy',
      hint: 'fetch the list beside the daemon, and name it as file',
    }
  if (/^(.+\.)?localhost\.?$/.test(hostname)) return { detail: `${hostname} is loopback`, hint: `${https}, or name a file` }
  const address = hostname.replace(/^\[|\]$/g, '')
  const isAddress = address !== hostname || /^[0-9.]+$/.test(address)
  const why = isAddress ? closedTo(address) : undefined
  return why === undefined ? undefined : { detail: `${address} is ${why}`, hint: `${https}, or name a file` }
}

/** A source that can be tried; whether it answers is seen then. */
export function checkSource(source: SourceValue, path: Path, report: Report): void {
  const { url, file } = source
  if (url === undefined && file === undefined)
    report.problem(path, 'malformed', 'the source names neither url nor file', 'add url: "https://HOST/PATH", or file: "PATH"')
  if (url !== undefined && file !== undefined)
    report.problem([...path, 'file'], 'malformed', 'url and file both say where the list is', 'leave out one of the two')
  const fault = url === undefined ? undefined : urlFault(url)
  if (fault) report.problem([...path, 'url'], 'malformed', fault.detail, fault.hint)
  if (file !== undefined && (file === '' || file.includes('\0')))
    report.problem([...path, 'file'], 'malformed', `${JSON.stringify(file)} is no path`, 'write the path of a file below --lists-dir')
}

/** What detectors put into a set that a list fills would be gone with its next refresh. */
export function checkDetectedSets({ detectors = {}, sets = {} }: PolicyDocument, report: Report): void {
  for (const [name, { set = '' }] of Object.entries(detectors)) {
    const filled = set.replace(/^@/, '')
    if (Object.hasOwn(sets, filled) && sets[filled]?.source)
      report.problem(['detectors', name, 'set'], 'read_only', `the set ${filled} is filled by its source`, 'name a set without source')
  }
}

/** Where the list is; two sources that differ in nothing else are one. */
export function placeOf({ url, file }: SourceValue): string {
  return url ?? file ?? ''
}

function keyOf(text: string): PrefixKey {
  const prefix = parsePrefix(text)
  if (isFailure(prefix)) throw new Error(prefix.problem.detail)
  return prefixKey(prefix)
}
