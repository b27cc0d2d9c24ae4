/** A client of GET /v1/events. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http'

export interface Told {
  readonly id: string
  readonly event: string
  readonly data: Record<string, unknown>
}

export class EventClient {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly response: IncomingMessage
  /** Resolves when the other end has closed. */
  readonly closed: Promise<void>
  readonly #told: Told[] = []
  readonly #asked: ClientRequest
  #rest = ''
  #wake: () => void = () => undefined

  private constructor(asked: ClientRequest, response: IncomingMessage, read: boolean) {
    this.#asked = asked
    this.response = response
    this.status = response.statusCode ?? 0
    this.headers = response.headers
    this.closed = new Promise(resolve => response.once('close', resolve))
    response.setEncoding('utf8').on('error', () => undefined)
    if (read) this.read()
  }

  static open(
    target: { socketPath: string } | { port: number },
    query = '',
    headers: Record<string, string> = {},
    read = true,
  ): Promise<EventClient> {
    return new Promise((resolve, reject) => {
      const asked = request({ ...target, host: '127.0.0.1', path: `/v1/events${query}`, agent: false, headers }, response =>
        resolve(new EventClient(asked, response, read)),
      )
      asked.on('error', reject).end()
    })
  }

  /** Begins to take what comes. */
  read(): void {
    this.response.on('data', (piece: string) => {
      const blocks = `${this.#rest}${piece}`.split('\n\n')
      this.#rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const fields = new Map(
          block.split('\n').map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
        )
        const data = fields.get('data')
        if (data !== undefined) this.#told.push({ id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: JSON.parse(data) })
      }
      this.#wake()
    })
  }

  /** The next `count` events. */
  async next(count = 1): Promise<Told[]> {
    while (this.#told.length < count)
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    return this.#told.splice(0, count)
  }

  /** Events up to the first that fits, and that one. */
  async until(fits: (told: Told) => boolean): Promise<Told[]> {
    const told: Told[] = []
    for (;;) {
      const [one] = await this.next()
      if (one === undefined) continue
      told.push(one)
      if (fits(one)) return told
    }
  }

  close(): void {
    this.#asked.destroy()
  }
}
