/** The store by itself: a file of an older version, and what a kill leaves. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'libsql'
import t from 'tap'
import { entryCount, pageOfEntries } from '../../controlplane/policy/entry-set.ts'
import { formatPrefix } from '../../controlplane/policy/prefix.ts'
import { schemaVersion } from '../../controlplane/store/schema.ts'
import { Store } from '../../controlplane/store/store.ts'
import { samplePolicy } from './support.ts'

t.test('a store of version 1 is read, with its entries and its revisions', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-store-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'drawgate.db')
  const old = new Database(file)
  old.exec(`
    CREATE TABLE revisions (revision INTEGER PRIMARY KEY, document TEXT, who TEXT NOT NULL, cause TEXT NOT NULL, at INTEGER NOT NULL);
    CREATE TABLE resources (kind TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
    CREATE TABLE entries (set_name TEXT NOT NULL, prefix BLOB NOT NULL, comment TEXT, added_at INTEGER NOT NULL, PRIMARY KEY (set_name, prefix)) WITHOUT ROWID;
    CREATE TABLE counted_since (kind TEXT NOT NULL, id INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
    CREATE TABLE tokens (name TEXT PRIMARY KEY, hash BLOB NOT NULL, role TEXT NOT NULL, sets TEXT, expires_at INTEGER, created_at INTEGER NOT NULL);
    CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, revision INTEGER, detail TEXT);
    CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    PRAGMA user_version = 1`)
  const documents = [samplePolicy, { ...samplePolicy, rules: {} }, { ...samplePolicy, sets: { blocklist: {} } }]
  const revise = old.prepare("INSERT INTO revisions VALUES (?, ?, 'me', 'test', 1)")
  revise.run(1, JSON.stringify(documents[0]))
  revise.run(2, JSON.stringify(documents[1]))
  revise.run(3, null)
  revise.run(4, JSON.stringify(documents[2]))
  const enter = old.prepare('INSERT INTO entries VALUES (?, ?, ?, ?)')
  enter.run('blocklist', Buffer.from([4, 192, 0, 2, 7, 32]), 'known', 1_000)
  enter.run('blocklist', Buffer.from([4, 10, 0, 0, 0, 8]), null, 2_000)
  enter.run('other', Buffer.from([6, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32]), null, 3_000)
  old.close()

  const store = Store.open(file)
  t.equal(store.revision, 4)
  t.same(store.document(), documents[2])
  t.same(
    [1, 2, 3, 4].map(revision => store.documentAt(revision)),
    [documents[0], documents[1], documents[1], documents[2]],
  )
  const entries = store.entries()
  t.match(
    pageOfEntries(entries.get('blocklist') as NonNullable<ReturnType<typeof entries.get>>, 9).map(({ prefix, ...rest }) => ({
      prefix: formatPrefix(prefix),
      ...rest,
    })),
    [
      { prefix: '10.0.0.0/8', comment: null, addedAt: 2_000, expiresAt: 0 },
      { prefix: '192.0.2.7/32', comment: 'known', addedAt: 1_000 },
    ],
  )
  t.equal(entryCount(entries.get('other') as NonNullable<ReturnType<typeof entries.get>>), 1)
  store.close()
  const again = new Database(file)
  t.same(again.prepare('PRAGMA user_version').raw().get(), [schemaVersion])
  again.close()
})

t.test('killed at any moment, the store holds the old entries or the new ones, whole', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-store-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'drawgate.db')
  const writer = fileURLToPath(new URL('./store-writer.js', import.meta.url))
  for (let kill = 0; kill < 5; kill++) {
    const child = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    // A letter for each piece that it has written: some after the beginning, some in the middle of the next revision.
    let seen = 0
    for await (const piece of child.stdout) {
      seen += (piece as Buffer).length
      if (seen >= 8 + 5 * kill) break
    }
    child.kill('SIGKILL')
    await once(child, 'exit')
    const store = Store.open(file)
    const set = store.entries().get('a')
    const { revision } = store
    t.ok(revision >= 1)
    t.equal(set && entryCount(set), 150_000)
    t.ok(set && pageOfEntries(set, 1e6).every(entry => entry.addedAt === revision), `all entries are of revision ${revision}`)
    store.close()
    const rows = new Database(file)
    t.same(
      rows.prepare('SELECT count(*) FROM chunks WHERE id NOT IN (SELECT chunk FROM set_chunks)').raw().get(),
      [0],
      'nothing is left over',
    )
    rows.close()
  }
})
