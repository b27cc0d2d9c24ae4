/** Wireshark reads packets for us: a reader that shares nothing with the dataplane, nor with our own decoder. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Of one packet, outermost header first. */
export interface Read {
  sources: string[]
  destinations: string[]
  /** `ip`, `udp` and `tcp`, as in `ip good`, `udp absent`. */
  checksums: string[]
  protocols: string
}

const fields = [
  'frame.protocols',
  'ip.src',
  'ipv6.src',
  'ip.dst',
  'ipv6.dst',
  'ip.checksum.status',
  'udp.checksum.status',
  'tcp.checksum.status',
]
const statuses: Readonly<Record<string, string>> = { 0: 'bad', 1: 'good', 2: 'unverified', 3: 'absent' }

/** Frames with Ethernet headers; port 6080 of UDP carries IP. */
export function tshark(frames: readonly Uint8Array[]): Read[] {
  const directory = mkdtempSync(join(tmpdir(), 'drawgate-tshark-'))
  try {
    const file = join(directory, 'frames.pcap')
    writeFileSync(file, pcap(frames))
    const checked = ['ip.check_checksum', 'udp.check_checksum', 'tcp.check_checksum', 'udp.ignore_ipv6_zero_checksum'].flatMap(name => [
      '-o',
      `${name}:TRUE`,
    ])
    const words = ['-r', file, '-n', ...checked, '-d', 'udp.port==6080,ip', '-T', 'fields', ...fields.flatMap(field => ['-e', field])]
    const lines = execFileSync('tshark', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')
    return frames.map((_, index) => readLine(lines[index] ?? ''))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function readLine(line: string): Read {
  const [protocols = '', source4 = '', source6 = '', destination4 = '', destination6 = '', ip = '', udp = '', tcp = ''] = line.split('\t')
  const all = (text: string) => text.split(',').filter(part => part !== '')
  const told = (name: string, text: string) => all(text).map(status => `${name} ${statuses[status] ?? status}`)
  // Addresses come by family; the order of headers is told by the protocols.
  const first = /\bip(v6)?\b/.exec(protocols)?.[1] === 'v6'
  const inOrder = (four: string, six: string) => (first ? [...all(six), ...all(four)] : [...all(four), ...all(six)])
  return {
    protocols,
    sources: inOrder(source4, source6),
    destinations: inOrder(destination4, destination6),
    checksums: [...told('ip', ip), ...told('udp', udp), ...told('tcp', tcp)],
  }
}

/** The classic format: a header of 24 bytes, then 16 before each frame. */
function pcap(frames: readonly Uint8Array[]): Uint8Array {
  const header = new Uint8Array(24)
  const view = new DataView(header.buffer)
  view.setUint32(0, 0xa1b2c3d4)
  view.setUint16(4, 2)
  view.setUint16(6, 4)
  view.setUint32(16, 65_535)
  view.setUint32(20, 1)
  return Buffer.concat([
    header,
    ...frames.flatMap(frame => {
      const before = new Uint8Array(16)
      new DataView(before.buffer).setUint32(8, frame.length)
      new DataView(before.buffer).setUint32(12, frame.length)
      return [before, frame]
    }),
  ])
}
