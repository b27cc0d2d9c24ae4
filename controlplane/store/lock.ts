/** One daemon a state directory: two would each believe that theirs is the newest revision. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Answers the function that gives the directory back. A lock of a process that is gone does not count. */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'daemon.pid')
  const own = identity(process.pid)
  const holder = contentOf(path)
  if (holder !== undefined && holder !== own && identity(Number(holder.split(' ')[0])) === holder) {
    throw new Error(`${directory} is in use by process ${holder.split(' ')[0]}: stop it, or give this daemon a --state-dir of its own`)
  }
  writeFileSync(path, own, { mode: 0o640 })
  return () => rmSync(path, { force: true })
}

/** Number and time of start: numbers alone are used again. */
function identity(pid: number): string {
  const stat = contentOf(`/proc/${pid}/stat`)
  // The name in parentheses may hold spaces; the start is the 20th field behind it.
  return `${pid} ${stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'gone'}`
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
