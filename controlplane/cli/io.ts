/** Where a command reads and writes, so that tests can stand in for the terminal. */
import type { Readable, Writable } from 'node:stream'

type Terminal = Writable & { readonly isTTY?: boolean; readonly columns?: number }

export interface Io {
  readonly stdin: Readable
  readonly stdout: Terminal
  readonly stderr: Terminal
}

export type Colour = 'red' | 'green' | 'yellow' | 'dim' | 'bold'
export type Paint = (colour: Colour, text: string) => string

const escapes: Record<Colour, readonly [number, number]> = { red: [31, 39], green: [32, 39], yellow: [33, 39], dim: [2, 22], bold: [1, 22] }

/** Colours reach terminals alone: a pipe or a file gets plain text. https://no-color.org switches them off there too. */
export function painter(stream: Terminal): Paint {
  const colours = stream.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb'
  return (colour, text) => {
    if (!colours || text === '') return text
    const [on, off] = escapes[colour]
    return `\u001b[${on}m${text}\u001b[${off}m`
  }
}

/** Text from the daemon or from the network as one line: a comment must not be able to move the cursor. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')
}

export function writeLine(stream: Writable, text = ''): void {
  stream.write(`${text}\n`)
}

export function writeJson(stream: Writable, value: unknown): void {
  writeLine(stream, JSON.stringify(value, null, 2))
}

export async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}
