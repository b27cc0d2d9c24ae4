/** The tables of the store, and the way from an older version of them to this one. */
import type Database from 'libsql'

/** Raised with each step in `migrations`. */
export const schemaVersion = 1

/** Step i leads from version i to i + 1, inside one transaction. */
const migrations = [
  `
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
`,
]

export function migrate(database: Database.Database, from: number): void {
  for (const [step, sql] of migrations.entries()) {
    if (step < from) continue
    database.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${step + 1}; COMMIT`)
  }
}
