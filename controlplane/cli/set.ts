/** `drawgate set`: what is in a set, by the file and by the entry. */
import { once } from 'node:events'
import { createReadStream, fstatSync, openSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { Command } from 'commander'
import { addClientOptions, answered, type Client, connect } from './client.ts'
import { exitCodes, Failure, gone, usage } from './failure.ts'
import { type Io, plain, writeJson, writeLine } from './io.ts'
import { progress } from './progress.ts'

interface Counts {
  readonly added: number
  readonly updated: number
  readonly removed: number
  readonly missing: number
  readonly entryCount: number
  readonly revision: number
}

interface Flags {
  readonly json?: true
  readonly dryRun?: true
  readonly allowEmpty?: true
  readonly create?: true
  readonly force?: true
  readonly for?: string
  readonly comment?: string
}

interface StoredEntry {
  readonly prefix: string
  readonly comment?: string
}

const pageSize = 10_000

const uploadHelp = `
One prefix a line, # begins a comment; or a JSON array, as "drawgate set download --json" prints it. All or nothing:
one wrong line, and the set stays as it is. What is not in the file is removed.

Examples:
  drawgate set upload blocklist blocklist.txt
  zcat blocklist.gz | drawgate set upload blocklist - --create`

const downloadHelp = `
One prefix a line, with its comment. Ends of entries are in the JSON form alone; both are what upload takes.

Examples:
  drawgate set download blocklist > blocklist.txt
  drawgate set download blocklist --json | jq -r '.[].prefix'`

const refreshHelp = `
For sets with a "source": the list is fetched now. With --force it is taken also where it is empty, or shrank or grew
more than its limits allow. Ends with 1 where the set keeps what it had.

Example:
  drawgate set refresh blocklist`

export function addSet(program: Command, io: Io): void {
  const set = program.command('set').description('read and write the entries of a set')
  const below = (name: string, description: string) => set.command(name).description(description).argument('<set>', 'its name')

  const upload = below('upload', 'replace all entries by those of a file')
    .argument('<file>', '- reads standard input')
    .option('--create', 'make the set if there is none')
    .option('--allow-empty', 'a file without a prefix empties the set')
    .option('--dry-run', 'print what would change; change nothing')
    .addHelpText('after', uploadHelp)
  addClientOptions(upload).action((name: string, file: string) => runUpload(connect(upload), name, file, upload.opts<Flags>(), io))

  const download = below('download', 'print all entries').addHelpText('after', downloadHelp)
  addClientOptions(download).action((name: string) => runDownload(connect(download), name, download.opts<Flags>(), io))

  const add = below('add', 'add entries')
    .argument('<prefix...>', 'addresses or prefixes')
    .option('--for <duration>', 'until then, such as 10m')
    .option('--comment <text>', 'why, for people')
  addClientOptions(add).action(async (name: string, prefixes: string[]) => {
    const { for: expiresIn, comment, json } = add.opts<Flags>()
    const note = { ...(expiresIn === undefined ? {} : { expiresIn }), ...(comment === undefined ? {} : { comment }) }
    const counts = await patch(connect(add), name, { add: prefixes.map(prefix => ({ prefix, ...note })) }, prefixes)
    showCounts(counts, json, io)
  })

  const remove = below('remove', 'remove entries').argument('<prefix...>', 'as they are in the set')
  addClientOptions(remove).action(async (name: string, prefixes: string[]) => {
    const counts = await patch(connect(remove), name, { remove: prefixes }, prefixes)
    showCounts(counts, remove.opts<Flags>().json, io)
    if (counts.removed === 0)
      throw gone(`none of them is an entry of ${name}`, `drawgate set contains ${name} ${prefixes[0]}   tells what holds it`)
  })

  const contains = below('contains', 'print the entries that hold an address').argument('<address>', 'address or prefix')
  addClientOptions(contains).action(async (name: string, address: string) => {
    const params = { path: { name }, query: { contains: address, limit: pageSize } }
    const { items } = answered(await connect(contains).api.GET('/v1/sets/{name}/entries', { params }))
    if (contains.opts<Flags>().json) writeJson(io.stdout, items)
    else for (const item of items) writeLine(io.stdout, entryLine(item))
    if (items.length === 0) throw gone(`${address} is not in ${name}`)
  })

  const refresh = below('refresh', 'fetch the list of the set now')
    .option('--force', 'take it although it is suspicious (admin)')
    .addHelpText('after', refreshHelp)
  addClientOptions(refresh).action(async (name: string) => {
    const { force, json } = refresh.opts<Flags>()
    const params = { path: { name }, ...(force ? { query: { force } } : {}) }
    const { outcome, revision, source } = answered(await connect(refresh).api.POST('/v1/sets/{name}/refresh', { params }))
    if (json) writeJson(io.stdout, { outcome, revision, source })
    else if (outcome !== 'kept')
      writeLine(
        io.stdout,
        `${name} ${outcome === 'changed' ? 'has changed' : 'is as it was'}: ${source.entryCount} entries (revision ${revision})`,
      )
    if (outcome === 'kept') {
      const { detail = 'the list was not taken', hint } = source.error ?? {}
      throw new Failure(exitCodes.refused, {
        code: 'kept',
        detail: `${name} keeps what it has: ${detail}`,
        ...(hint === undefined ? {} : { hint }),
      })
    }
  })
}

async function runUpload(client: Client, name: string, file: string, flags: Flags, io: Io): Promise<void> {
  const { json, dryRun, allowEmpty } = flags
  const { body, total } = opened(file, io)
  const { first, whole } = await peeked(body)
  const isJson = file.endsWith('.json') || first === '[' || first === '{'
  const etag = await etagOf(client, name, flags)
  const { meter, done } = progress(io, json !== true, total)
  try {
    const answer = await client.upload<Counts>(['sets', name, 'entries'], whole.pipe(meter), {
      type: isJson ? 'application/json' : 'text/plain',
      query: { dryRun, allowEmpty },
      headers: { 'if-match': etag },
    })
    done()
    if (dryRun) return writeJson(io.stdout, answer.body)
    showCounts(answer.body, json, io)
  } catch (error) {
    done()
    if (error instanceof Failure) error.locate = pointer => placeIn(file, pointer, isJson)
    throw error
  }
}

/** Who has changed the set meanwhile would be overwritten without it. */
async function etagOf(client: Client, name: string, { create, dryRun }: Flags): Promise<string | undefined> {
  const params = { path: { name }, query: { limit: 1 } }
  try {
    return (await client.api.GET('/v1/sets/{name}/entries', { params })).response.headers.get('etag') ?? undefined
  } catch (error) {
    if (!(error instanceof Failure) || error.problem.status !== 404) throw error
    if (!create || dryRun) throw gone(`there is no set ${name}`, `drawgate set upload ${name} FILE --create`)
    await client.api.PUT('/v1/sets/{name}', { params: { path: { name } }, body: {}, headers: { 'if-none-match': '*' } })
    return undefined
  }
}

function opened(file: string, io: Io): { body: Readable; total: number | undefined } {
  if (file === '-') return { body: io.stdin, total: undefined }
  try {
    const fd = openSync(file, 'r')
    const stat = fstatSync(fd)
    if (stat.isDirectory()) throw new Error('it is a directory')
    return { body: createReadStream(file, { fd, highWaterMark: 256 * 1024 }), total: stat.isFile() ? stat.size : undefined }
  } catch (error) {
    throw usage(`${file} cannot be read: ${(error as Error).message}`, 'give a file of prefixes, or - for standard input')
  }
}

/** The first character that is not blank, and the stream with all that was read of it. */
async function peeked(body: Readable): Promise<{ first: string | undefined; whole: Readable }> {
  const read = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const begin: Buffer[] = []
  let first: string | undefined
  while (first === undefined) {
    const { value, done } = await read.next()
    if (done) break
    begin.push(Buffer.from(value))
    first = /\S/.exec(Buffer.from(value).toString('latin1'))?.[0]
  }
  const rest = async function* () {
    yield* begin
    for (let next = await read.next(); !next.done; next = await read.next()) yield next.value
  }
  return { first, whole: Readable.from(rest(), { objectMode: false, highWaterMark: 256 * 1024 }) }
}

/** A pointer into a text is a line, and into a list an entry. */
function placeIn(file: string, pointer: string, isJson: boolean): string {
  const [, number] = /^\/(\d+)/.exec(pointer) ?? []
  const name = file === '-' ? 'standard input' : file
  if (number === undefined) return ''
  return isJson ? `${name} ${pointer}` : `${name}:${Number(number) + 1}`
}

async function runDownload(client: Client, name: string, { json }: Flags, io: Io): Promise<void> {
  let [cursor, etag, count] = [undefined as string | undefined, undefined as string | null | undefined, 0]
  do {
    const params = { path: { name }, query: { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) } }
    const page = await client.api.GET('/v1/sets/{name}/entries', { params })
    const now = page.response.headers.get('etag')
    if (etag !== undefined && now !== etag)
      throw new Failure(exitCodes.gone, { code: 'stale', detail: `${name} was changed while it was read`, hint: 'read it again' })
    etag = now
    const { items, nextCursor } = answered(page)
    const texts = items.map((item, at) => (json ? `${count + at === 0 ? '[' : ','}\n  ${JSON.stringify(item)}` : `${entryLine(item)}\n`))
    count += items.length
    if (!(await written(io, texts.join('')))) return
    cursor = nextCursor ?? undefined
  } while (cursor !== undefined)
  if (json) await written(io, count === 0 ? '[]\n' : '\n]\n')
}

