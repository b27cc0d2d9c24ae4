/** What outlives the daemon: revisions, entries of sets, ids, tokens and the audit log, in one SQLite file. One transaction a write. */

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'
import type { ModeState } from '../gate/mode.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { chunksOf, type EntryChunk, type EntrySet, familyOfChunks } from '../policy/entry-set.ts'
import { emptyIdBook, type IdBook, idBookFromJson, idBookToJson } from '../policy/ids.ts'
import { comparePrefixes } from '../policy/prefix-list.ts'
import { decodeChunk, encodeChunk } from './chunks.ts'
import { type DeclaredRow, documentOfRows, frameOf, isSection } from './declared.ts'
import { migrate, schemaVersion } from './schema.ts'

export type ResourceKind = 'policy' | 'interfaces' | 'sets' | 'entries' | 'rules' | 'services' | 'backends'
export type CounterKind = 'rules' | 'services' | 'backends'

/** What the tables of a revision were made of, beside its document. */
export interface StoredSurroundings {
  readonly revision: number
  /** Date.now() - CLOCK_BOOTTIME, as it was taken to be. */
  readonly bootOffsetMs: number
  /** Of the host, and of the programs. */
  readonly matters: string
}

export interface StoredToken {
  readonly name: string
  readonly hash: Buffer
  readonly role: string
  readonly sets: readonly string[] | null
  /** Whose certificate stands for the secret; null: nobody's. */
  readonly certificate: string | null
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null
  readonly createdAt: number
}

export interface AuditRecord {
  readonly who: string
  /** Where it came from. */
  readonly origin?: string
  /** The code that it was refused with; absent: it was done. */
  readonly refused?: string
  readonly action: string
  readonly revision?: number
  readonly detail?: string
}

export interface AuditEntry extends AuditRecord {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface RevisionRecord {
  readonly revision: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly who: string
  readonly cause: string
  readonly origin: string | null
}

/** A revision that waits for its confirmation. */
export interface PendingRecord {
  readonly revision: number
  /** Whose document comes back. */
  readonly base: number
  /** CLOCK_BOOTTIME. */
  readonly deadlineMs: number
  readonly bootId: string
  readonly who: string
  readonly cause: string
  /** When it was asked for, CLOCK_BOOTTIME. */
  readonly sinceMs: number
  /** Ids of the base. */
  readonly ids: string
  /** Sets that have entries and had none. */
  readonly emptied: readonly string[]
}

/** Everything that one revision changes; written whole or not at all. */
export interface RevisionWrite {
  readonly revision: number
  /** Where the values of `changed` are. */
  readonly document: PolicyDocument
  /** Of rules, the durations as they were written. */
  readonly expiresIn: ReadonlyMap<string, string>
  readonly who: string
  readonly origin?: string
  readonly cause: string
  /** Null: none waits any more. Absent: as before. */
  readonly pending?: PendingRecord | null
  /** Resources whose value changed with this revision. */
  readonly changed: Iterable<readonly [ResourceKind, string]>
  readonly gone: Iterable<readonly [ResourceKind, string]>
  /** Sets whose entries changed; undefined: the set is gone. */
  readonly entries: ReadonlyMap<string, EntrySet | undefined>
  readonly ids?: IdBook
  /** What its tables depend on beside the document. */
  readonly surroundings: StoredSurroundings
  /** Ids whose counters begin anew. */
  readonly counted: Readonly<Record<CounterKind, readonly number[]>>
}

/** Why the store could not be opened or written; `full`: there is no room, or the disk does not take it. */
export class StoreError extends Error {
  readonly full: boolean

