/** Writes abi.ts from the types of the compiled objects, or with --check says whether it is what they give. */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { argv, exit, stderr } from 'node:process'
import { fileURLToPath } from 'node:url'
import { readObjectTypes } from './btf.ts'
import type { EnumLayout, FieldType, Layout, StructLayout } from './layout.ts'
import { describeLayout, differences, readLayout } from './layout.ts'
import { objectDirectory, objectFiles } from './objects.ts'

function camel(text: string): string {
  return text.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function pascal(text: string): string {
  const name = camel(text)

  return name.charAt(0).toUpperCase() + name.slice(1)
}

function key(name: string): string {
  return /^[A-Za-z_]/.test(name) ? name : `'${name}'`
}

/** `reason` counts itself as REASONS, `family` as FAMILIES. */
function isCount(name: string, value: string): boolean {
  const upper = name.toUpperCase()

  return value === `${upper}S` || value === `${upper.replace(/Y$/, 'IES')}`
}

/** What all names of an enum begin with, up to a `_`. */
function commonPrefix(names: readonly string[]): string {
  const [first = ''] = names

  if (names.length === 1) return first.slice(0, first.indexOf('_') + 1)
  let end = first.length

  while (end > 0 && !(first[end - 1] === '_' && names.every(name => name.startsWith(first.slice(0, end))))) end--
  return first.slice(0, end)
}

function enumText({ name, values }: EnumLayout): string {
  const members = values.filter(([value]) => !isCount(name, value))
  const count = values.find(([value]) => isCount(name, value))
  const prefix = commonPrefix(members.map(([value]) => value))
  const short = members.map(([value, number]) => [value.slice(prefix.length), number] as const)
  const lines = [
    `export const ${pascal(name)} = {`,
    ...short.map(([value, number]) => `  ${key(camel(value))}: ${number},`),
    '} as const',
    `export type ${pascal(name)} = (typeof ${pascal(name)})[keyof typeof ${pascal(name)}]`,
  ]

  if (short.every(([, number], index) => number === index))
    lines.push(`export const ${camel(name)}Names = [${short.map(([value]) => `'${value.toLowerCase()}'`).join(', ')}] as const`)
  if (count) lines.push(`export const ${camel(name)}Count = ${count[1]}`)
  return lines.join('\n')
}

function fieldTypeText(type: FieldType): string {
  switch (type.kind) {
    case 'integer':
      return type.bytes === 8 ? 'bigint' : 'number'
    case 'enum':
    case 'struct':
      return pascal(type.name)
    case 'array':
      return type.of.kind === 'struct' ? `readonly ${fieldTypeText(type.of)}[]` : `ArrayLike<${fieldTypeText(type.of)}>`
  }
}

const accessors: Readonly<Record<number, string>> = { 1: 'Uint8', 2: 'Uint16', 4: 'Uint32', 8: 'BigUint64' }

function accessor(bytes: number): string {
  const name = accessors[bytes]

  if (!name) throw new Error(`no integer has ${bytes} bytes`)
  return name
}

/** `, true` reads the machine's order, which is little endian; network order is DataView's default. */
function order(type: FieldType): string {
  return type.bytes > 1 && !(type.kind === 'integer' && type.network) ? ', true' : ''
}

function encodeText(type: FieldType, at: string, value: string, zero: string): string {
  switch (type.kind) {
    case 'integer':
    case 'enum':
      return `view.set${accessor(type.bytes)}(${at}, ${value}${zero}${order(type)})`
    case 'struct':
      return `${pascal(type.name)}.encode(view, ${at}, ${value})`
    case 'array':
      throw new Error('an array of arrays has no codec')
  }
}

function decodeText(type: FieldType, at: string): string {
  switch (type.kind) {
    case 'integer':
      return `view.get${accessor(type.bytes)}(${at}${order(type)})`
    case 'enum':
      return `view.get${accessor(type.bytes)}(${at}${order(type)}) as ${pascal(type.name)}`
    case 'struct':
      return `${pascal(type.name)}.decode(view, ${at})`
    case 'array':
      return `Array.from({ length: ${type.count} }, (_, i) => ${decodeText(type.of, `${at} + i * ${type.of.bytes}`)})`
  }
}

function place(offset: number): string {
  return offset ? `offset + ${offset}` : 'offset'
}

function encodeFieldText(name: string, offset: number, type: FieldType): string[] {
  if (type.kind !== 'array') return [`    ${encodeText(type, place(offset), `value.${name}`, '')}`]
  const at = `${place(offset)} + i * ${type.of.bytes}`

  if (type.of.kind === 'struct')
    return [`    value.${name}.slice(0, ${type.count}).forEach((item, i) => { ${encodeText(type.of, at, 'item', '')} })`]
  const zero = type.of.bytes === 8 ? ' ?? 0n' : ' ?? 0'

  return [`    for (let i = 0; i < ${type.count}; i++)`, `      ${encodeText(type.of, at, `value.${name}[i]`, zero)}`]
}

/** Padding is written as it stands: buffers begin as zeros. */
function structText({ name, bytes, fields }: StructLayout): string {
  const shown = fields.filter(field => !/^pad\d*$/.test(field.name)).map(field => ({ ...field, name: camel(field.name) }))

  return [
    `export interface ${pascal(name)} {`,
    ...shown.map(field => `  readonly ${field.name}: ${fieldTypeText(field.type)}`),
    '}',
    `export const ${pascal(name)} = {`,
    `  size: ${bytes},`,
    `  offsets: { ${shown.map(field => `${field.name}: ${field.offset}`).join(', ')} },`,
    `  encode (view: DataView, offset: number, value: ${pascal(name)}): void {`,
    ...shown.flatMap(field => encodeFieldText(field.name, field.offset, field.type)),
    '  },',
    `  decode (view: DataView, offset: number): ${pascal(name)} {`,
    '    return {',
    ...shown.map(field => `      ${field.name}: ${decodeText(field.type, place(field.offset))},`),
    '    }',
    '  },',
    '} as const',
  ].join('\n')
}

/** The whole of abi.ts. */
export function abiText(layout: Layout): string {
  const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)
  const parts = [
    '/** GENERATED from dataplane-bpf/shared.h and maps.h by generate-abi.ts: change those and run `npm run abi`. Numbers, layouts and codecs; pure. */',
    ...[...layout.enums].sort(byName).map(enumText),
    ...[...layout.structs].sort(byName).map(structText),
    [
      '/** Bytes of keys and values. */',
      'export const maps = {',
      ...layout.maps.map(map => `  ${map.name}: { type: ${map.type}, keySize: ${map.key.bytes}, valueSize: ${map.value.bytes} },`),
      '} as const',
      'export type MapName = keyof typeof maps',
    ].join('\n'),
    [
      '/** The agreement in words; an object is loaded only if its own types say the same. */',
      'export const description: readonly string[] = [',
      ...describeLayout(layout).map(line => `  '${line}',`),
      ']',
    ].join('\n'),
  ]

  return `${parts.join('\n\n')}\n`
}

/** The layout that all objects agree on. */
export function readObjects(directory: string): Layout {
  const [first, ...rest] = objectFiles.map(file => readLayout(readObjectTypes(readFileSync(join(directory, file)))))

  if (!first) throw new Error('there are no objects')
  for (const layout of rest) {
    const different = differences(describeLayout(first), describeLayout(layout))

    if (different.length > 0) throw new Error(`the objects do not agree:\n${different.join('\n')}`)
  }
  return first
}

function main(): void {
  const path = join(packageRoot(), 'controlplane/dataplane/abi.ts')
  const text = abiText(readObjects(objectDirectory()))

  if (!argv.includes('--check')) {
    writeFileSync(path, text)
    return
  }
  if (readFileSync(path, 'utf8') === text) return
  stderr.write('controlplane/dataplane/abi.ts is not what the objects give; run npm run abi and commit both\n')
  exit(1)
}

function packageRoot(): string {
  return dirname(dirname(objectDirectory()))
}

if (argv[1] && fileURLToPath(import.meta.url) === argv[1]) main()
