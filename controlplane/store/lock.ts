/**
 * One daemon a state directory: two would each believe that theirs is the newest revision. One a pin directory: two would write into
 * the same tables. Both by flock, which the kernel gives back when the process ends, however it ends.
 */
import { constants, fstatSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Descriptor, lockExclusively } from '../native/libc.ts'

/** Answers the function that gives the directory back. */
export function lockStateDirectory(directory: string): () => void {
  const path = join(directory, 'daemon.pid')
  // The file and not its directory: over NFS only what is open for writing can be locked.
  const release = lock(path, constants.O_RDWR | constants.O_CREAT, file => {
    // For the message alone. The file stays: the next daemon may hold it already when we would remove it.
    ftruncateSync(file.fd)
    writeSync(file.fd, String(process.pid), 0)
  })
  if (release) return release
  const holder = readFileSync(path, 'utf8').trim()
  throw new Error(`${directory} is in use by process ${holder}: stop it, or give this daemon a --state-dir of its own`)
}

/** The directory exists. `holder`: who serves it where it is taken, and what to do. */
export function lockPinDirectory(directory: string, holder: string): () => void {
  const release = lock(directory, constants.O_RDONLY | constants.O_DIRECTORY)
  if (release) return release
  throw new Error(`${directory} is served by ${holder}`)
}

/** Undefined where somebody else has the lock. */
function lock(path: string, flags: number, whenLocked?: (file: Descriptor) => void): (() => void) | undefined {
  const file = new Descriptor(openSync(path, flags, 0o640), path)
  try {
    if (!lockExclusively(file)) {
      file.close()
      return undefined
    }
    // It may have been removed since it was opened, as `drawgate detach` does: then this is the lock of something that is gone.
    const there = statSync(path, { throwIfNoEntry: false })
    if (there?.ino !== fstatSync(file.fd).ino) throw new Error(`${path} was removed while it was being locked: start again`)
    whenLocked?.(file)
  } catch (error) {
    file.close()
    throw error
  }
  return () => file.close()
}
