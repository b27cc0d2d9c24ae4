/** Where the compiled programs are. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Their names stand in the order of loading: the first makes the maps, the second takes them over. */
export const objectFiles = ['xdp.bpf.o', 'tc.bpf.o'] as const

/** dataplane-bpf/build of the package that this file belongs to, seen from its source as from dist/. */
export function objectDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url))

  while (!existsSync(join(directory, 'package.json')) && dirname(directory) !== directory) directory = dirname(directory)
  return join(directory, 'dataplane-bpf', 'build')
}

/** Of the sources that the objects were compiled from. */
export function sourcesHash(directory: string): string {
  return readFileSync(join(directory, 'sources.sha256'), 'utf8').trim()
}
