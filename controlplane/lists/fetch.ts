/** A list over https: asked for only if it has changed, and never from an address that only this host can reach. */
import { lookup } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import { type RequestOptions, request } from 'node:https'
import type { LookupFunction } from 'node:net'
import { closedTo, urlFault } from '../policy/source.ts'
import { Unavailable } from './unavailable.ts'

/** What makes a server answer "not modified"; for the host that said it and no other. */
export interface Validators {
  readonly origin: string
  readonly etag?: string
  readonly lastModified?: string
}

export interface FetchOptions {
  /** Certificates that are trusted; absent: those that node trusts. */
  readonly ca?: readonly string[]
  readonly known?: Validators
  readonly signal: AbortSignal
  /** Milliseconds without a byte. */
  readonly silenceMs: number
  readonly maxBytes: number
}

/** The body is to be read to its end, or destroyed. */
export type Fetched =
  | { readonly isSame: true }
  | { readonly isSame: false; readonly body: IncomingMessage; readonly isJson: boolean; readonly validators: Validators }

const maxRedirects = 5
const redirects = new Set([301, 302, 303, 307, 308])

/** @throws Unavailable */
export async function fetchList(place: string, options: FetchOptions): Promise<Fetched> {
  let url = new URL(place)
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const fault = urlFault(url.href)
    if (fault) throw new Unavailable(hop === 0 ? fault.detail : `it redirects to ${shown(url)}: ${fault.detail}`)
    const answer = await ask(url, options)
    const { statusCode = 0, headers } = answer
    if (statusCode === 200) return takeAnswer(url, answer, options)
    answer.destroy()
    if (statusCode === 304 && options.known) return { isSame: true }
    if (!redirects.has(statusCode) || headers.location === undefined) throw new Unavailable(`${shown(url)} answers ${statusCode}`)
    if (!URL.canParse(headers.location, url.href)) throw new Unavailable(`${shown(url)} redirects to what is no URL`)
    url = new URL(headers.location, url)
  }
  throw new Unavailable(`it redirects more than ${maxRedirects} times`)
}

function takeAnswer(url: URL, body: IncomingMessage, { maxBytes }: FetchOptions): Fetched {
  const { headers } = body
  const refuse = (why: string) => {
    body.destroy()
    return new Unavailable(why)
  }
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw refuse(`${shown(url)} answers with Content-Encoding ${encoding.slice(0, 40)}, which was not asked for`)
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw refuse(`the list is longer than ${maxBytes} bytes`)
  return {
    isSame: false,
    body,
    isJson: /^application\/([a-z0-9.-]+\+)?json\b/i.test(headers['content-type'] ?? ''),
    validators: {
      origin: url.origin,
      ...(headers.etag === undefined ? {} : { etag: headers.etag }),
      ...(headers['last-modified'] === undefined ? {} : { lastModified: headers['last-modified'] }),
    },
  }
}

function ask(url: URL, { ca, known, signal, silenceMs }: FetchOptions): Promise<IncomingMessage> {
  const ours = known?.origin === url.origin ? known : undefined
  const options: RequestOptions = {
    // A connection of its own: nothing of one list is left for the next.
    agent: false,
    lookup: openLookup,
    signal,
    headers: {
      accept: 'text/plain, application/json;q=0.9, */*;q=0.1',
      'accept-encoding': 'identity',
      'user-agent': 'drawgate',
      ...(ours?.etag === undefined ? {} : { 'if-none-match': ours.etag }),
      ...(ours?.lastModified === undefined ? {} : { 'if-modified-since': ours.lastModified }),
    },
    ...(ca === undefined ? {} : { ca: [...ca] }),
  }
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined
    const asked = request(url, options, message => {
      answer = message
      resolve(message)
    })
    asked.setTimeout(silenceMs, () => (answer ?? asked).destroy(new Error(`not a byte within ${silenceMs / 1000} s`)))
    asked.on('error', error => reject(new Unavailable(`${shown(url)}: ${error.message}`)))
    asked.end()
  })
}

/** What is looked at is what is connected to: a name that changes its mind between the two gains nothing. */
export const openLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, [])
    for (const { address } of addresses) {
      const why = closedTo(address)
      if (why !== undefined) return done(new Error(`${hostname} is ${address}, ${why}`), [])
    }
    const [first] = addresses
    if (options.all) done(null, addresses)
    else done(null, first?.address ?? '', first?.family)
  })
}

/** Without the query, which may hold what only its owner should know. */
function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.slice(0, 200)
}
