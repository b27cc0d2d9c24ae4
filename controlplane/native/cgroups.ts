/** Control groups: a path names them for people, an id for the kernel, and a unit that is started again has another id. */
import { readFileSync, statSync } from 'node:fs'

/** Where the unified hierarchy is mounted; undefined: nowhere. */
export function cgroupRoot(): string | undefined {
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    const [before = '', after = ''] = line.split(' - ')
    if (after.startsWith('cgroup2 ')) return unescaped(before.split(' ')[4] ?? '')
  }
  return undefined
}

/** Ids of those that are there. A cgroup's id is the inode of its directory. */
export function cgroupIds(paths: Iterable<string>): Map<string, bigint> {
  const ids = new Map<string, bigint>()
  let root: string | undefined

  for (const path of paths) {
    root ??= cgroupRoot()
    if (root === undefined) return ids
    const directory = statSync(root + path, { bigint: true, throwIfNoEntry: false })
    if (directory?.isDirectory()) ids.set(path, directory.ino)
  }
  return ids
}

/** The kernel writes blanks and backslashes of mount points in octal. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
