/** The lab's gate: a router that can run the daemon, with socket, state and pins of its own. */
import { request } from 'node:http'
import { join } from 'node:path'
import { checkout, Host, type Running, tail, until } from './host.ts'

export interface ServeOptions {
  /** Put in force before `serve` returns, by PUT /v1/policy. */
  policy?: object
  /** HOST:PORT for the TCP listener; default: none. */
  listen?: string
  /** More words for the command line. */
  words?: readonly string[]
}

export interface ApiOptions {
  headers?: Record<string, string>
}

export interface ApiAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** Parsed where it is JSON, else the text. */
  body: unknown
}

export class Gate extends Host {
  readonly directory: string
  readonly socket: string
  readonly stateDir: string
  readonly pinDir: string
  readonly log: string
  #daemon: Running | undefined

  constructor(namespace: string, ipv4: string, ipv6: string, directory: string) {
    super('gate', namespace, ipv4, ipv6)
    this.directory = directory
    this.socket = `${directory}/api.sock`
    this.stateDir = `${directory}/state`
    this.pinDir = `${directory}/bpf/drawgate`
    this.log = `${directory}/daemon.log`
  }

  /** The command `drawgate` of this checkout. */
  get drawgate(): string[] {
    return [process.execPath, join(checkout, 'dist/controlplane/main.js')]
  }

  get daemon(): Running {
    if (this.#daemon === undefined) throw new Error('no daemon was started in this gate')
    return this.#daemon
  }

  /** Starts the daemon and waits until it is ready. */
  async serve(options: ServeOptions = {}): Promise<Running> {
    const places = ['--socket', this.socket, '--state-dir', this.stateDir, '--pin-dir', this.pinDir]
    const listen = options.listen === undefined ? [] : ['--listen', options.listen]
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DRAWGATE_')))
    const daemon = await this.start([...this.drawgate, 'serve', ...places, ...listen, ...(options.words ?? [])], { logFile: this.log, env })
    this.#daemon = daemon
    let ended = false
    void daemon.ended.then(() => {
      ended = true
    })
    await until(
      'the daemon is ready',
      async () => {
        if (ended) throw new Error(`the daemon ended: ${tail(this.log)}`)
        return (await this.api('GET', '/readyz').catch(() => undefined))?.status === 200
      },
      30_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${tail(this.log)}`)
    })
    if (options.policy !== undefined) {
      const answer = await this.api('PUT', '/v1/policy', options.policy)
      if (answer.status >= 300) throw new Error(`PUT /v1/policy: ${answer.status} ${JSON.stringify(answer.body, undefined, 2)}`)
    }
    return daemon
  }

  /** Takes everything of Drawgate out of the gate's kernel. */
  async detach(): Promise<string> {
    return this.exec([...this.drawgate, 'detach', '--pin-dir', this.pinDir])
  }

  /** One request over the unix socket. A string is sent as text/plain, everything else as JSON. */
  api(method: string, path: string, body?: unknown, options: ApiOptions = {}): Promise<ApiAnswer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const type = typeof body === 'string' ? 'text/plain' : 'application/json'
    const headers = {
      ...(text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) }),
      ...options.headers,
    }
    return new Promise((resolve, reject) => {
      const sent = request({ socketPath: this.socket, method, path, headers: { host: 'localhost', ...headers } }, answer => {
        let received = ''
        answer.setEncoding('utf8').on('data', (part: string) => {
          received += part
        })
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: parsed(received, answer.headers['content-type']) }),
        )
      })
      sent.on('error', reject)
      sent.end(text)
    })
  }
}

function parsed(text: string, type = ''): unknown {
  return /\bjson\b/.test(type) && text !== '' ? JSON.parse(text) : text
}
