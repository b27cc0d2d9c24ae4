/** The text of nftables as words with their lines: comments and continuations are gone, variables stand for what they were defined as. */
import { ImportFailure } from './note.ts'

export interface Word {
  readonly text: string
  readonly line: number
  readonly quoted?: true
}

const separator = (word: Word | undefined) => word?.quoted !== true && (word?.text === '\n' || word?.text === ';')

export function nftWords(text: string): Word[] {
  const words: Word[] = []
  const pattern = /[ \t\r]+|\\\r?\n|#[^\n]*|"([^"\n]*)"|(\n)|([{};,()=]|!=|==|<=|>=|<|>|&|\||\^)|([^\s{};,()=!<>&|^"]+)|(.)/gy
  let line = 1
  for (let part = pattern.exec(text); part !== null; part = pattern.exec(text)) {
    const [whole, quoted, newline, mark, plain, other] = part
    if (quoted !== undefined) words.push({ text: quoted, line, quoted: true })
    else if (plain !== undefined && plain.length > 1 && /[^:]:$/.test(plain))
      words.push({ text: plain.slice(0, -1), line }, { text: ':', line })
    else if ((newline ?? mark ?? plain ?? other) !== undefined) words.push({ text: whole, line })
    if (whole.includes('\n')) line++
  }
  return pairs(words)
}

/** `=` `=` is one word, and so is `!` `=`. */
function pairs(words: readonly Word[]): Word[] {
  const result: Word[] = []
  for (const word of words) {
    const before = result.at(-1)
    if (word.text === '=' && !word.quoted && before !== undefined && !before.quoted && ['=', '!'].includes(before.text))
      result[result.length - 1] = { text: `${before.text}=`, line: before.line }
    else result.push(word)
  }
  return result
}

/** Goes through the words of a file, from statement to statement. */
export class NftReader {
  readonly #words: readonly Word[]
  readonly #defined = new Map<string, readonly Word[]>()
  #at = 0

  constructor(text: string) {
    this.#words = nftWords(text)
  }

  get line(): number {
    return this.#words[Math.min(this.#at, this.#words.length - 1)]?.line ?? 1
  }

  get ended(): boolean {
    this.#skip()
    return this.#at >= this.#words.length
  }

  /** The words up to a block or the end of the statement; a brace within is a list, which may take several lines. */
  head(opens: (words: readonly Word[]) => boolean): { readonly words: Word[]; readonly block: boolean } {
    this.#skip()
    const words: Word[] = []
    let depth = 0
    for (; this.#at < this.#words.length; this.#at++) {
      const word = this.#words[this.#at] as Word
      if (!word.quoted && word.text === '{' && depth === 0 && opens(words)) {
        this.#at++
        return { words: this.#expanded(words), block: true }
      }
      if (!word.quoted && word.text === '{') depth++
      if (!word.quoted && word.text === '}' && depth-- === 0) break
      if (separator(word) && depth === 0) break
      if (word.text !== '\n' || word.quoted) words.push(word)
    }
    if (depth > 0) throw new ImportFailure(words[0]?.line ?? 0, 'a brace is not closed')
    return { words: this.#expanded(words), block: false }
  }

  /** @returns whether a block has ended here. */
  closes(): boolean {
    this.#skip()
    if (this.#words[this.#at]?.text !== '}') return false
    this.#at++
    return true
  }

  define(name: string, words: readonly Word[]): undefined {
    this.#defined.set(name, words)
  }

  #skip(): undefined {
    while (separator(this.#words[this.#at])) this.#at++
  }

  #expanded(words: readonly Word[]): Word[] {
    return words.flatMap(word => {
      if (word.quoted || !word.text.startsWith('$')) return [word]
      const value = this.#defined.get(word.text.slice(1))
      if (value === undefined) throw new ImportFailure(word.line, `${word.text} is not defined above`)
      return value.map(one => ({ ...one, line: word.line }))
    })
  }
}

/** Elements of `{ … }` between commas, lists within lists as one; without braces: one element. */
export function elementsOf(words: readonly Word[]): Word[][] {
  const elements: Word[][] = [[]]
  for (const word of words) {
    if (!word.quoted && (word.text === '{' || word.text === '}')) continue
    if (!word.quoted && word.text === ',') elements.push([])
    else elements.at(-1)?.push(word)
  }
  return elements.filter(element => element.length > 0)
}

export function textOf(words: readonly Word[]): string {
  return words
    .map(({ text, quoted }) => (quoted ? JSON.stringify(text) : text))
    .join(' ')
    .replaceAll(' , ', ', ')
}
