/** Reads the types that a compiled BPF object carries (ELF section .BTF). Pure: bytes in, types out. */

export type BtfType =
  | { readonly kind: 'integer'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'pointer' | 'qualifier'; readonly type: number }
  | { readonly kind: 'typedef'; readonly name: string; readonly type: number }
  | { readonly kind: 'array'; readonly type: number; readonly count: number }
  | { readonly kind: 'struct' | 'union'; readonly name: string; readonly bytes: number; readonly members: readonly BtfMember[] }
  | { readonly kind: 'enum'; readonly name: string; readonly bytes: number; readonly values: readonly (readonly [string, number])[] }
  | { readonly kind: 'variable'; readonly name: string; readonly type: number }
  | { readonly kind: 'section'; readonly name: string; readonly variables: readonly number[] }
  | { readonly kind: 'other' }

export interface BtfMember {
  readonly name: string
  readonly type: number
  readonly bitOffset: number
  /** 0: not a bit field. */
  readonly bits: number
}

/** What an object file tells of itself. */
export interface ObjectTypes {
  /** By type id; 0 is void. */
  readonly types: readonly BtfType[]
  /** Bytes from the start of its section at which a variable stands. */
  readonly symbols: ReadonlyMap<string, number>
}

export class BtfError extends Error {
  override readonly name = 'BtfError'
}

interface Section {
  readonly name: string
  readonly type: number
  readonly bytes: Uint8Array
  readonly link: number
}

const SHT_SYMTAB = 2
const SYMBOL_BYTES = 24

/** Throws BtfError for what is not a 64-bit little-endian ELF object with BTF. */
export function readObjectTypes(file: Uint8Array): ObjectTypes {
  const sections = readSections(file)
  const btf = sections.find(section => section.name === '.BTF')

  if (!btf) throw new BtfError('the object has no BTF; compile it with clang -g')
  return { types: readBtf(btf.bytes), symbols: readSymbols(sections) }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function textAt(bytes: Uint8Array, offset: number): string {
  const end = bytes.indexOf(0, offset)

  return new TextDecoder().decode(bytes.subarray(offset, end < 0 ? bytes.length : end))
}

function readSections(file: Uint8Array): Section[] {
  const view = viewOf(file)

  /* Magic, 64 bits, little endian. */
  if (file.length < 64 || view.getUint32(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1)
    throw new BtfError('not a 64-bit little-endian ELF object')
  const table = Number(view.getBigUint64(40, true))
  const size = view.getUint16(58, true)
  const count = view.getUint16(60, true)
  const headers = Array.from({ length: count }, (_, index) => {
    const at = table + index * size

    return {
      name: view.getUint32(at, true),
      type: view.getUint32(at + 4, true),
      offset: Number(view.getBigUint64(at + 24, true)),
      length: Number(view.getBigUint64(at + 32, true)),
      link: view.getUint32(at + 40, true),
    }
  })
  const names = headers[view.getUint16(62, true)]

  if (!names) throw new BtfError('the object has no section names')
  const nameBytes = file.subarray(names.offset, names.offset + names.length)

  return headers.map(header => ({
    name: textAt(nameBytes, header.name),
    type: header.type,
    bytes: file.subarray(header.offset, header.offset + header.length),
    link: header.link,
  }))
}

function readSymbols(sections: readonly Section[]): Map<string, number> {
  const symbols = new Map<string, number>()

  for (const section of sections) {
    const names = sections[section.link]

    if (section.type !== SHT_SYMTAB || !names) continue
    const view = viewOf(section.bytes)

    for (let at = 0; at + SYMBOL_BYTES <= section.bytes.length; at += SYMBOL_BYTES) {
      const name = textAt(names.bytes, view.getUint32(at, true))

      if (name !== '') symbols.set(name, Number(view.getBigUint64(at + 8, true)))
    }
  }
  return symbols
}

function readBtf(bytes: Uint8Array): BtfType[] {
  const view = viewOf(bytes)

  if (bytes.length < 24 || view.getUint16(0, true) !== 0xeb9f) throw new BtfError('the .BTF section does not begin like one')
  const header = view.getUint32(4, true)
  const begin = header + view.getUint32(8, true)
  const end = begin + view.getUint32(12, true)
  const strings = bytes.subarray(header + view.getUint32(16, true))
  const types: BtfType[] = [{ kind: 'other' }]

  for (let at = begin; at < end; ) {
    const { type, length } = readType(view, at, strings)

    types.push(type)
    at += length
  }
  return types
}

/** One type, and the bytes that it takes. Kinds as in linux/btf.h. */
function readType(view: DataView, at: number, strings: Uint8Array): { type: BtfType; length: number } {
  const name = textAt(strings, view.getUint32(at, true))
  const info = view.getUint32(at + 4, true)
  const count = info & 0xffff
  const hasBitFields = info >>> 31 === 1
  const value = view.getUint32(at + 8, true)
  const body = at + 12
  const each = <T>(size: number, read: (offset: number) => T): T[] => Array.from({ length: count }, (_, index) => read(body + index * size))

  switch ((info >>> 24) & 0x1f) {
    case 1:
      return { type: { kind: 'integer', name, bytes: value }, length: 16 }
    case 2:
      return { type: { kind: 'pointer', type: value }, length: 12 }
    case 3:
      return { type: { kind: 'array', type: view.getUint32(body, true), count: view.getUint32(body + 8, true) }, length: 24 }
    case 4:
    case 5: {
      const members = each(12, offset => {
        const position = view.getUint32(offset + 8, true)

        return {
          name: textAt(strings, view.getUint32(offset, true)),
          type: view.getUint32(offset + 4, true),
          bitOffset: hasBitFields ? position & 0xffffff : position,
          bits: hasBitFields ? position >>> 24 : 0,
        }
      })

      return { type: { kind: ((info >>> 24) & 0x1f) === 4 ? 'struct' : 'union', name, bytes: value, members }, length: 12 + count * 12 }
    }
    case 6: {
      const values = each(8, offset => [textAt(strings, view.getUint32(offset, true)), view.getInt32(offset + 4, true)] as const)

      return { type: { kind: 'enum', name, bytes: value, values }, length: 12 + count * 8 }
    }
    case 8:
      return { type: { kind: 'typedef', name, type: value }, length: 12 }
    case 9:
    case 10:
    case 11:
    case 18:
      return { type: { kind: 'qualifier', type: value }, length: 12 }
    case 14:
      return { type: { kind: 'variable', name, type: value }, length: 16 }
    case 15:
      return { type: { kind: 'section', name, variables: each(12, offset => view.getUint32(offset, true)) }, length: 12 + count * 12 }
    case 7:
    case 12:
    case 16:
      return { type: { kind: 'other' }, length: 12 }
    case 13:
      return { type: { kind: 'other' }, length: 12 + count * 8 }
    case 17:
      return { type: { kind: 'other' }, length: 16 }
    case 19:
      return { type: { kind: 'other' }, length: 12 + count * 12 }
    default:
      throw new BtfError(`a type of unknown kind ${(info >>> 24) & 0x1f} in .BTF`)
  }
}
