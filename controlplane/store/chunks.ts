/** Chunks of entries as bytes. Columns one behind the other, little-endian as every machine that the programs are built for. */

import type { EntryChunk } from '../policy/entry-set.ts'
import { wordsOf } from '../policy/prefix-list.ts'

const withEnds = 1
const withComments = 2
const headerBytes = 8

/** u8 family, u8 flags, u16 0, u32 count; f64 times of adding; u32 words; u32 ends, u32 lifetimes; u8 lengths; comments as JSON. */
export function encodeChunk({ prefixes, addedAt, ends, comments }: EntryChunk): Buffer {
  const { family, count, words, lengths } = prefixes
  const header = Buffer.alloc(headerBytes)
  header.writeUInt8(family, 0)
  header.writeUInt8((ends ? withEnds : 0) | (comments ? withComments : 0), 1)
  header.writeUInt32LE(count, 4)
  const columns = [addedAt, words, ...(ends ? [ends.at, ends.lifetimes] : []), lengths]
  const bytes = columns.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))
  return Buffer.concat([header, ...bytes, ...(comments ? [Buffer.from(JSON.stringify(comments))] : [])])
}

/** @throws RangeError where bytes are missing. */
export function decodeChunk(bytes: Buffer): EntryChunk {
  const family = bytes.readUInt8(0) === 4 ? 4 : 6
  const flags = bytes.readUInt8(1)
  const count = bytes.readUInt32LE(4)
  // A copy is aligned, and the columns are views of it.
  const { buffer } = new Uint8Array(bytes)
  let at = headerBytes
  const take = (size: number) => {
    const from = at
    at += size
    return from
  }
  const addedAt = new Float64Array(buffer, take(8 * count), count)
  const words = new Uint32Array(buffer, take(4 * count * wordsOf(family)), count * wordsOf(family))
  const column = () => new Uint32Array(buffer, take(4 * count), count)
  const ends = flags & withEnds ? { at: column(), lifetimes: column() } : undefined
  const lengths = new Uint8Array(buffer, take(count), count)
  const comments = flags & withComments ? (JSON.parse(bytes.toString('utf8', at)) as (string | null)[]) : undefined
  return { prefixes: { family, count, words, lengths }, addedAt, ...(ends ? { ends } : {}), ...(comments ? { comments } : {}) }
}
