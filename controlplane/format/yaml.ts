/** YAML of the policy, both ways: the same document as JSON, with the same strictness. */
import { isMap, isScalar, type LineCounter, LineCounter as Lines, parseDocument, stringify, visit, type YAMLError } from 'yaml'
import type { Fault } from '../errors.ts'
import { maxDepth, type Parsed, tooDeep } from './json.ts'

/** An alias of an alias of an alias grows a small text into a huge value. */
const maxAliases = 100

export function parseYaml(text: string): Parsed {
  try {
    return readYaml(text)
  } catch (error) {
    // Nested so deep that the parser's own stack ends.
    if (error instanceof RangeError) return { faults: [tooDeep] }
    // Too many aliases.
    return { faults: [{ pointer: '', code: 'malformed', detail: `not YAML: ${(error as Error).message}` }] }
  }
}

function readYaml(text: string): Parsed {
  const lines = new Lines()
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    strict: true,
    lineCounter: lines,
    prettyErrors: false,
  })
  const found = [...document.errors, ...document.warnings]
  // The parser's stack has ended; whatever else it says is a consequence.
  if (found.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return { faults: [tooDeep] }
  const faults = found.map(error => faultOf(error, lines))
  visit(document, {
    Map: (_key, node) => {
      for (const { key } of node.items) {
        const fault = keyFault(key, lines)
        if (fault) faults.push(fault)
      }
    },
  })
  if (faults.length > 0) return { faults }
  const value = document.toJS({ maxAliasCount: maxAliases }) as unknown
  if (isDeeperThan(value, maxDepth)) return { faults: [tooDeep] }
  return { value }
}

function faultOf({ code, message, pos }: YAMLError, lines: LineCounter): Fault {
  const where = `(${place(lines, pos[0])})`
  if (code === 'MULTIPLE_DOCS')
    return { pointer: '', code: 'malformed', detail: `a second document begins ${where}`, hint: 'write one document' }
  return { pointer: '', code: 'malformed', detail: `not YAML: ${message} ${where}` }
}

/** An alias of what contains it has no end, so that this is also the check for circles. */
function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some(part => isDeeperThan(part, depth - 1))
}

function keyFault(key: unknown, lines: LineCounter): Fault | undefined {
  if (isScalar(key) && key.value !== '__proto__') return undefined
  const where = (isScalar(key) || isMap(key)) && key.range ? ` (${place(lines, key.range[0])})` : ''
  if (isScalar(key)) return { pointer: '', code: 'unknown_field', detail: `__proto__ is not a field${where}` }
  return { pointer: '', code: 'malformed', detail: `a key must be a plain text${where}` }
}

function place(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset)
  return `line ${line}, column ${col}`
}

export function formatYaml(value: unknown): string {
  return stringify(value, { version: '1.2', schema: 'core', lineWidth: 0, aliasDuplicateObjects: false })
}
