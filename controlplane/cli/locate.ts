/** Finds the line of a YAML or JSON file that a pointer of the daemon's answer speaks of. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'

/** Answers with `file:line` of what the pointer names, or of the nearest thing around it, and the pointer. */
export function locator(file: string, text: string): (pointer: string) => string {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', uniqueKeys: false })
  return pointer => {
    let node: Node | null | undefined = document.contents
    let offset: number | undefined
    for (const key of keysOf(pointer)) {
      if (isAlias(node)) node = node.resolve(document)
      const child = childOf(node, key)
      if (child === undefined) break
      node = child.node
      offset = child.offset ?? offset
    }
    const place = offset === undefined ? file : `${file}:${lines.linePos(offset).line}`
    return `${place}  ${pointer}`.trimEnd()
  }
}

interface Child {
  readonly node: Node | null
  readonly offset: number | undefined
}

function childOf(node: Node | null | undefined, key: string): Child | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(key)] as Node | undefined
    return item === undefined ? undefined : { node: item, offset: item.range?.[0] }
  }
  if (!isMap(node)) return undefined
  // The last of equal keys is where a reader would look for a duplicate.
  const pair = node.items.findLast(({ key: candidate }) => isScalar(candidate) && String(candidate.value) === key)
  return pair === undefined ? undefined : { node: pair.value as Node | null, offset: (pair.key as Node).range?.[0] }
}

function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}
