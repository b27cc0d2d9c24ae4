/** What a rule of nftables compares: selectors and their values, sets and combinations. */
import { type Ask, isAsk, meet } from './meet.ts'
import { type Asked, askOf, bareMeta, type Selector, selectors } from './nft-select.ts'
import { peek, type Rest, type RuleContext, take } from './nft-state.ts'
import { elementsOf, textOf, type Word } from './nft-text.ts'

export function readSelector(rest: Rest): readonly [string, Selector] | undefined {
  const [first, second] = rest
  const name = bareMeta.includes(first?.text ?? '') ? `meta ${first?.text}` : `${first?.text} ${second?.text}`
  const selector = selectors[name]
  if (selector === undefined) return undefined
  rest.splice(0, bareMeta.includes(first?.text ?? '') ? 1 : 2)
  return [name, selector]
}

/** One value, several between commas, a list in braces, or a set. */
export function valuesOf(rest: Rest): Word[][] {
  if (peek(rest) === '{' && !rest[0]?.quoted) {
    let depth = 0
    const end = rest.findIndex(({ text, quoted }) => !quoted && ((text === '{' && ++depth === 0) || (text === '}' && --depth === 0)))
    return elementsOf(rest.splice(0, end + 1))
  }
  const values: Word[][] = []
  do {
    const value: Word[] = []
    do value.push(...rest.splice(0, 1))
    while (peek(rest) === '.' && value.push(...rest.splice(0, 1)))
    values.push(value)
  } while (take(rest, ','))
  return values
}

export type Columns = readonly (readonly [string, Selector])[]

/** `values` may be the name of a set. */
export function askAll(
  columns: Columns,
  values: readonly (readonly Word[])[],
  not: boolean,
  context: RuleContext,
): Asked | { cannot: string } {
  const named =
    values.length === 1 && values[0]?.length === 1 && values[0][0]?.text.startsWith('@') ? values[0][0].text.slice(1) : undefined
  const set = named === undefined ? undefined : context.table.sets.get(named)
  if (named !== undefined && set === undefined) return { cannot: `there is no set ${named} in this table` }
  const [first] = columns
  if (first === undefined) return { cannot: 'nothing is compared' }
  const [name, selector] = first
  if (columns.length > 1) return concatenated(columns, set?.elements ?? values, not)
  if (named !== undefined && (selector.type === 'ipv4_addr' || selector.type === 'ipv6_addr')) {
    const side = selector.field === 'source' ? 'src' : 'dst'
    const found = context.sets.asks(context.key(named), [side], selector.type === 'ipv4_addr' ? 4 : 6)
    if ('cannot' in found) return found
    const list = Object.values(found.asks[0] ?? {}).find(Array.isArray) as string[]
    return askOf({ ...selector, read: text => [text] }, list, not) ?? { cannot: `${name} @${named}` }
  }
  if (set?.dynamic) return { cannot: `the set ${named} changes while packets go on, and is none of addresses` }
  const texts = (set?.elements ?? values).map(element => element[0]?.text ?? '')
  return askOf(selector, texts, not) ?? { cannot: `${name} ${texts.slice(0, 5).join(', ')} is nothing that a rule can ask for` }
}

export function concatenated(columns: Columns, elements: readonly (readonly Word[])[], not: boolean): Asked | { cannot: string } {
  const asks: Ask[] = []
  if (elements.length > 256) return { cannot: `${elements.length} combinations are more than 256 rules` }
  for (const element of elements) {
    const ask = rowOf(columns, element)
    if (ask === undefined) return { cannot: `${textOf(element)} is nothing that a rule can ask for` }
    asks.push(ask)
  }
  if (asks.length === 0) return { cannot: 'the set is empty' }
  return not ? { asks: [], not: asks } : { asks: [asks], not: [] }
}

function rowOf(columns: Columns, element: readonly Word[]): Ask | undefined {
  const texts = element.map(({ text }) => text)
  let ask: Ask = {}
  for (const [at, [, selector]] of columns.entries()) {
    const asked = askOf(selector, [texts[2 * at] ?? ''], false)
    for (const one of asked?.asks.flat() ?? []) {
      const met = meet(ask, one)
      if (!isAsk(met)) return undefined
      ask = met
    }
    if (asked === undefined) return undefined
  }
  return ask
}