/** False: who reads is gone. */
async function written({ stdout }: Io, text: string): Promise<boolean> {
  if (stdout.destroyed) return false
  if (!stdout.write(text)) await Promise.race([once(stdout, 'drain'), once(stdout, 'close')])
  return !stdout.destroyed
}

function entryLine({ prefix, comment }: StoredEntry): string {
  return plain(comment === undefined ? prefix : `${prefix}  # ${comment}`)
}

type Patch = { readonly add: { prefix: string; expiresIn?: string; comment?: string }[] } | { readonly remove: string[] }

async function patch(client: Client, name: string, body: Patch, prefixes: readonly string[]): Promise<Counts> {
  try {
    return answered(await client.api.PATCH('/v1/sets/{name}/entries', { params: { path: { name } }, body })) as Counts
  } catch (error) {
    // A pointer leads to an argument.
    if (error instanceof Failure) error.locate = pointer => prefixes[Number(/^\/(?:add|remove)\/(\d+)/.exec(pointer)?.[1])] ?? ''
    throw error
  }
}

function showCounts(counts: Counts, json: true | undefined, io: Io): void {
  const { added, updated, removed, missing, entryCount, revision } = counts
  const parts = [`${added} added`, `${updated} updated`, `${removed} removed`, ...(missing > 0 ? [`${missing} not there`] : [])]
  if (json) writeJson(io.stdout, counts)
  else writeLine(io.stdout, `${parts.join(', ')}: ${entryCount} entries (revision ${revision})`)
}
