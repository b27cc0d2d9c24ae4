/** The bytes of a list made into entries: text, a prefix a line, or JSON, as uploads take them. */
import type { Readable } from 'node:stream'
import { type BodyReader, readBody } from '../api/entry-body.ts'
import { jsonReader } from '../api/entry-json.ts'
import { lineReader } from '../api/entry-lines.ts'
import { type Fault, RequestError } from '../errors.ts'
import { type EntryDraft, newDraft } from '../policy/entry-draft.ts'
import { Unavailable } from './unavailable.ts'

export interface ReadList {
  readonly draft: EntryDraft
  readonly isJson: boolean
}

/** @throws Unavailable that names the line. */
export async function readList(
  body: Readable,
  told: { readonly isJson: boolean; readonly maxEntries: number; readonly maxBytes: number },
): Promise<ReadList> {
  const draft = newDraft()
  const reader = new ListReader(draft, told.isJson)
  try {
    await readBody(body, reader, told.maxEntries, told.maxBytes)
    return { draft, isJson: reader.isJson }
  } catch (error) {
    if (error instanceof RequestError) throw unavailable(error, reader.isJson)
    throw new Unavailable(`the list broke off: ${(error as Error).message}`)
  } finally {
    body.destroy()
  }
}

/** A refusal of ours in words that speak of a list. */
export function unavailable({ message, hint, faults }: RequestError, isJson: boolean): Unavailable {
  const [first] = faults
  if (first === undefined) return new Unavailable(message, hint)
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
  return new Unavailable(`${placeOf(first, isJson)}${first.detail}${more}`, first.hint ?? hint)
}

function placeOf({ pointer, detail }: Fault, isJson: boolean): string {
  const [, number] = /^\/(\d+)/.exec(pointer) ?? []
  if (number === undefined || /^(line|entry) \d/.test(detail)) return ''
  return isJson ? `entry ${number}: ` : `line ${Number(number) + 1}: `
}

/** What it is shows with the first byte that is not blank, where the server does not say it. */
class ListReader implements BodyReader {
  readonly drafts: readonly EntryDraft[]
  readonly #draft: EntryDraft
  #isJson: boolean
  #reader: BodyReader | undefined

  constructor(draft: EntryDraft, isJson: boolean) {
    this.#draft = draft
    this.drafts = [draft]
    this.#isJson = isJson
  }

  get isJson(): boolean {
    return this.#isJson
  }

  get faults(): Fault[] {
    return this.#reader?.faults ?? []
  }

  take(bytes: Uint8Array): void {
    this.#choose(bytes).take(bytes)
  }

  end(): void {
    this.#choose(new Uint8Array(0)).end()
  }

  #choose(bytes: Uint8Array): BodyReader {
    if (this.#reader) return this.#reader
    const first = bytes.find(byte => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)
    this.#isJson ||= first === 0x5b || first === 0x7b
    this.#reader = this.#isJson
      ? jsonReader(new Map([['', { draft: this.#draft }]]), Date.now())
      : lineReader(this.#draft, { semicolons: true })
    return this.#reader
  }
}
