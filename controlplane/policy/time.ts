/** Times and durations as the API writes them, in whole seconds since 1970: what runs out does so at a second. */

/** Expiry is a u32 in the kernel and here: the end of 2105. */
export const lastSecond = 0xffff_ffff

const units = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const

/** `10m` -> 600, rounded up; undefined: no duration. */
export function parseInterval(text: string): number | undefined {
  const ms = parseIntervalMs(text)
  return ms === undefined ? undefined : Math.ceil(ms / 1000)
}

/** `1500ms` -> 1500; undefined: no duration. */
export function parseIntervalMs(text: string): number | undefined {
  const [, number, unit] = /^([1-9][0-9]{0,8})(ms|s|m|h|d)$/.exec(text) ?? []
  return number === undefined ? undefined : Math.round(Number(number) * 1000 * units[unit as keyof typeof units])
}

/** RFC 3339 -> seconds since 1970, rounded up; undefined: no such time. */
export function parseTime(text: string): number | undefined {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text) ?? []
  if (date === undefined || time === undefined) return undefined
  // Date.parse takes 30 February for 2 March.
  const wall = Date.parse(`${date}T${time}Z`)
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(`${date}T${time}`)) return undefined
  const at = Date.parse(text.toUpperCase())
  return Number.isNaN(at) ? undefined : Math.ceil(at / 1000)
}

export function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

/** Of something that may have an end: when it is, or why it is refused. `now` in milliseconds. */
export function expiryOf(
  value: { readonly expiresIn?: string; readonly expiresAt?: string },
  now: number,
):
  | { readonly at: number; readonly lifetime: number }
  | { readonly field: 'expiresIn' | 'expiresAt'; readonly detail: string; readonly hint: string } {
  const { expiresIn, expiresAt } = value
  if (expiresIn !== undefined && expiresAt !== undefined)
    return { field: 'expiresIn', detail: 'expiresIn and expiresAt both say when it ends', hint: 'leave out one of the two' }
  if (expiresAt !== undefined) {
    const at = parseTime(expiresAt)
    const field = 'expiresAt'
    if (at === undefined || at < 1)
      return {
        field,
        detail: `${JSON.stringify(expiresAt.slice(0, 60))} is no time of RFC 3339`,
        hint: `write ${formatTime(Math.ceil(now / 1000))}, with your time`,
      }
    return at > lastSecond ? { field, ...tooFar } : { at, lifetime: 0 }
  }
  const field = 'expiresIn'
  const lifetime = parseInterval(expiresIn ?? '')
  if (lifetime === undefined)
    return { field, detail: `${JSON.stringify(expiresIn?.slice(0, 60) ?? '')} is no duration`, hint: 'write 30s, 10m, 1h or 7d' }
  const at = Math.ceil(now / 1000 + lifetime)
  return at > lastSecond ? { field, ...tooFar } : { at, lifetime }
}

const tooFar = { detail: 'that is after the year 2105', hint: 'leave it out: what has no end stays' }
