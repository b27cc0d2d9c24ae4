/** A list in a file below --lists-dir. */
import { constants, createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { fileFault, isOpenBelow, pathOf } from '../gate/sources.ts'
import { Unavailable } from './unavailable.ts'

export type OpenedFile =
  | { readonly isSame: true }
  | { readonly isSame: false; readonly body: Readable; readonly isJson: boolean; readonly etag: string }

/** `known`: what the file was like when it was last taken. @throws Unavailable */
export async function openList(
  file: string,
  { directory, known, maxBytes }: { directory: string | undefined; known?: string | undefined; maxBytes: number },
): Promise<OpenedFile> {
  const fault = fileFault(file, directory)
  if (fault || directory === undefined) throw new Unavailable(fault?.detail ?? '', fault?.hint)
  const path = pathOf(file, directory)
  // A pipe that somebody put there would keep us waiting.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: Error) => {
    throw new Unavailable(error.message)
  })
  try {
    const found = await look(handle, path, directory, maxBytes)
    if (found === known) {
      await handle.close()
      return { isSame: true }
    }
    const body = createReadStream('', { fd: handle, autoClose: true })
    return { isSame: false, body, isJson: path.endsWith('.json'), etag: found }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function look(handle: FileHandle, path: string, directory: string, maxBytes: number): Promise<string> {
  if (!isOpenBelow(handle.fd, directory)) throw new Unavailable(`${path} is a link out of ${directory}`)
  const { size, ino, mtimeNs, ctimeNs, ...stat } = await handle.stat({ bigint: true })
  if ((Number(stat.mode) & constants.S_IFMT) !== constants.S_IFREG) throw new Unavailable(`${path} is no file`)
  if (size > maxBytes) throw new Unavailable(`the list is longer than ${maxBytes} bytes`)
  return `${ino}-${size}-${mtimeNs}-${ctimeNs}`
}
