/** Client certificates as credentials: the name that a token gives, and the names that a certificate has. */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** What `certificate` of a token looks like; the kind is always in small letters. */
export const certificatePattern = '^(sha256:([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}|(uri|dns|email|cn):[!-~]([ -~]{0,250}[!-~])?)$'

/** From what is one certificate's alone to what an authority may have given to several. */
const kinds = ['sha256', 'uri', 'dns', 'email', 'cn'] as const

export interface Certificate {
  /** On one line, for the audit. */
  readonly subject: string
  /** As `certificateName` writes them, the narrowest first. */
  readonly names: readonly string[]
  /** Milliseconds since 1970. */
  readonly validUntil: number
  /** Why it is not accepted; undefined: it is signed by whom we trust. */
  readonly fault?: string
}

/** One spelling for what may be spelt in several ways. */
export function certificateName(text: string): string {
  const at = text.indexOf(':')
  const kind = text.slice(0, at)
  const value = text.slice(at + 1)
  if (kind === 'sha256') return `sha256:${value.replaceAll(':', '').toLowerCase()}`
  return `${kind}:${kind === 'dns' ? value.toLowerCase() : value}`
}

/** What the other end of a connection has shown; undefined: nothing. */
export function certificateOf(socket: Socket): Certificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined
  const shown = socket.getPeerX509Certificate()
  if (shown === undefined) return undefined
  const { CN } = socket.getPeerCertificate().subject ?? {}
  const names = [`sha256:${shown.fingerprint256}`, ...alternativeNames(shown.subjectAltName ?? '')]
  // Of several common names none is the name.
  if (typeof CN === 'string') names.push(`cn:${CN}`)
  const rank = (name: string) => kinds.indexOf(name.slice(0, name.indexOf(':')) as (typeof kinds)[number])
  return {
    subject: printable(shown.subject ?? ''),
    names: names.map(certificateName).sort((a, b) => rank(a) - rank(b)),
    validUntil: Date.parse(shown.validTo),
    ...(socket.authorized ? {} : { fault: String(socket.authorizationError) }),
  }
}

/** Node writes `DNS:a, URI:b`, and what could be taken for more than one name as a JSON string. */
export function alternativeNames(text: string): string[] {
  const names: string[] = []
  for (const [, kind = '', value = ''] of text.matchAll(/(?:^|, )([A-Za-z0-9 ]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?=, |$)/g)) {
    const known = kind.toLowerCase()
    if (known === 'uri' || known === 'dns' || known === 'email')
      names.push(`${known}:${value.startsWith('"') ? (JSON.parse(value) as string) : value}`)
  }
  return names
}

function printable(subject: string): string {
  return subject
    .split('\n')
    .join(', ')
    .replace(/[^ -~]/g, '?')
    .slice(0, 200)
}
