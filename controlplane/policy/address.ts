/** The digits of addresses: text to bytes in network order, or why it is none. */

export interface AddressFailure {
  readonly detail: string
  readonly hint: string
}

const example = 'write an address such as 192.0.2.7 or 2001:db8::7, or a prefix such as 192.0.2.0/24'

/** Four decimal numbers. Leading zeros are refused: some readers take them for octal. */
export function parseIpv4(text: string): Uint8Array | AddressFailure {
  const bytes = new Uint8Array(4)
  let at = 0
  let value = -1
  let zero = false

  for (let position = 0; position <= text.length; position++) {
    const code = position < text.length ? text.charCodeAt(position) : 46

    if (code === 46) {
      if (value < 0 || at > 3) return { detail: `${quote(text)} is no address`, hint: example }
      bytes[at++] = value
      value = -1
      zero = false
    } else if (code >= 48 && code <= 57) {
      if (zero) return leadingZero(text)
      zero = value < 0 && code === 48
      value = (value < 0 ? 0 : value * 10) + code - 48
      if (value > 255)
        return { detail: `${quote(text)} has a number above 255`, hint: 'write four numbers from 0 to 255, such as 192.0.2.7' }
    } else {
      return {
        detail: `${quote(text)} is no address`,
        hint: text.startsWith('@') ? 'only a rule can name a set: write the prefix itself' : example,
      }
    }
  }
  return at === 4 ? bytes : { detail: `${quote(text)} has ${at} of the four numbers of an address`, hint: example }
}

/** RFC 4291: up to eight groups of hexadecimal digits, one `::`, the last two groups perhaps as an IPv4 address. */
export function parseIpv6(text: string): Uint8Array | AddressFailure {
  const failed = { detail: `${quote(text)} is no IPv6 address`, hint: example }
  const halves = text.split('::')

  if (halves.length > 2) return { detail: `${quote(text)} has :: twice`, hint: 'write :: once, for the longest run of zeros' }
  const head = groupsOf(halves[0] as string, halves.length === 1)
  const tail = halves.length === 2 ? groupsOf(halves[1] as string, true) : []

  if (!Array.isArray(head)) return head ?? failed
  if (!Array.isArray(tail)) return tail ?? failed
  const count = head.length + tail.length

  if (halves.length === 2 ? count > 14 : count !== 16) return failed
  const bytes = new Uint8Array(16)
  bytes.set(head)
  bytes.set(tail, 16 - tail.length)
  return bytes
}

/** Bytes of groups between colons; undefined: not well formed. */
function groupsOf(text: string, last: boolean): number[] | AddressFailure | undefined {
  const bytes: number[] = []

  if (text === '') return bytes
  const groups = text.split(':')

  for (const [at, group] of groups.entries()) {
    if (last && at === groups.length - 1 && group.includes('.')) {
      const ipv4 = parseIpv4(group)

      if (!(ipv4 instanceof Uint8Array)) return ipv4
      bytes.push(...ipv4)
    } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 0xff)
    } else {
      return undefined
    }
  }
  return bytes
}

function leadingZero(text: string): AddressFailure {
  const numbers = text.split('.')
  const valid = numbers.length === 4 && numbers.every(number => /^[0-9]{1,10}$/.test(number) && Number(number) < 256)
  const octal = valid && numbers.every(number => /^([1-9][0-9]*|0[0-7]*)$/.test(number))
  const decimal = numbers.map(Number).join('.')
  const other = numbers.map(number => (number.startsWith('0') ? Number.parseInt(number, 8) : Number(number))).join('.')
  const detail = `${quote(text)} has a leading zero, which some read as octal`

  if (!valid) return { detail, hint: example }
  return { detail, hint: octal && other !== decimal ? `write ${decimal}, or ${other} if octal was meant` : `write ${decimal}` }
}

/** Text from outside, shortened: it goes into messages. */
function quote(text: string): string {
  return text === '' ? 'an empty text' : JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
