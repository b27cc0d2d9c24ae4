/** What the original does with packets that really arrive: rules loaded by the tools themselves, in a network of this file's own. */
import { execFileSync } from 'node:child_process'
import { ifindex, makeNetwork } from '../dataplane/box.ts'
import { openPacketSocket } from '../dataplane/wire.ts'

export function command(name: string, words: readonly string[], input = ''): string {
  return execFileSync(name, words, { input, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] })
}

/** Why the tools cannot be asked here, or false. */
export function cannotAsk(...tools: readonly string[]): string | false {
  if (process.getuid?.() !== 0) return 'needs root for a network of its own'
  const missing = tools.filter(tool => {
    try {
      return execFileSync('sh', ['-c', `command -v ${tool}`]).length === 0
    } catch {
      return true
    }
  })
  return missing.length > 0 && `needs the command ${missing[0]}`
}

/** This host's addresses, and one that it routes to. */
export const here = { ip: '192.0.2.1', ip6: '2001:db8:1::1' }
export const routed = { ip: '10.0.0.11', ip6: 'fd00::11' }

/** Behind every filter: who gets here was let through. Before all: how many came. */
const probe = `table inet probe {
  counter seen { }
  set passed { typeof ether saddr; flags dynamic; size 65536; }
  chain first { type filter hook prerouting priority -1000;
    ether saddr & ff:ff:00:00:00:00 == 02:77:00:00:00:00 counter name seen
  }
  chain delivered { type filter hook input priority 1000;
    ether saddr & ff:ff:00:00:00:00 == 02:77:00:00:00:00 update @passed { ether saddr }
  }
  chain forwarded { type filter hook forward priority 1000;
    ether saddr & ff:ff:00:00:00:00 == 02:77:00:00:00:00 update @passed { ether saddr }
  }
}
`

export class Original {
  #sent = 0
  #seen = 0
  readonly #send: (frame: Uint8Array) => boolean

  constructor() {
    makeNetwork()
    // Sources that nobody has a route to may come in; a packet in mid-stream opens no connection.
    for (const name of ['all', 'in0']) command('sysctl', ['-qw', `net.ipv4.conf.${name}.rp_filter=0`])
    command('nft', ['-f', '-'], probe)
    command('sysctl', ['-qw', 'net.netfilter.nf_conntrack_tcp_loose=0'])
    this.#send = openPacketSocket(ifindex('in0p'))
  }

  /** Of each frame whether it was let through. */
  passes(frames: readonly Uint8Array[]): boolean[] {
    const names = frames.map(frame => {
      const named = frame.slice()
      const view = new DataView(named.buffer)
      view.setUint16(6, 0x0277)
      view.setUint32(8, ++this.#sent)
      for (let turn = 0; !this.#send(named); turn++) if (turn > 1000) throw new Error('in0p takes no frames')
      return Array.from(named.subarray(6, 12), byte => byte.toString(16).padStart(2, '0')).join(':')
    })
    this.#seen += frames.length
    for (let turn = 0; this.#count() < this.#seen; turn++)
      if (turn > 1000) throw new Error(`${this.#count()} of ${this.#seen} frames arrived`)
    const passed = new Set(this.#passed())
    command('nft', ['flush', 'set', 'inet', 'probe', 'passed'])
    return names.map(name => passed.has(name))
  }

  #count(): number {
    const { nftables } = JSON.parse(command('nft', ['-j', 'list', 'counter', 'inet', 'probe', 'seen'])) as {
      nftables: { counter?: { packets: number } }[]
    }
    return nftables.find(({ counter }) => counter)?.counter?.packets ?? 0
  }

  #passed(): string[] {
    const { nftables } = JSON.parse(command('nft', ['-j', 'list', 'set', 'inet', 'probe', 'passed'])) as {
      nftables: { set?: { elem?: string[] } }[]
    }
    return nftables.find(({ set }) => set)?.set?.elem ?? []
  }
}