  constructor(message: string, full = false) {
    super(message)
    this.full = full
  }
}

export interface StoreOptions {
  /** Revisions whose documents are kept. */
  readonly keepRevisions?: number
  readonly keepAuditRows?: number
  /** The file grows no further than this. */
  readonly maxBytes?: number
}

/** What is too old goes with one sweep of so many. */
const sweepsBetween = 64
/** Chunks of one transaction, so that it takes some milliseconds. */
const stagedAtOnce = 128

/** Codes of SQLite that say: not now, not here, but the file is whole. */
const fullCodes = new Set(['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_FSYNC', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'])

export class Store {
  readonly path: string
  readonly #database: Database.Database
  readonly #options: Required<Omit<StoreOptions, 'maxBytes'>>
  /** Chunks that have a row, whether a set names it yet or not. */
  readonly #rows = new WeakMap<EntryChunk, number>()
  /** Rows that each set names. */
  readonly #named = new Map<string, ReadonlySet<number>>()
  #sweeps = 0
  #lastRow: number
  /** Rows that no set names any more. */
  #stale: number[] = []
  /** As it stands in `declared`. */
  #frame: string | undefined
  #lastPlace: number

  private constructor(path: string, database: Database.Database, options: StoreOptions) {
    this.path = path
    this.#database = database
    this.#options = { keepRevisions: options.keepRevisions ?? 1000, keepAuditRows: options.keepAuditRows ?? 10_000 }
    // Left from a write that was cut short.
    database.exec('DELETE FROM chunks WHERE id NOT IN (SELECT chunk FROM set_chunks)')
    this.#lastRow = Number(this.#value('SELECT max(id) FROM chunks') ?? 0)
    this.#lastPlace = Number(this.#value('SELECT max(place) FROM declared') ?? 0)
    this.#frame = this.#value("SELECT value FROM declared WHERE kind = 'policy' AND until IS NULL") as string | undefined
  }

  /** @throws StoreError when the file is damaged, was written by a newer version, or cannot be reached. */
  static open(path: string, options: StoreOptions = {}): Store {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o750 })
      const database = new Database(path)
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
      const damage = column(database.prepare('PRAGMA quick_check(1)').raw().get())
      if (damage !== 'ok') throw new StoreError(`${path} is damaged (${String(damage).replaceAll('\n', ' ')}): ${recovery(path)}`)
      const version = Number(column(database.prepare('PRAGMA user_version').raw().get()))
      if (version > schemaVersion) {
        throw new StoreError(
          `${path} has version ${version} and this drawgate reads up to ${schemaVersion}: start the newer drawgate that wrote it, or ${recovery(path)}`,
        )
      }
      migrate(database, version)
      if (options.maxBytes !== undefined) limitSize(database, options.maxBytes)
      return new Store(path, database, options)
    } catch (error) {
      if (error instanceof StoreError) throw error
      const { code, message } = error as { code?: string; message: string }
      if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') throw new StoreError(`${path} is damaged (${message}): ${recovery(path)}`)
      throw new StoreError(`${path} cannot be opened: ${message}`)
    }
  }

  /** Newest revision that was written; 0: none. */
  get revision(): number {
    return Number(column(this.#database.prepare('SELECT max(revision) FROM revisions').raw().get()) ?? 0)
  }

  /** The newest document, undefined where none was ever written. */
  document(): PolicyDocument | undefined {
    const rows = this.#database.prepare('SELECT kind, name, value FROM declared WHERE until IS NULL ORDER BY place').raw().all()
    return documentOfRows((rows as [string, string, string][]).map(([kind, name, value]) => ({ kind, name, value })))
  }

  /** The document as it was at a revision that is kept. */
  documentAt(revision: number): PolicyDocument | undefined {
    const rows = this.#database
      .prepare('SELECT kind, name, value FROM declared WHERE since <= ? AND (until IS NULL OR until > ?) ORDER BY place')
      .raw()
      .all(revision, revision)
    return documentOfRows((rows as [string, string, string][]).map(([kind, name, value]) => ({ kind, name, value })))
  }

  /** Of rules, the durations as they were written. */
  expiresIn(revision = this.revision): Map<string, string> {
    const rows = this.#database.prepare(
      "SELECT name, expires_in FROM declared WHERE kind = 'rules' AND since <= ? AND (until IS NULL OR until > ?) AND expires_in NOT NULL",
    )
    return new Map(rows.raw().all(revision, revision) as [string, string][])
  }

  ids(): IdBook {
    const text = this.#state('ids')
    return text === undefined ? emptyIdBook : idBookFromJson(text)
  }

  resources(): Map<ResourceKind, Map<string, number>> {
    const all = new Map<ResourceKind, Map<string, number>>()
    const rows = this.#database.prepare('SELECT kind, name, revision FROM resources').raw().all() as [ResourceKind, string, number][]
    for (const [kind, name, revision] of rows) {
      const names = all.get(kind) ?? new Map<string, number>()
      all.set(kind, names.set(name, revision))
    }
    return all
  }

  countedSince(): Record<CounterKind, Map<number, number>> {
    const all = { rules: new Map<number, number>(), services: new Map<number, number>(), backends: new Map<number, number>() }
    for (const [kind, id, at] of this.#database.prepare('SELECT kind, id, at FROM counted_since').raw().all() as [
      CounterKind,
      number,
      number,
    ][])
      all[kind].set(id, at)
    return all
  }

