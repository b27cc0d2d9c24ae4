/** What dataplane-bpf/shared.h and maps.h fix between C and TypeScript, taken from an object's types: enums, structs, maps. Pure. */
import type { BtfMember, BtfType, ObjectTypes } from './btf.ts'
import { BtfError } from './btf.ts'

export type FieldType =
  | { readonly kind: 'integer'; readonly bytes: number; readonly network: boolean }
  | { readonly kind: 'enum'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'struct'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'array'; readonly of: FieldType; readonly count: number; readonly bytes: number }

export interface Field {
  readonly name: string
  readonly offset: number
  readonly type: FieldType
}
export interface StructLayout {
  readonly name: string
  readonly bytes: number
  readonly fields: readonly Field[]
}
export interface EnumLayout {
  readonly name: string
  readonly values: readonly (readonly [string, number])[]
}
export interface MapLayout {
  readonly name: string
  readonly type: number
  readonly key: FieldType
  readonly value: FieldType
}

export interface Layout {
  readonly enums: readonly EnumLayout[]
  readonly structs: readonly StructLayout[]
  readonly maps: readonly MapLayout[]
  /** Bytes into .rodata at which `config` stands; of one object alone, and no part of the agreement. */
  readonly configOffset: number
}

/** Only what maps hold, `config` and the enums named in `exported`: the rest of an object's types is its own affair. */
export function readLayout(object: ObjectTypes): Layout {
  const collector = new Collector(object.types)
  const maps = collector.maps()

  collector.add(collector.typeOf('config'))
  for (const member of collector.membersOf('exported')) collector.add(member.type)
  const configOffset = object.symbols.get('config')

  if (configOffset === undefined) throw new BtfError('the object has no symbol `config`')
  return { enums: [...collector.enums.values()], structs: [...collector.structs.values()], maps, configOffset }
}

class Collector {
  readonly enums = new Map<string, EnumLayout>()
  readonly structs = new Map<string, StructLayout>()
  readonly #types: readonly BtfType[]

  constructor(types: readonly BtfType[]) {
    this.#types = types
  }

  /** Type id of a variable. */
  typeOf(variable: string): number {
    for (const type of this.#types) {
      if (type.kind === 'variable' && type.name === variable) return type.type
    }
    throw new BtfError(`the object has no variable \`${variable}\``)
  }

  membersOf(variable: string): readonly BtfMember[] {
    const type = this.#strip(this.typeOf(variable)).type

    return type.kind === 'struct' ? type.members : []
  }

  maps(): MapLayout[] {
    const section = this.#types.find(type => type.kind === 'section' && type.name === '.maps')

    if (section?.kind !== 'section') throw new BtfError('the object has no maps')
    return section.variables.map(id => this.#map(this.#at(id)))
  }

  #map(variable: BtfType): MapLayout {
    const definition = variable.kind === 'variable' ? this.#at(variable.type) : undefined

    if (variable.kind !== 'variable' || definition?.kind !== 'struct') throw new BtfError('a map is not defined by a struct')
    const pointed = (name: string): number => {
      const pointer = this.#at(definition.members.find(member => member.name === name)?.type ?? 0)

      if (pointer.kind !== 'pointer') throw new BtfError(`map ${variable.name} does not say its ${name}`)
      return pointer.type
    }
    const array = this.#at(pointed('type'))

    /* __uint(type, X) is a pointer to an array of X elements. */
    if (array.kind !== 'array') throw new BtfError(`map ${variable.name} does not say its type`)
    const has = (name: string) => definition.members.some(member => member.name === name)

    /* A ring buffer has neither; an array of maps is written with descriptors. */
    return {
      name: variable.name,
      type: array.count,
      key: has('key') ? this.add(pointed('key')) : integer(0),
      value: has('value') ? this.add(pointed('value')) : integer(has('values') ? 4 : 0),
    }
  }

  /** Takes a type into the layout, with all that it is made of. */
  add(id: number, bits = 0): FieldType {
    const { type, network } = this.#strip(id)

    switch (type.kind) {
      case 'integer':
        return { kind: 'integer', bytes: type.bytes, network }
      case 'enum': {
        this.enums.set(type.name, { name: type.name, values: type.values })
        return { kind: 'enum', name: type.name, bytes: bits ? bits / 8 : type.bytes }
      }
      case 'array': {
        const of = this.add(type.type)

        return { kind: 'array', of, count: type.count, bytes: of.bytes * type.count }
      }
      case 'struct':
        if (!this.structs.has(type.name))
          this.structs.set(type.name, {
            name: type.name,
            bytes: type.bytes,
            // What has no name is the kernel's: a timer.
            fields: type.members.filter(({ name }) => name !== '').map(member => this.#field(type.name, member)),
          })
        return { kind: 'struct', name: type.name, bytes: type.bytes }
      default:
        throw new BtfError(`a shared struct holds a ${type.kind}`)
    }
  }

  #field(struct: string, member: BtfMember): Field {
    if (member.bitOffset % 8 !== 0 || member.bits % 8 !== 0) throw new BtfError(`${struct}.${member.name} does not begin or end on a byte`)
    return { name: member.name, offset: member.bitOffset / 8, type: this.add(member.type, member.bits) }
  }

  /** Through typedefs and qualifiers; `__be16` and `__be32` say that the bytes are in network order. */
  #strip(id: number): { type: BtfType; network: boolean } {
    let type = this.#at(id)
    let network = false

    while (type.kind === 'typedef' || type.kind === 'qualifier') {
      network ||= type.kind === 'typedef' && type.name.startsWith('__be')
      type = this.#at(type.type)
    }
    return { type, network }
  }

  #at(id: number): BtfType {
    const type = this.#types[id]

    if (!type) throw new BtfError(`.BTF has no type ${id}`)
    return type
  }
}

function integer(bytes: number): FieldType {
  return { kind: 'integer', bytes, network: false }
}

function describeType(type: FieldType): string {
  switch (type.kind) {
    case 'integer':
      return `${type.network ? 'be' : 'u'}${type.bytes * 8}`
    case 'enum':
      return `enum ${type.name}:${type.bytes * 8}`
    case 'struct':
      return `struct ${type.name}`
    case 'array':
      return `${describeType(type.of)}[${type.count}]`
  }
}

/** One sorted line for each enum, struct and map: two objects agree when these are equal, and a difference says where. */
export function describeLayout(layout: Layout): string[] {
  return [
    ...layout.enums.map(({ name, values }) => `enum ${name}: ${values.map(([value, number]) => `${value}=${number}`).join(' ')}`),
    ...layout.structs.map(
      ({ name, bytes, fields }) =>
        `struct ${name} ${bytes}: ${fields.map(field => `${field.name}@${field.offset} ${describeType(field.type)}`).join(', ')}`,
    ),
    ...layout.maps.map(({ name, type, key, value }) => `map ${name}: type ${type}, ${describeType(key)} -> ${describeType(value)}`),
  ].sort()
}

/** Lines that only one of the two has. */
export function differences(expected: readonly string[], actual: readonly string[]): string[] {
  return [
    ...expected.filter(line => !actual.includes(line)).map(line => `- ${line}`),
    ...actual.filter(line => !expected.includes(line)).map(line => `+ ${line}`),
  ]
}
