/** Who may say where a set is filled from, and who may then write its entries. */
import { readlinkSync, realpathSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { RequestError, refuse } from '../errors.ts'
import { canonicalJson } from '../format/json.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { pointer } from '../policy/problem.ts'
import { placeOf, type SourceValue } from '../policy/source.ts'
import { type Draft, relocate } from './plan.ts'
import type { WriteOptions } from './write.ts'

/** `listsDir`: below it are the files that a list may be. @throws RequestError */
export function checkSources(
  newest: PolicyDocument,
  { document, entries }: Draft,
  { actor, target, list }: Pick<WriteOptions, 'actor' | 'target' | 'list'>,
  listsDir: string | undefined,
): void {
  for (const set of entries.keys()) {
    const source = newest.sets?.[set]?.source
    if (list === undefined && source) throw readOnly(set, source)
    if (list !== undefined && (!source || placeOf(source) !== list))
      throw new RequestError('stale', `sets/${set} is not filled from ${list} any more`)
  }
  if (document.sets === newest.sets) return
  for (const [name, { source }] of Object.entries(document.sets ?? {})) {
    const before = Object.hasOwn(newest.sets ?? {}, name) ? newest.sets?.[name]?.source : undefined
    if (canonicalJson(source ?? null) === canonicalJson(before ?? null)) continue
    if (actor.role !== 'admin')
      throw new RequestError('forbidden', `${actor.who} is ${actor.role}, and the source of sets/${name} needs admin`)
    // What is no source at all is refused with the rest of the policy.
    const fault = source?.file && source.url === undefined ? fileFault(source.file, listsDir) : undefined
    if (fault) throw refuse([relocate({ pointer: pointer('sets', name, 'source', 'file'), code: 'unsupported', ...fault }, target)])
  }
}

function readOnly(set: string, source: SourceValue): RequestError {
  return new RequestError('read_only', `the entries of sets/${set} come from ${placeOf(source)}`, {
    hint: 'put your own into another set that the rule names too, exempt addresses with notSource, or remove source from the set',
  })
}

/** Why a file is none of those that may be read; undefined: it may be, as far as it is there. */
export function fileFault(file: string, listsDir: string | undefined): { readonly detail: string; readonly hint: string } | undefined {
  if (listsDir === undefined)
    return { detail: 'this daemon reads no lists from files', hint: 'start it with --lists-dir DIR, and put the file there' }
  const path = pathOf(file, listsDir)
  const outside = { detail: `${file} is not below ${listsDir}`, hint: `put the file below ${listsDir}, itself and not as a link` }
  const isInside = isBelow(path, resolve(listsDir)) && isBelow(realPath(path), realPath(resolve(listsDir)))
  return isInside ? undefined : outside
}

/** A name alone is one in the directory. */
export function pathOf(file: string, listsDir: string): string {
  return resolve(listsDir, file)
}

/** Whether what was opened is what was asked for: a link may have been put there in between. */
export function isOpenBelow(descriptor: number, listsDir: string): boolean {
  return isBelow(readlinkSync(`/proc/self/fd/${descriptor}`), realPath(resolve(listsDir)))
}

function isBelow(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith(sep) ? directory : directory + sep)
}

/** As far as it exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : resolve(realPath(above), path.slice(above.length).replace(/^\/+/, ''))
  }
}
