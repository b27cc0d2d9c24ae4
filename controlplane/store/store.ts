/** What outlives the daemon: revisions, entries of sets, ids, tokens and the audit log, in one SQLite file. One transaction a write. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'
import type { ModeState } from '../gate/mode.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { emptyIdBook, type IdBook, idBookFromJson, idBookToJson } from '../policy/ids.ts'
import type { PrefixKey } from '../policy/tables.ts'
import { migrate, schemaVersion } from './schema.ts'

export type ResourceKind = 'policy' | 'interfaces' | 'sets' | 'entries' | 'rules' | 'services' | 'backends'
export type CounterKind = 'rules' | 'services' | 'backends'

export interface StoredEntry {
  readonly prefix: PrefixKey
  readonly comment: string | null
  /** Milliseconds since 1970. */
  readonly addedAt: number
}

export interface StoredToken {
  readonly name: string
  readonly hash: Buffer
  readonly role: string
  readonly sets: readonly string[] | null
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null
  readonly createdAt: number
}

export interface AuditRecord {
  readonly who: string
  readonly action: string
  readonly revision?: number
  readonly detail?: string
}

/** How one set's entries change. `put` adds, or changes the comment of what is there. */
export interface EntryChange {
  readonly remove: readonly PrefixKey[]
  readonly put: readonly StoredEntry[]
}

