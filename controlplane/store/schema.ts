/** The tables of the store, and the way from an older version of them to this one. */
import type Database from 'libsql'
import { atOnce } from '../policy/at-once.ts'
import { addToDraft, newDraft, type SortedDraft, sortDraft } from '../policy/entry-draft.ts'
import { editEntries } from '../policy/entry-edit.ts'
import { chunksOf, emptySet } from '../policy/entry-set.ts'
import { prefixFromKey } from '../policy/prefix.ts'
import { numbersOf, prefixNumbers } from '../policy/prefix-bytes.ts'
import { encodeChunk } from './chunks.ts'
import { rowsOfDocument } from './declared.ts'

/** Raised with each step in `migrations`. */
export const schemaVersion = 5

/** Step i leads from version i to i + 1, inside one transaction. */
const migrations: readonly ((database: Database.Database) => void)[] = [
  database =>
    database.exec(`
  -- One row for each revision. document is NULL where only entries or addresses changed: the newest one before it holds.
  CREATE TABLE revisions (revision INTEGER PRIMARY KEY, document TEXT, who TEXT NOT NULL, cause TEXT NOT NULL, at INTEGER NOT NULL);
  -- The revision at which a resource's declared value last changed: its ETag.
  CREATE TABLE resources (kind TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
  -- prefix is a PrefixKey as bytes: sorts as in the kernel.
  CREATE TABLE entries (set_name TEXT NOT NULL, prefix BLOB NOT NULL, comment TEXT, added_at INTEGER NOT NULL,
    PRIMARY KEY (set_name, prefix)) WITHOUT ROWID;
  -- Stable ids have counters, and counters a beginning.
  CREATE TABLE counted_since (kind TEXT NOT NULL, id INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
  CREATE TABLE tokens (name TEXT PRIMARY KEY, hash BLOB NOT NULL, role TEXT NOT NULL, sets TEXT, expires_at INTEGER, created_at INTEGER NOT NULL);
  CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, revision INTEGER, detail TEXT);
  -- Single values: the id book.
  CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`),
  database => {
    database.exec(`
  -- Entries in chunks of some hundred, as chunks.ts writes them. One that set_chunks does not name is left from a write that was cut short.
  CREATE TABLE chunks (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE set_chunks (chunk INTEGER PRIMARY KEY, set_name TEXT NOT NULL);
  -- What was declared, object by object, from one revision until another. 'policy' is the document with its sections left empty.
  -- expires_in: of a rule, the duration as it was written. place: the order of objects.
  CREATE TABLE declared (kind TEXT NOT NULL, name TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER, place INTEGER NOT NULL,
    value TEXT NOT NULL, expires_in TEXT);
  CREATE UNIQUE INDEX declared_now ON declared (kind, name) WHERE until IS NULL;
  CREATE INDEX declared_until ON declared (until) WHERE until IS NOT NULL;
  CREATE INDEX declared_place ON declared (place);
`)
    entriesToChunks(database)
    documentsToObjects(database)
    database.exec('DROP TABLE entries; ALTER TABLE revisions DROP COLUMN document')
  },
  database =>
    database.exec(`
  -- A chunk may be of two sets: one that is declared, and what it goes back to, named ~ and its name.
  ALTER TABLE set_chunks RENAME TO set_chunks_before;
  CREATE TABLE set_chunks (chunk INTEGER NOT NULL, set_name TEXT NOT NULL, PRIMARY KEY (chunk, set_name)) WITHOUT ROWID;
  INSERT INTO set_chunks SELECT chunk, set_name FROM set_chunks_before;
  DROP TABLE set_chunks_before;
  -- Where a change came from, and what became of it: 'done', or the code that it was refused with.
  ALTER TABLE revisions ADD COLUMN origin TEXT;
  ALTER TABLE audit ADD COLUMN origin TEXT;
  ALTER TABLE audit ADD COLUMN outcome TEXT NOT NULL DEFAULT 'done';
`),
  // Of a token: the name of the client certificate that stands for its secret.
  database => database.exec('ALTER TABLE tokens ADD COLUMN certificate TEXT'),
  // Of a revision: 0 where only entries or addresses changed.
  database =>
    database.exec(`
  ALTER TABLE revisions ADD COLUMN declares INTEGER NOT NULL DEFAULT 1;
  UPDATE revisions SET declares = 0 WHERE revision NOT IN (SELECT since FROM declared UNION SELECT until FROM declared WHERE until NOT NULL);
  CREATE INDEX revisions_declares ON revisions (declares, revision);
`),
]

export function migrate(database: Database.Database, from: number): void {
  for (const [step, work] of migrations.entries()) {
    if (step < from) continue
    database.exec('BEGIN IMMEDIATE')
    try {
      work(database)
      database.exec(`PRAGMA user_version = ${step + 1}; COMMIT`)
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
}

function entriesToChunks(database: Database.Database): void {
  const addChunk = database.prepare('INSERT INTO chunks (data) VALUES (?)')
  const nameChunk = database.prepare('INSERT INTO set_chunks VALUES (last_insert_rowid(), ?)')
  const numbers = prefixNumbers()
  for (const [name] of database.prepare('SELECT DISTINCT set_name FROM entries').raw().all() as [string][]) {
    // Entries of one time together: a chunk is made by one edit, and an edit has one time.
    const times = database.prepare('SELECT DISTINCT added_at FROM entries WHERE set_name = ?').raw().all(name) as [number][]
    let set = emptySet
    for (const [addedAt] of times) {
      const draft = newDraft()
      const rows = database.prepare('SELECT prefix, comment FROM entries WHERE set_name = ? AND added_at = ?').raw().all(name, addedAt)
      for (const [prefix, comment] of rows as [Buffer, string | null][]) {
        const { family, ...rest } = prefixFromKey(prefix.toString('latin1'))
        numbersOf({ family, ...rest }, numbers)
        addToDraft(draft, family, numbers, 0, comment === null ? undefined : { comment, expiresAt: 0, lifetime: 0 })
      }
      set = atOnce(editEntries(set, { add: atOnce<SortedDraft>(sortDraft(draft)) }, addedAt)).set
    }
    for (const chunk of chunksOf(set)) {
      // A list, since libsql takes a lone buffer for named parameters.
      addChunk.run([encodeChunk(chunk)])
      nameChunk.run(name)
    }
  }
}

function documentsToObjects(database: Database.Database): void {
  const rows = database.prepare('SELECT revision, document FROM revisions WHERE document IS NOT NULL ORDER BY revision').raw().all()
  const end = database.prepare('UPDATE declared SET until = ? WHERE kind = ? AND name = ? AND until IS NULL')
  const add = database.prepare('INSERT INTO declared VALUES (?, ?, ?, NULL, ?, ?, NULL)')
  const now = new Map<string, { kind: string; name: string; value: string; place: number }>()
  let place = 0
  for (const [revision, text] of rows as [number, string][]) {
    const gone = new Set(now.keys())
    for (const { kind, name, value } of rowsOfDocument(JSON.parse(text))) {
      const key = `${kind}/${name}`
      const before = now.get(key)
      gone.delete(key)
      if (before?.value === value) continue
      if (before) end.run(revision, kind, name)
      const row = { kind, name, value, place: before?.place ?? ++place }
      add.run(kind, name, revision, row.place, value)
      now.set(key, row)
    }
    for (const key of gone) {
      const row = now.get(key) as { kind: string; name: string }
      end.run(revision, row.kind, row.name)
      now.delete(key)
    }
  }
}
