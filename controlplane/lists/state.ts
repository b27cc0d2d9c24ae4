/** What is known of a list: kept in the store, and told as its status. */

export interface ListState {
  /** URL or file that all this is about. */
  readonly source: string
  /** Milliseconds since 1970. */
  readonly lastAttempt?: number
  readonly lastSuccess?: number
  readonly lastChange?: number
  /** In a row. */
  readonly failures: number
  readonly error?: { readonly detail: string; readonly hint?: string }
  /** Of a file: what it was like. */
  readonly etag?: string
  readonly lastModified?: string
  /** Who said etag and lastModified. */
  readonly origin?: string
  /** Prefixes in the list, with repetitions. */
  readonly listed?: number
  /** Entries that came of it. */
  readonly entryCount?: number
  /** ETag of the set's entries that came of it. */
  readonly entriesAt?: number
}

export interface ListStatus {
  readonly lastAttempt?: string
  readonly lastSuccess?: string
  readonly lastChange?: string
  readonly next?: string
  readonly failures: number
  readonly error?: { readonly detail: string; readonly hint?: string }
  readonly etag?: string
  readonly lastModified?: string
  readonly entryCount?: number
}

export function newState(source: string): ListState {
  return { source, failures: 0 }
}

/** Undefined: it is of another source, or of none. */
export function stateOf(text: string | undefined, source: string): ListState | undefined {
  const state = text === undefined ? undefined : (JSON.parse(text) as ListState)
  return state?.source === source ? state : undefined
}

/** `due` in milliseconds since 1970; undefined: it is being asked for, or waits for a confirmation. */
export function statusOf(state: ListState, due?: number): ListStatus {
  const { lastAttempt, lastSuccess, lastChange, failures, error, etag, lastModified, entryCount } = state
  return {
    ...timeOf('lastAttempt', lastAttempt),
    ...timeOf('lastSuccess', lastSuccess),
    ...timeOf('lastChange', lastChange),
    ...timeOf('next', due),
    failures,
    ...(error === undefined ? {} : { error }),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(entryCount === undefined ? {} : { entryCount }),
  }
}

function timeOf<Name extends string>(name: Name, ms: number | undefined): { readonly [name in Name]?: string } {
  return ms === undefined ? {} : ({ [name]: new Date(ms).toISOString() } as { readonly [name in Name]?: string })
}
