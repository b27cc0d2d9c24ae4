/** The text of keepalived.conf as nested statements with their lines. */
import { ImportFailure } from './note.ts'

export interface Statement {
  readonly line: number
  readonly words: readonly string[]
  readonly body: readonly Statement[]
}

/** A statement is a line; one that ends in a brace, or is followed by one, has a body. */
export function statementsOf(text: string): Statement[] {
  const root: Statement[] = []
  const open: Statement[][] = [root]
  for (const [at, raw] of text.split('\n').entries()) {
    const line = at + 1
    // A comment begins at ! or # before any word; in quotes both are characters.
    const content = raw.replace(/("[^"]*")|[!#].*$/g, (_whole, quoted: string | undefined) => quoted ?? '')
    let words: string[] = []
    const end = (body: Statement[] = []) => {
      if (words.length > 0) open.at(-1)?.push({ line, words, body })
      words = []
    }
    for (const [, quoted, brace, word] of content.matchAll(/"([^"]*)"|([{}])|([^\s{}"]+)/g))
      if (brace === '{') {
        const body: Statement[] = []
        const before = open.at(-1)?.at(-1)
        if (words.length > 0) end(body)
        else if (before !== undefined && before.body.length === 0) open.at(-1)?.splice(-1, 1, { ...before, body })
        else throw new ImportFailure(line, 'a brace opens nothing')
        open.push(body)
      } else if (brace === '}') {
        end()
        open.pop()
        if (open.length === 0) throw new ImportFailure(line, 'a brace closes that was not opened')
      } else words.push(quoted ?? (word as string))
    end()
  }
  if (open.length > 1) throw new ImportFailure(text.split('\n').length, 'a brace is not closed')
  return root
}