/** Everything that one revision changes; written whole or not at all. */
export interface RevisionWrite {
  readonly revision: number
  /** Absent: the document stays what it was. */
  readonly document?: PolicyDocument
  readonly who: string
  readonly cause: string
  /** Resources whose value changed with this revision. */
  readonly changed: Iterable<readonly [ResourceKind, string]>
  readonly gone: Iterable<readonly [ResourceKind, string]>
  readonly entries: ReadonlyMap<string, EntryChange>
  readonly ids?: IdBook
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

/** Codes of SQLite that say: not now, not here, but the file is whole. */
const fullCodes = new Set(['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_FSYNC', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'])

export class Store {
  readonly path: string
  readonly #database: Database.Database
  readonly #options: Required<Omit<StoreOptions, 'maxBytes'>>

  private constructor(path: string, database: Database.Database, options: StoreOptions) {
    this.path = path
    this.#database = database
    this.#options = { keepRevisions: options.keepRevisions ?? 100, keepAuditRows: options.keepAuditRows ?? 10_000 }
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
    const text = column(
      this.#database.prepare('SELECT document FROM revisions WHERE document IS NOT NULL ORDER BY revision DESC LIMIT 1').raw().get(),
    )
    return text === undefined ? undefined : (JSON.parse(text as string) as PolicyDocument)
  }

  ids(): IdBook {
    const text = column(this.#database.prepare('SELECT value FROM state WHERE key = ?').raw().get('ids'))
    return text === undefined ? emptyIdBook : idBookFromJson(text as string)
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

  /** Prefixes of every set, sorted. */
  prefixes(): Map<string, Set<PrefixKey>> {
    const sets = new Map<string, Set<PrefixKey>>()
    for (const [name] of this.#database.prepare('SELECT DISTINCT set_name FROM entries').raw().all() as [string][]) {
      const prefixes = new Set<PrefixKey>()
      const rows = this.#database.prepare('SELECT prefix FROM entries WHERE set_name = ? ORDER BY prefix').raw().iterate(name)
      for (const [prefix] of rows as IterableIterator<[Buffer]>) prefixes.add(keyOf(prefix))
      sets.set(name, prefixes)
    }
    return sets
  }

  /** Entries behind `after` in the order of prefixes. */
  entries(set: string, limit: number, after: PrefixKey = ''): StoredEntry[] {
    const rows = this.#database
      .prepare('SELECT prefix, comment, added_at FROM entries WHERE set_name = ? AND prefix > ? ORDER BY prefix LIMIT ?')
      .raw()
      .all(set, bytesOf(after), limit)
    return (rows as EntryRow[]).map(entryOf)
  }

  /** Of entries that have one. */
  comments(set: string): Map<PrefixKey, string> {
    const rows = this.#database.prepare('SELECT prefix, comment FROM entries WHERE set_name = ? AND comment IS NOT NULL').raw().all(set)
    return new Map((rows as [Buffer, string][]).map(([prefix, comment]) => [keyOf(prefix), comment]))
  }

  entriesAt(set: string, prefixes: Iterable<PrefixKey>): StoredEntry[] {
    const select = this.#database.prepare('SELECT prefix, comment, added_at FROM entries WHERE set_name = ? AND prefix = ?').raw()
    return [...prefixes].flatMap(prefix => {
      const row = select.get(set, bytesOf(prefix))
      return row === undefined ? [] : [entryOf(row as EntryRow)]
    })
  }

  /** Durable when it returns. @throws StoreError with nothing written. */
  commit(write: RevisionWrite): void {
    const now = Date.now()
    this.#transaction(() => {
      const { revision, document, who, cause } = write
      this.#database
        .prepare('INSERT INTO revisions VALUES (?, ?, ?, ?, ?)')
        .run(revision, document === undefined ? null : JSON.stringify(document), who, cause, now)
      const touch = this.#database.prepare('INSERT OR REPLACE INTO resources VALUES (?, ?, ?)')
      for (const [kind, name] of write.changed) touch.run(kind, name, revision)
      const forget = this.#database.prepare('DELETE FROM resources WHERE kind = ? AND name = ?')
      for (const [kind, name] of write.gone) forget.run(kind, name)
      for (const [set, change] of write.entries) this.#changeEntries(set, change)
      if (write.ids) this.#database.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)').run('ids', idBookToJson(write.ids))
      const count = this.#database.prepare('INSERT OR REPLACE INTO counted_since VALUES (?, ?, ?)')
      for (const kind of ['rules', 'services', 'backends'] as const) for (const id of write.counted[kind]) count.run(kind, id, now)
      this.#audit({ who, action: cause, revision }, now)
      this.#forgetOld()
    })
  }

  /** The emergency switch, as it was last known; undefined: never set. */
  mode(): ModeState | undefined {
    const text = column(this.#database.prepare('SELECT value FROM state WHERE key = ?').raw().get('mode'))
    return text === undefined ? undefined : (JSON.parse(text as string) as ModeState)
  }

  setMode(state: ModeState, record: AuditRecord): void {
    this.#transaction(() => {
      this.#database.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)').run('mode', JSON.stringify(state))
      this.#audit(record, Date.now())
    })
  }

  audit(record: AuditRecord): void {
    this.#transaction(() => this.#audit(record, Date.now()))
  }

  /** The newest first. */
  auditLog(limit = 100): (AuditRecord & { readonly at: number })[] {
    const rows = this.#database.prepare('SELECT at, who, action, revision, detail FROM audit ORDER BY id DESC LIMIT ?').raw().all(limit)
    return (rows as [number, string, string, number | null, string | null][]).map(([at, who, action, revision, detail]) => ({
      at,
      who,
      action,
      ...(revision === null ? {} : { revision }),
      ...(detail === null ? {} : { detail }),
    }))
  }

  tokens(): StoredToken[] {
    const rows = this.#database.prepare('SELECT name, hash, role, sets, expires_at, created_at FROM tokens ORDER BY name').raw().all()
    return (rows as [string, Buffer, string, string | null, number | null, number][]).map(
      ([name, hash, role, sets, expiresAt, createdAt]) => ({
        name,
        hash,
        role,
        sets: sets === null ? null : (JSON.parse(sets) as string[]),
        expiresAt,
        createdAt,
      }),
    )
  }

  addToken(token: StoredToken, who: string): void {
    const { name, hash, role, sets, expiresAt, createdAt } = token
    this.#transaction(() => {
      this.#database
        .prepare('INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?)')
        .run(name, hash, role, sets === null ? null : JSON.stringify(sets), expiresAt, createdAt)
      this.#audit({ who, action: 'token.create', detail: `${name} (${role})` }, createdAt)
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

  #changeEntries(set: string, { remove, put }: EntryChange): void {
    const drop = this.#database.prepare('DELETE FROM entries WHERE set_name = ? AND prefix = ?')
    for (const prefix of remove) drop.run(set, bytesOf(prefix))
    const add = this.#database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET comment = excluded.comment')
    for (const { prefix, comment, addedAt } of put) add.run(set, bytesOf(prefix), comment, addedAt)
  }

  #audit({ who, action, revision, detail }: AuditRecord, at: number): void {
    this.#database
      .prepare('INSERT INTO audit (at, who, action, revision, detail) VALUES (?, ?, ?, ?, ?)')
      .run(at, who, action, revision ?? null, detail ?? null)
  }

  /** The newest document stays, however old. */
  #forgetOld(): void {
    this.#database
      .prepare(`DELETE FROM revisions
      WHERE revision <= (SELECT max(revision) FROM revisions) - ? AND revision < (SELECT max(revision) FROM revisions WHERE document IS NOT NULL)`)
      .run(this.#options.keepRevisions)
    this.#database.prepare('DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?').run(this.#options.keepAuditRows)
  }

  #transaction(work: () => unknown): void {
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      work()
      this.#database.exec('COMMIT')
    } catch (error) {
      // SQLite may have rolled back by itself, as it does when the disk is full.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
      const { code, message } = error as { code?: string; message: string }
      throw new StoreError(`${this.path}: ${message}`, code !== undefined && fullCodes.has(code))
    }
  }
}

type EntryRow = [Buffer, string | null, number]

function entryOf([prefix, comment, addedAt]: EntryRow): StoredEntry {
  return { prefix: keyOf(prefix), comment, addedAt }
}

function keyOf(bytes: Buffer): PrefixKey {
  return bytes.toString('latin1')
}

function bytesOf(key: PrefixKey): Buffer {
  return Buffer.from(key, 'latin1')
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
