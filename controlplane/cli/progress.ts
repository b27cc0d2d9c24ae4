/** A bar on the terminal for what takes a while. Pipes, files and scripts see nothing of it. */
import { Transform } from 'node:stream'
import type { Io } from './io.ts'

const redrawMs = 100
const newline = 0x0a

export interface Progress {
  /** To be put between the source and where it goes. */
  readonly meter: Transform
  /** Takes the bar away. */
  done(): void
}

/** `total` in bytes, where it is known. */
export function progress(io: Io, isShown: boolean, total: number | undefined): Progress {
  let [bytes, lines, drawnAt] = [0, 0, 0]
  const shows = isShown && io.stderr.isTTY === true
  const draw = () => {
    drawnAt = performance.now()
    io.stderr.write(`\r\u001b[K${barText({ bytes, lines, total, width: io.stderr.columns ?? 80 })}`)
  }
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length
      if (shows) {
        for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) lines++
        if (performance.now() - drawnAt >= redrawMs) draw()
      }
      next(null, chunk)
    },
    flush(next) {
      if (shows) draw()
      next()
    },
  })
  return { meter, done: () => void (shows && io.stderr.write('\r\u001b[K')) }
}

export function barText({
  bytes,
  lines,
  total,
  width,
}: {
  bytes: number
  lines: number
  total: number | undefined
  width: number
}): string {
  const sent = total !== undefined && bytes >= total
  const facts = `${mebibytes(bytes)}${total === undefined ? '' : ` of ${mebibytes(total)}`} MiB, ${lines.toLocaleString('en')} lines${sent ? ', taking effect' : ''}`
  if (total === undefined) return facts.slice(0, width - 1)
  const room = Math.min(30, width - facts.length - 4)
  if (room < 5) return facts.slice(0, width - 1)
  const filled = total === 0 ? room : Math.floor((room * Math.min(bytes, total)) / total)
  return `[${'#'.repeat(filled)}${'-'.repeat(room - filled)}] ${facts}`
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1)
}
