/** Rules of the house that a program can check. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { reasonNames } from '../controlplane/dataplane/abi.ts'
import { errors } from '../controlplane/errors.ts'
import { warningCodes } from '../controlplane/policy/problem.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const filesBelow = (folder: string, ending: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith(ending))
    .map(path => join(folder, path))

/** What follows `from` or stands in import(), in quotes. */
const imports = (path: string) => [...read(path).matchAll(/(?:\bfrom |\bimport\()('[^']+')/g)].map(match => match[1]).join(' ')

/** Every test in one text, but for this one. */
const tests = filesBelow('test', '.test.ts')
  .filter(path => path !== 'test/house.test.ts')
  .map(read)
  .join('\n')

test('koffi is imported in one folder', async t => {
  const importers = ['controlplane', 'test', 'bench']
    .flatMap(folder => filesBelow(folder, '.ts'))
    .filter(path => /'koffi'/.test(imports(path)))
  t.ok(importers.length > 0)
  t.same(
    importers.filter(path => !path.startsWith('controlplane/native/')),
    [],
  )
})

test('policy/ does no input or output', async t => {
  const outside = filesBelow('controlplane/policy', '.ts').flatMap(path =>
    [...imports(path).matchAll(/'([^']+)'/g)]
      .filter(([, name = '']) => !/^\.\/|^\.\.\/dataplane\/abi\.ts$|^typebox/.test(name))
      .map(([, name]) => `${path}: ${name}`),
  )
  t.same(outside, [])
})

test('every reason stands in docs/packet.md and is provoked by a test', async t => {
  const page = read('docs/packet.md')
  for (const reason of reasonNames.filter(name => name !== 'none')) {
    t.match(page, new RegExp(`^\\| .*\`${reason}\``, 'm'), `${reason} is a row`)
    t.match(tests, new RegExp(`['"\`]${reason}['"\`]|reason="${reason}"`), `${reason} is provoked`)
  }
})

test('every error code stands in docs/errors.md and is provoked by a test', async t => {
  const page = read('docs/errors.md')
  for (const code of Object.keys(errors)) {
    t.match(page, new RegExp(`^\\| .*\`${code}\``, 'm'), `${code} is a row`)
    t.match(tests, new RegExp(`['"\`]${code}['"\`]`), `${code} is provoked`)
  }
})

test('every warning stands in docs/errors.md and is provoked by a test', async t => {
  const page = read('docs/errors.md').split('## Warnings')[1] ?? ''
  for (const code of warningCodes) {
    t.match(page, new RegExp(`^- \`${code}\`:`, 'm'), `${code} is listed`)
    t.match(tests, new RegExp(`['"\`]${code}['"\` ]`), `${code} is provoked`)
  }
})

test('the BPF objects were built from the sources beside them', async t => {
  const here = readdirSync(join(root, 'dataplane-bpf'))
  t.equal(
    read('dataplane-bpf/build/sources.sha256').trim(),
    sourcesHash(here, path => readFileSync(join(root, path))),
    'here',
  )
  // The build writes the hash anew, so what counts is what was committed.
  const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'buffer', stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    git('rev-parse', 'HEAD:dataplane-bpf')
  } catch {
    return t.comment('no commit here')
  }
  const committed = (path: string) => git('show', `HEAD:${path}`)
  const names = git('ls-tree', '--name-only', 'HEAD:dataplane-bpf').toString().split('\n')
  t.equal(committed('dataplane-bpf/build/sources.sha256').toString().trim(), sourcesHash(names, committed), 'in the commit')
})

/** The same sum that scripts/build takes: flags, then `sha256sum` of each source. */
function sourcesHash(names: readonly string[], content: (path: string) => Buffer): string {
  const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
  const flags = /^bpf_flags=\((.*)\)$/m.exec(content('scripts/build').toString())?.[1]
  const sources = ['.c', '.h'].flatMap(suffix => names.filter(name => name.endsWith(suffix)).sort())
  return sha256(`${flags}\n${sources.map(name => `${sha256(content(`dataplane-bpf/${name}`))}  ${name}\n`).join('')}`)
}
