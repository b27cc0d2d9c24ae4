/** Every way in which a request can fail: code, status, what it means and what to do. docs/errors.md has a row for each. */
import type { Problem } from './policy/problem.ts'

export interface ErrorKind {
  readonly status: number
  readonly title: string
  readonly meaning: string
  readonly cure: string
}

export const errors = {
  malformed: {
    status: 400,
    title: 'The request cannot be read',
    meaning: 'The body, a query parameter or a name in the path does not have the shape that the route takes.',
    cure: 'Correct what `errors` points at; `GET /v1/openapi.json` has the schema.',
  },
  unknown_field: {
    status: 400,
    title: 'A field has no meaning here',
    meaning:
      'The body or the query names a field that does not exist. Nothing is dropped silently, as a misspelt match would widen a rule.',
    cure: 'Remove the field or correct its spelling; `/docs` shows what there is.',
  },
  host_bits: {
    status: 422,
    title: 'A prefix has bits set past its length',
    meaning: '10.0.0.7/8 may mean one host or sixteen million addresses.',
    cure: 'Write one of the two prefixes in `hint`.',
  },
  unknown_set: {
    status: 422,
    title: 'A set does not exist',
    meaning: 'A rule or a token names a set that the policy does not have.',
    cure: 'Create the set first, or in the same document.',
  },
  unknown_interface: {
    status: 422,
    title: 'A device does not exist',
    meaning: 'A trace was asked on a device that this host does not have.',
    cure: '`GET /v1/devices` lists the devices.',
  },
  empty_match: {
    status: 422,
    title: 'A list is empty',
    meaning: 'An absent field means any; an empty list could mean any or none.',
    cure: 'Leave the field out to match any, or disable the object.',
  },
  cannot_match: {
    status: 422,
    title: 'Nothing can match',
    meaning: 'Fields exclude each other, such as ports with a protocol that has none.',
    cure: 'Remove one of the fields that `errors` points at.',
  },
  unsupported: {
    status: 422,
    title: 'Not enforced by this version',
    meaning:
      'The field or value is part of the API, but this dataplane does not enforce it yet, so that storing it would promise too much.',
    cure: 'Leave it out.',
  },
  capacity_exceeded: {
    status: 422,
    title: 'A table is too small',
    meaning: 'The policy needs more rows than a map was loaded with, or a set more entries than its limit. Nothing was changed.',
    cure: 'Make the policy smaller; `?dryRun=true` tells what each table would hold.',
  },
  service_duplicate: {
    status: 422,
    title: 'Two services are the same',
    meaning: 'Address, port and protocol of two services are equal, so that neither could win.',
    cure: 'Give one of them another address, port or protocol.',
  },
  management_cut_off: {
    status: 422,
    title: 'A way in would be closed',
    meaning: 'The change contradicts a management entry, or takes from it the address that the request comes from.',
    cure: 'Narrow the rule or `defaults.management`; an admin may add `?force=true`.',
  },
  too_many_inline: {
    status: 422,
    title: 'Too many entries inline',
    meaning: 'A set carries more than 10,000 entries in its own document.',
    cure: 'Send them to `PUT /v1/sets/{name}/entries`.',
  },
  too_wide: {
    status: 422,
    title: 'A prefix is too wide for the set',
    meaning: 'A set has `limits`, and an entry is shorter than the shortest prefix that they allow.',
    cure: 'Write longer prefixes, or change `limits` of the set.',
  },
  protected: {
    status: 422,
    title: 'A prefix is protected',
    meaning: 'A feed, a list or a detector wanted to put into a set what `defaults.protected` keeps out of its reach. People may.',
    cure: 'Leave the prefix out of the list, or change `defaults.protected`.',
  },
  unauthenticated: {
    status: 401,
    title: 'A token is needed',
    meaning: 'No bearer token was sent, or it is unknown or expired.',
    cure: 'Send `Authorization: Bearer …`; `drawgate token create` on the gate itself makes one.',
  },
  forbidden: {
    status: 403,
    title: 'Not allowed to this token',
    meaning: 'The role or the sets of the token do not reach that far, or Host or Origin are foreign.',
    cure: 'Use a token with the role that `detail` names.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    meaning: 'Neither a route nor an object has this name.',
    cure: 'List the collection, or see `GET /v1/openapi.json` for the routes.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The method does not exist here',
    meaning: 'The route exists, but not with this method.',
    cure: 'Use a method of the header `Allow`.',
  },
  in_use: {
    status: 409,
    title: 'In use',
    meaning: 'Other objects refer to the one that was to be deleted.',
    cure: 'Change or delete the users in `errors` first, or change all in one `PUT /v1/policy`.',
  },
  read_only: {
    status: 409,
    title: 'Filled by a source',
    meaning: 'The set has a `source`: its entries are those of a list, and the next refresh would undo what others write.',
    cure: 'Put entries of your own into another set that the rule names too, or remove `source` from this one.',
  },
  confirm_pending: {
    status: 409,
    title: 'A change waits for its confirmation',
    meaning:
      'The policy was changed with `confirmWithin`, and it is not known yet whether that change stays. Entries of sets can be written.',
    cure: '`POST /v1/policy/confirm` keeps it, `DELETE /v1/policy/confirm` takes it back; or wait for the deadline in `detail`.',
  },
  confirm_mismatch: {
    status: 409,
    title: 'Nothing like that waits for a confirmation',
    meaning:
      'The revision is not the one that waits: it was confirmed, rolled back or never asked for. Over TCP also: the connection is older than the change, so that it proves nothing.',
    cure: '`GET /v1/policy/confirm` shows what waits; confirm on a new connection.',
  },
  revision_expired: {
    status: 410,
    title: 'The revision is not kept any more',
    meaning: 'Of revisions as many are kept as `--keep-revisions` says, and this one is older, or changed entries alone.',
    cure: '`GET /v1/policy/revisions` lists those that are kept.',
  },
  exists: {
    status: 412,
    title: 'Exists already',
    meaning: 'The request asked to create only (`If-None-Match: *`, or a token, where the status is 409), and the name is taken.',
    cure: 'Take another name, or leave out `If-None-Match`.',
  },
  stale: {
    status: 412,
    title: 'Changed by somebody else',
    meaning: '`If-Match` names a revision that is not the newest of this resource.',
    cure: 'Read the resource again, repeat the change on it and send its new ETag.',
  },
  too_large: {
    status: 413,
    title: 'The body is too large',
    meaning: 'The body is longer than the route takes.',
    cure: 'Send entries as text/plain, or in several PATCH requests.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The type of the body is not taken here',
    meaning: 'Content-Type is missing or none of those that the route takes.',
    cure: 'Send `Content-Type: application/json`, or another type that `detail` names.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    meaning: 'This address sent more requests than the API answers over TCP.',
    cure: 'Wait for the seconds in `Retry-After`.',
  },
  overloaded: {
    status: 503,
    title: 'Too many writes are waiting',
    meaning: 'Writes come one after the other, and too many are waiting for their turn.',
    cure: 'Wait for the seconds in `Retry-After`, and put more into one write.',
  },
  unavailable: {
    status: 503,
    title: 'Cannot be done at the moment',
    meaning:
      'The kernel or this daemon could not do its part. The old policy stays in force, and the log has the cause under the request id.',
    cure: 'Try again after `Retry-After`; if it stays, read the log.',
  },
  store_full: {
    status: 507,
    title: 'The store cannot take the change',
    meaning:
      'The change could not be written to disk, so it was not made: what the gate enforces is what it would enforce after a restart.',
    cure: 'Free space in the state directory and repeat the request.',
  },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errors

/** One fault of a request; `pointer` is RFC 6901 from the root of its body. */
export interface Fault extends Omit<Problem, 'code'> {
  readonly code: ErrorCode
}

/** Of the faults of one request this many are told. */
export const maxFaults = 100

interface RequestErrorOptions {
  readonly hint?: string
  readonly faults?: readonly Fault[]
  readonly status?: number
  /** Seconds until trying again makes sense. */
  readonly retryAfter?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A request that is refused, with all that its answer needs. */
export class RequestError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly hint: string | undefined
  readonly faults: readonly Fault[]
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ErrorCode, detail: string, options: RequestErrorOptions = {}) {
    super(detail)
    this.code = code
    this.status = options.status ?? errors[code].status
    this.hint = options.hint
    this.faults = options.faults ?? []
    const retryAfter = options.retryAfter ?? (this.status === 503 || this.status === 507 ? 5 : undefined)
    this.headers = { ...options.headers, ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }) }
  }
}

/** All faults of a request as one error: a wrong shape (400) is told before a wrong meaning (422), else the first decides. */
export function refuse(faults: readonly Fault[]): RequestError {
  const first = faults.find(fault => errors[fault.code].status === 400) ?? faults[0]
  if (first === undefined) throw new Error('refused without a fault')
  const where = first.pointer === '' ? '' : `${first.pointer}: `
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
  return new RequestError(first.code, `${where}${first.detail}${more}`, {
    faults,
    ...(first.hint === undefined ? {} : { hint: first.hint }),
  })
}

/** The body of an error answer, RFC 9457. Whoever reads `errors` alone finds everything there, with something to do. */
export function problemBody({ code, status, message, hint = errors[code].cure, faults }: RequestError) {
  const entries: readonly Fault[] = faults.length > 0 ? faults : [{ pointer: '', code, detail: message, hint }]
  return {
    type: `urn:drawgate:error:${code}`,
    title: errors[code].title,
    status,
    detail: message,
    code,
    hint,
    errors: entries.slice(0, maxFaults),
    errorCount: entries.length,
  }
}
