/** What an import tells of a line that it could not carry over as it was. */

/** Compared with the original, the policy passes more, drops more, one of both by the packet, or decides the same. */
export type Effect = 'passes more' | 'drops more' | 'passes or drops more' | 'none'

export const passesMore = ({ effect }: { readonly effect: Effect }): boolean =>
  effect === 'passes more' || effect === 'passes or drops more'

export interface Note {
  /** Of the file that was read; 0: of no line in particular. */
  readonly line: number
  readonly file?: string
  /** The line, or what of it this is about. */
  readonly text: string
  readonly effect: Effect
  readonly detail: string
  readonly hint?: string
}

/** Notes of one file, each told once however often its line is met. */
export class Notes {
  readonly list: Note[] = []
  readonly #told = new Set<string>()
  readonly #file: string | undefined

  constructor(file?: string) {
    this.#file = file
  }

  tell(line: number, text: string, effect: Effect, detail: string, hint?: string): undefined {
    const key = `${line} ${text} ${detail}`
    if (this.#told.has(key)) return undefined
    this.#told.add(key)
    this.list.push({
      line,
      ...(this.#file === undefined ? {} : { file: this.#file }),
      text,
      effect,
      detail,
      ...(hint === undefined ? {} : { hint }),
    })
    return undefined
  }
}

/** File by file, line by line; what is of no line comes last. */
export function inOrder(notes: readonly Note[]): Note[] {
  const files = [...new Set(notes.map(({ file }) => file))]
  const place = ({ line, file }: Note) => (line === 0 ? Number.MAX_SAFE_INTEGER : files.indexOf(file) * 1e9 + line)
  return [...notes].sort((a, b) => place(a) - place(b))
}

/** The text is not of the kind that it was said to be. */
export class ImportFailure extends Error {
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}