  /** Counters of a fresh kernel begin now, whatever the ids. */
  countersBeginAnew(at: number): void {
    this.#transaction(() => this.#database.prepare('UPDATE counted_since SET at = ?').run(at))
  }

  /** Entries of every set that has any. */
  entries(): Map<string, EntrySet> {
    const sets = new Map<string, EntryChunk[]>()
    const named = new Map<string, Set<number>>()
    const rows = this.#database.prepare('SELECT set_name, id, data FROM set_chunks JOIN chunks ON id = chunk').raw().iterate()
    for (const [name, id, data] of rows as IterableIterator<[string, number, Buffer]>) {
      const chunk = decodeChunk(data)
      this.#rows.set(chunk, id)
      const chunks = sets.get(name) ?? []
      chunks.push(chunk)
      sets.set(name, chunks)
      named.set(name, (named.get(name) ?? new Set()).add(id))
    }
    for (const [name, ids] of named) this.#named.set(name, ids)
    return new Map([...sets].map(([name, chunks]) => [name, { ipv4: sorted(4, chunks), ipv6: sorted(6, chunks) }]))
  }

  /**
   * Writes chunks that have no row yet, some at a time, yielding in between: many would hold up everybody else in one transaction. No set
   * names them before `commit` does, and a start throws away what none names. @throws StoreError with nothing changed.
   */
  *stageEntries(sets: Iterable<EntrySet | undefined>): Generator<void, void> {
    const fresh = [...sets].flatMap(set => (set === undefined ? [] : chunksOf(set))).filter(chunk => !this.#rows.has(chunk))
    if (fresh.length <= stagedAtOnce) return
    try {
      for (let at = 0; at < fresh.length; at += stagedAtOnce) {
        const some = fresh.slice(at, at + stagedAtOnce)
        // The commit of the revision syncs the whole log.
        this.#unsynced(() => this.#transaction(() => some.map(chunk => this.#addChunk(chunk, this.#rows))))
        yield
      }
    } catch (error) {
      this.discard(fresh)
      throw error
    }
  }

  /** Forgets chunks that were staged and are not wanted after all. */
  discard(chunks: Iterable<EntryChunk>): void {
    const named = new Set([...this.#named.values()].flatMap(ids => [...ids]))
    for (const chunk of chunks) {
      const id = this.#rows.get(chunk)
      if (id === undefined || named.has(id)) continue
      this.#rows.delete(chunk)
      this.#stale.push(id)
    }
  }

  /** Removes what nobody needs any more, some at a time: old revisions, and rows that no set names. */
  *sweep(): Generator<void, void> {
    if (this.#sweeps++ % sweepsBetween === 0) {
      this.#unsynced(() => this.#transaction(() => this.#forgetOld()))
      yield
    }
    while (this.#stale.length > 0) {
      const some = this.#stale.splice(0, stagedAtOnce)
      const remove = this.#database.prepare('DELETE FROM chunks WHERE id = ?')
      this.#unsynced(() => this.#transaction(() => some.map(id => remove.run(id))))
      yield
    }
  }

  /** Entries whose time was over are gone from these sets: no revision, since nothing changes for packets. */
  purge(entries: ReadonlyMap<string, EntrySet>): void {
    const remember = this.#transaction(() => this.#nameChunks(entries))
    remember()
  }

  /** Durable when it returns. @throws StoreError with nothing written. */
  commit(write: RevisionWrite): void {
    const now = Date.now()
    const remember = this.#transaction(() => {
      const { revision, document, who, cause, origin } = write
      const touch = this.#database.prepare('INSERT OR REPLACE INTO resources VALUES (?, ?, ?)')
      for (const [kind, name] of write.changed) touch.run(kind, name, revision)
      const forget = this.#database.prepare('DELETE FROM resources WHERE kind = ? AND name = ?')
      for (const [kind, name] of write.gone) forget.run(kind, name)
      const declared = this.#declare(write, document)
      this.#database
        .prepare('INSERT INTO revisions (revision, who, cause, at, origin, declares) VALUES (?, ?, ?, ?, ?, ?)')
        .run(revision, who, cause, now, origin ?? null, declared.isNew ? 1 : 0)
      const named = this.#nameChunks(write.entries)
      if (write.ids) this.#setState('ids', idBookToJson(write.ids))
      const count = this.#database.prepare('INSERT OR REPLACE INTO counted_since VALUES (?, ?, ?)')
      for (const kind of ['rules', 'services', 'backends'] as const) for (const id of write.counted[kind]) count.run(kind, id, now)
      this.#setState('surroundings', JSON.stringify(write.surroundings))
      if (write.pending !== undefined) this.#setPending(write.pending)
      this.#audit({ who, action: cause, revision, ...(origin === undefined ? {} : { origin }) }, now)
      return () => {
        declared.remember()
        named()
      }
    })
    remember()
  }

  /** Undefined: the newest revision was never written with it. */
  surroundings(): StoredSurroundings | undefined {
    const text = this.#state('surroundings')
    return text === undefined ? undefined : (JSON.parse(text) as StoredSurroundings)
  }

  /** The revision that waits for its confirmation. */
  pending(): PendingRecord | undefined {
    const text = this.#state('pending')
    return text === undefined ? undefined : (JSON.parse(text) as PendingRecord)
  }

  /** It is confirmed: what it would have gone back to is forgotten. */
  confirm(aside: ReadonlyMap<string, undefined>, record: AuditRecord): void {
    const remember = this.#transaction(() => {
      this.#setPending(null)
      this.#audit(record, Date.now())
      return this.#nameChunks(aside)
    })
    remember()
  }

  /** The newest first, older than `before`. */
  revisions(limit: number, before = Number.MAX_SAFE_INTEGER): RevisionRecord[] {
    const rows = this.#database
      .prepare('SELECT revision, at, who, cause, origin FROM revisions WHERE revision < ? AND revision > ? ORDER BY revision DESC LIMIT ?')
      .raw()
      .all(before, this.expiredUpTo, limit) as [number, number, string, string, string | null][]
    return rows.map(([revision, at, who, cause, origin]) => ({ revision, at, who, cause, origin }))
  }

  /** Revisions up to this one are not kept. Those count that declare something new: a robot's entries do not wash away the policies of people. */
  get expiredUpTo(): number {
    return this.#nthNewest(1, this.#options.keepRevisions) - 1
  }

  /** 1: there are fewer. */
  #nthNewest(declares: 0 | 1, n: number): number {
    const row = this.#database.prepare('SELECT revision FROM revisions WHERE declares = ? ORDER BY revision DESC LIMIT 1 OFFSET ?').raw()
    return Number(column(row.get(declares, n - 1)) ?? 1)
  }

  /** The emergency switch, as it was last known; undefined: never set. */
  mode(): ModeState | undefined {
    const text = this.#state('mode')
    return text === undefined ? undefined : (JSON.parse(text) as ModeState)
  }

  setMode(state: ModeState, record: AuditRecord): void {
    this.#transaction(() => {
      this.#setState('mode', JSON.stringify(state))
      this.#audit(record, Date.now())
    })
  }

  /** How the lists of sets stand, by set, as they were given. */
  listStates(): Map<string, string> {
    const rows = this.#database.prepare("SELECT substr(key, 6), value FROM state WHERE key >= 'list:' AND key < 'list;'").raw().all()
    return new Map(rows as [string, string][])
  }

  /** Undefined forgets it. Without waiting for the disk: what is lost is fetched again. */
  setListState(set: string, state: string | undefined): void {
    this.#unsynced(() =>
      this.#transaction(() => {
        if (state === undefined) this.#database.prepare('DELETE FROM state WHERE key = ?').run(`list:${set}`)
        else this.#setState(`list:${set}`, state)
      }),
    )
  }

  /** Without waiting for the disk: what is refused has changed nothing. */
  audit(record: AuditRecord): void {
    this.#unsynced(() => this.#transaction(() => this.#audit(record, Date.now())))
  }

  /** The newest first, older than `before`. */
  auditLog(limit = 100, before = Number.MAX_SAFE_INTEGER): AuditEntry[] {
    const rows = this.#database
      .prepare('SELECT id, at, who, origin, action, outcome, revision, detail FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?')
      .raw()
      .all(before, limit) as [number, number, string, string | null, string, string, number | null, string | null][]
    return rows.map(([id, at, who, origin, action, outcome, revision, detail]) => ({
      id,
      at,
      who,
      action,
      ...(origin === null ? {} : { origin }),
      ...(outcome === 'done' ? {} : { refused: outcome }),
      ...(revision === null ? {} : { revision }),
      ...(detail === null ? {} : { detail }),
    }))
  }

  tokens(): StoredToken[] {
    const columns = 'name, hash, role, sets, expires_at, created_at, certificate'
    const rows = this.#database.prepare(`SELECT ${columns} FROM tokens ORDER BY name`).raw().all()
    return (rows as [string, Buffer, string, string | null, number | null, number, string | null][]).map(
      ([name, hash, role, sets, expiresAt, createdAt, certificate]) => ({
        name,
        hash,
        role,
        sets: sets === null ? null : (JSON.parse(sets) as string[]),
        certificate,
        expiresAt,
        createdAt,
      }),
    )
  }

  addToken(token: StoredToken, who: string): void {
    const { name, hash, role, sets, expiresAt, createdAt, certificate } = token
    this.#transaction(() => {
      this.#database
        .prepare('INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(name, hash, role, sets === null ? null : JSON.stringify(sets), expiresAt, createdAt, certificate)
      const detail = certificate === null ? `${name} (${role})` : `${name} (${role}, ${certificate})`
      this.#audit({ who, action: 'token.create', detail }, createdAt)
    })
  }

  removeToken(name: string, who: string): void {
    this.#transaction(() => {
      this.#database.prepare('DELETE FROM tokens WHERE name = ?').run(name)
      this.#audit({ who, action: 'token.delete', detail: name }, Date.now())
    })
  }

  /** The file then holds all by itself, so that a copy of it is a backup. */
  close(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#database.close()
  }

  /** `isNew`: it is not what was declared before. `remember`: what to do once it is durable. */
  #declare({ revision, changed, gone, expiresIn }: RevisionWrite, document: PolicyDocument): { isNew: boolean; remember: () => void } {
    const placeOf = this.#database.prepare('SELECT place FROM declared WHERE kind = ? AND name = ? AND until IS NULL').raw()
    const end = this.#database.prepare('UPDATE declared SET until = ? WHERE kind = ? AND name = ? AND until IS NULL')
    const add = this.#database.prepare('INSERT INTO declared VALUES (?, ?, ?, NULL, ?, ?, ?)')
    let lastPlace = this.#lastPlace
    let isNew = false
    const finish = (kind: string, name: string) => {
      isNew = end.run(revision, kind, name).changes > 0 || isNew
    }
    const put = ({ kind, name, value }: DeclaredRow) => {
      const place = (column(placeOf.get(kind, name)) as number | undefined) ?? ++lastPlace
      finish(kind, name)
      isNew = true
      add.run(kind, name, revision, place, value, (kind === 'rules' && expiresIn.get(name)) || null)
    }
    const frame = frameOf(document)
    if (frame.value !== this.#frame) put(frame)
    for (const [kind, name] of gone) if (isSection(kind)) finish(kind, name)
    for (const [kind, name] of changed)
      if (isSection(kind)) put({ kind, name, value: JSON.stringify((document[kind] as Record<string, unknown>)[name]) })
    return {
      isNew,
      remember: () => {
        this.#frame = frame.value
        this.#lastPlace = lastPlace
      },
    }
  }

  /** Makes sets name the chunks that they are now. Answers what to remember once it is durable. */
  #nameChunks(entries: ReadonlyMap<string, EntrySet | undefined>): () => void {
    const fresh = new Map<EntryChunk, number>()
    const lastRow = this.#lastRow
    const forget = this.#database.prepare('DELETE FROM set_chunks WHERE chunk = ? AND set_name = ?')
    const name = this.#database.prepare('INSERT INTO set_chunks VALUES (?, ?)')
    const after = new Map<string, Set<number>>()
    const gone = new Set<number>()
    try {
      for (const [set, value] of entries) {
        const before = this.#named.get(set) ?? new Set<number>()
        const ids = new Set((value ? chunksOf(value) : []).map(chunk => this.#rows.get(chunk) ?? this.#addChunk(chunk, fresh)))
        for (const id of before)
          if (!ids.has(id)) {
            forget.run(id, set)
            gone.add(id)
          }
        for (const id of ids) if (!before.has(id)) name.run(id, set)
        after.set(set, ids)
      }
    } catch (error) {
      this.#lastRow = lastRow
      throw error
    }
    if (gone.size > 0) for (const ids of new Map([...this.#named, ...after]).values()) for (const id of ids) gone.delete(id)
    const stale = [...gone]
    // Few are removed at once, many by and by.
    const now = stale.length <= stagedAtOnce ? stale.splice(0) : []
    const remove = this.#database.prepare('DELETE FROM chunks WHERE id = ?')
    for (const id of now) remove.run(id)
    return () => {
      for (const [chunk, id] of fresh) this.#rows.set(chunk, id)
      for (const [set, ids] of after) this.#named.set(set, ids)
      this.#stale.push(...stale)
    }
  }

  #addChunk(chunk: EntryChunk, rows: { set(chunk: EntryChunk, id: number): unknown }): number {
    const id = ++this.#lastRow
    this.#database.prepare('INSERT INTO chunks VALUES (?, ?)').run(id, encodeChunk(chunk))
    rows.set(chunk, id)
    return id
  }

  #state(key: string): string | undefined {
    return column(this.#database.prepare('SELECT value FROM state WHERE key = ?').raw().get(key)) as string | undefined
  }

  #setState(key: string, value: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)').run(key, value)
  }

  #value(sql: string): unknown {
    return column(this.#database.prepare(sql).raw().get()) ?? undefined
  }

  /** For what a crash may lose. */
  #unsynced(work: () => void): void {
    this.#database.exec('PRAGMA synchronous = NORMAL')
    try {
      work()
    } finally {
      this.#database.exec('PRAGMA synchronous = FULL')
    }
  }

  #audit({ who, origin, action, refused, revision, detail }: AuditRecord, at: number): void {
    this.#database
      .prepare('INSERT INTO audit (at, who, origin, action, outcome, revision, detail) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(at, who, origin ?? null, action, refused ?? 'done', revision ?? null, detail ?? null)
  }

  #setPending(pending: PendingRecord | null): void {
    if (pending === null) this.#database.prepare('DELETE FROM state WHERE key = ?').run('pending')
    else this.#setState('pending', JSON.stringify(pending))
  }

  /** Of attempts as many are kept that were refused as that were done: who hammers at the door cannot wash away the rest. */
  #forgetOld(): void {
    const { keepAuditRows } = this.#options
    for (const which of ["= 'done'", "<> 'done'"])
      this.#database
        .prepare(
          `DELETE FROM audit WHERE outcome ${which} AND id < (SELECT id FROM audit WHERE outcome ${which} ORDER BY id DESC LIMIT 1 OFFSET ?)`,
        )
        .run(keepAuditRows - 1)
    // What waits for its confirmation may have to go back further.
    if (this.pending() !== undefined) return
    const expired = this.expiredUpTo
    this.#database.prepare('DELETE FROM declared WHERE until <= ?').run(expired)
    this.#database.prepare('DELETE FROM revisions WHERE revision <= ?').run(expired)
    this.#database.prepare('DELETE FROM revisions WHERE declares = 0 AND revision < ?').run(this.#nthNewest(0, this.#options.keepRevisions))
  }

  #transaction<Result>(work: () => Result): Result {
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      const result = work()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      // SQLite may have rolled back by itself, as it does when the disk is full.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
      const { code, message } = error as { code?: string; message: string }
      throw new StoreError(`${this.path}: ${message}`, code !== undefined && fullCodes.has(code))
    }
  }
}

function sorted(family: 4 | 6, chunks: readonly EntryChunk[]) {
  const own = chunks.filter(({ prefixes }) => prefixes.family === family)
  return familyOfChunks(
    family,
    own.sort((left, right) => comparePrefixes(left.prefixes, 0, right.prefixes, 0)),
  )
}

function column(row: unknown): unknown {
  return (row as unknown[] | undefined)?.[0]
}

function limitSize(database: Database.Database, maxBytes: number): void {
  const pageSize = Number(column(database.prepare('PRAGMA page_size').raw().get()))
  database.exec(`PRAGMA max_page_count = ${Math.ceil(maxBytes / pageSize)}`)
}

function recovery(path: string): string {
  return `move ${path}, ${path}-wal and ${path}-shm away and start with --policy FILE; the kernel goes on enforcing the last policy meanwhile`
}
