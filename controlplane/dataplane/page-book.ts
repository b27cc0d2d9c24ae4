/**
 * Which pages of the trie's pool are taken, for what, and by whom. Pure. A place is the number of a line: a branch takes a page
 * and stands at its first line; buckets of one size share pages. Both sides may refer to the same place, each of them once.
 */
import { Limit } from './abi.ts'

/** Lines that something takes. */
export type Lines = 1 | 2 | 3 | 4
export const branchLines = Limit.pageLines
type Kind = Lines | typeof branchLines

const free = 0
const pageShift = Math.log2(Limit.pageLines)

/** How many of each kind, by lines. */
export type Needs = Uint32Array
export const noNeeds = (): Needs => new Uint32Array(branchLines + 1)

export class PageBook {
  readonly #limit: number
  /** By page: lines of what stands there, or free. */
  readonly #kinds: Uint8Array
  /** By page, bit i: something begins at line i. */
  readonly #used: Uint16Array
  /** Of those: both sides refer to it. */
  readonly #shared: Uint16Array
  /** By page, bit i: it is in the list of kind i. */
  readonly #listed: Uint8Array
  /** Pages that may be free. */
  readonly #freePages: number[] = []
  /** By lines: pages that may have room for one more. */
  readonly #open: readonly number[][] = [[], [], [], [], []]
  /** By lines: how many more fit into pages that are taken for them. */
  readonly #rooms = new Uint32Array(branchLines + 1)
  #total = 0
  #taken = 0

  /** `limit`: pages that may be taken; `present`: those that there are, which may be more. */
  constructor(limit: number, present: number) {
    const size = Math.max(limit, present)

    this.#limit = limit
    this.#kinds = new Uint8Array(size)
    this.#used = new Uint16Array(size)
    this.#shared = new Uint16Array(size)
    this.#listed = new Uint8Array(size)
    this.add(present)
  }

  get taken(): number {
    return this.#taken
  }

  /** Pages that there are. */
  get total(): number {
    return this.#total
  }

  get limit(): number {
    return this.#limit
  }

  /** The pool has grown; pages beyond the limit are left alone. */
  add(pages: number): void {
    const total = Math.min(this.#total + pages, this.#kinds.length)

    for (let page = total - 1; page >= this.#total; page--) this.#freePages.push(page)
    this.#total = total
  }

  /** Pages that would be taken beside those that are. */
  pagesFor(needs: Needs): number {
    let pages = needs[branchLines] as number

    for (const lines of [1, 2, 3, 4])
      pages += Math.ceil(Math.max(0, (needs[lines] as number) - (this.#rooms[lines] as number)) / perPage(lines))
    return pages
  }

  /** Undefined where there is no room: the pool has to grow. */
  take(kind: Kind): number | undefined {
    if (kind === branchLines) {
      const page = this.#takePage(branchLines)

      if (page === undefined) return undefined
      this.#used[page] = 1
      return page * Limit.pageLines
    }
    const open = this.#open[kind] as number[]

    for (;;) {
      const page = open.at(-1) ?? this.#takePage(kind)

      if (page === undefined) return undefined
      const rooms = this.#kinds[page] === kind ? (slots[kind] as number) & ~(this.#used[page] as number) : 0

      if (rooms === 0) {
        open.pop()
        this.#listed[page] = (this.#listed[page] as number) & ~(1 << kind)
        continue
      }
      const line = 31 - Math.clz32(rooms & -rooms)

      this.#used[page] = (this.#used[page] as number) | (1 << line)
      this.#rooms[kind] = (this.#rooms[kind] as number) - 1
      return page * Limit.pageLines + line
    }
  }

  /** The other side refers to it as well from now on. */
  share(place: number): void {
    const page = pageOf(place)

    this.#shared[page] = (this.#shared[page] as number) | bitOf(place)
  }

  /** One side does not refer to it any more. True where nobody does: what it refers to is to be let go, too. */
  release(place: number): boolean {
    const page = pageOf(place)
    const bit = bitOf(place)

    if ((this.#shared[page] as number) & bit) {
      this.#shared[page] = (this.#shared[page] as number) & ~bit
      return false
    }
    const kind = this.#kinds[page] as Kind
    const used = (this.#used[page] as number) & ~bit

    this.#used[page] = used
    if (kind !== branchLines) this.#rooms[kind] = (this.#rooms[kind] as number) + 1
    if (used === 0) {
      if (kind !== branchLines) this.#rooms[kind] = (this.#rooms[kind] as number) - perPage(kind)
      this.#kinds[page] = free
      this.#taken--
      this.#freePages.push(page)
    } else if (kind !== branchLines) {
      this.#list(page, kind)
    }
    return true
  }

  /** Something that an earlier process has placed. */
  claim(place: number, kind: Kind): void {
    const page = pageOf(place)

    if (this.#kinds[page] === free) this.#begin(page, kind)
    this.#used[page] = (this.#used[page] as number) | bitOf(place)
    if (kind !== branchLines) this.#rooms[kind] = (this.#rooms[kind] as number) - 1
  }

  /** A page that was claimed or taken since it was listed is passed over. */
  #takePage(kind: Kind): number | undefined {
    if (this.#taken >= this.#limit) return undefined
    for (let page = this.#freePages.pop(); page !== undefined; page = this.#freePages.pop()) {
      if (this.#kinds[page] !== free) continue
      this.#begin(page, kind)
      return page
    }
    return undefined
  }

  #begin(page: number, kind: Kind): void {
    this.#kinds[page] = kind
    this.#taken++
    if (kind === branchLines) return
    this.#rooms[kind] = (this.#rooms[kind] as number) + perPage(kind)
    this.#list(page, kind)
  }

  #list(page: number, kind: Lines): void {
    if ((this.#listed[page] as number) & (1 << kind)) return
    this.#listed[page] = (this.#listed[page] as number) | (1 << kind)
    this.#open[kind]?.push(page)
  }
}

function pageOf(place: number): number {
  return place >>> pageShift
}

function bitOf(place: number): number {
  return 1 << (place & (Limit.pageLines - 1))
}

function perPage(lines: number): number {
  return Math.floor(Limit.pageLines / lines)
}

/** By lines: bit i where one may begin. */
const slots = [0, 1, 2, 3, 4].map(lines => {
  let bits = 0

  for (let slot = 0; lines > 0 && slot < perPage(lines); slot++) bits |= 1 << (slot * lines)
  return bits
})
