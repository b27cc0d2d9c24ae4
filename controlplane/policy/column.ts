/** Columns of numbers that versions share: a version writes copies of the chunks that it changes. */

const chunkBits = 8
const chunkSize = 1 << chunkBits
const noChunk = new Uint32Array(chunkSize)

/** Index -> number of 32 bits; 0 where nothing was written. Never changed. */
export class Column {
  readonly #chunks: readonly Uint32Array[]

  constructor(chunks: readonly Uint32Array[] = []) {
    this.#chunks = chunks
  }

  at(index: number): number {
    return this.#chunks[index >>> chunkBits]?.[index & (chunkSize - 1)] ?? 0
  }

  edit(): ColumnDraft {
    return new ColumnDraft(this, this.#chunks)
  }
}

export class ColumnDraft {
  readonly #from: Column
  #chunks: readonly Uint32Array[]
  /** Chunks that are ours to write to. */
  #own: Uint32Array[] | undefined
  #copied: boolean[] = []

  constructor(from: Column, chunks: readonly Uint32Array[]) {
    this.#from = from
    this.#chunks = chunks
  }

  at(index: number): number {
    return this.#chunks[index >>> chunkBits]?.[index & (chunkSize - 1)] ?? 0
  }

  set(index: number, value: number): void {
    this.#writable(index >>> chunkBits)[index & (chunkSize - 1)] = value
  }

  /** The sum. */
  add(index: number, by: number): number {
    const chunk = this.#writable(index >>> chunkBits)

    chunk[index & (chunkSize - 1)] = (chunk[index & (chunkSize - 1)] as number) + by
    return chunk[index & (chunkSize - 1)] as number
  }

  /** The draft is not to be used after this. */
  done(): Column {
    return this.#own === undefined ? this.#from : new Column(this.#own)
  }

  #writable(at: number): Uint32Array {
    if (this.#own === undefined) this.#chunks = this.#own = this.#chunks.slice()
    if (this.#copied[at] === true) return this.#own[at] as Uint32Array
    while (this.#own.length <= at) this.#own.push(noChunk)
    while (this.#copied.length <= at) this.#copied.push(false)
    const chunk = (this.#own[at] as Uint32Array).slice()

    this.#own[at] = chunk
    this.#copied[at] = true
    return chunk
  }
}
