/** Entries in a body, read as they arrive: a list of millions never stands in memory as text. */
import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { type Fault, maxFaults, RequestError, refuse } from '../errors.ts'
import { draftCount, type EntryDraft } from '../policy/entry-draft.ts'

/** Ten million lines of IPv4. */
export const maxBodyBytes = 256 * 1024 * 1024
/** Of bytes at a stretch. */
const stretch = 64 * 1024

/** What takes a body piece by piece. `end` is told that nothing follows. */
export interface BodyReader {
  take(bytes: Uint8Array): void
  end(): void
  readonly faults: Fault[]
  readonly drafts: readonly EntryDraft[]
}

/** @param maxEntries that are worth reading: more would find no room. @throws RequestError with all faults that were found. */
export async function readBody(body: unknown, reader: BodyReader, maxEntries: number, maxBytes = maxBodyBytes): Promise<void> {
  if (body !== undefined && body !== null) await readStream(body as Readable, reader, maxEntries, maxBytes)
  reader.end()
  if (reader.faults.length > 0) throw refuse(reader.faults)
}

async function readStream(body: Readable, reader: BodyReader, maxEntries: number, maxBytes: number): Promise<void> {
  let total = 0
  try {
    // Destroying a request takes its connection with it, and nobody would read the answer.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer
      total += bytes.length
      if (total > maxBytes) throw new RequestError('too_large', `the body is longer than ${maxBytes} bytes`)
      for (let at = 0; at < bytes.length; at += stretch) {
        if (at > 0) await setImmediate()
        reader.take(bytes.subarray(at, at + stretch))
        if (reader.faults.length >= maxFaults) throw refuse(reader.faults)
      }
      const count = reader.drafts.reduce((sum, draft) => sum + draftCount(draft), 0)
      if (count > maxEntries)
        throw new RequestError('capacity_exceeded', `${count} entries and more to come are more than the tables hold, ${maxEntries}`)
    }
  } catch (error) {
    // A client that is still sending reads no answer: the rest is let by.
    body.resume()
    throw error
  }
}
