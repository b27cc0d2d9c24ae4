/** A connection to an echo server of the lab, read by lines. */
import { connect, type Socket } from 'node:net'

export class Talk {
  /** The server's first line: its name. */
  backend = ''
  readonly #socket: Socket
  #text = ''
  #failure: Error | undefined
  #wake: (() => void) | undefined

  constructor(address: string, port: number, timeoutMs: number) {
    this.#socket = connect({ host: address, port, noDelay: true })
    const fail = (error: Error) => {
      this.#failure ??= error
      this.#wake?.()
    }
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', text => {
      this.#text += text
      this.#wake?.()
    })
    this.#socket.on('error', fail)
    this.#socket.on('close', () => fail(new Error('closed by the other end')))
    // Starts anew with every packet: this long without any means lost.
    this.#socket.setTimeout(timeoutMs, () => fail(new Error(`silent for ${timeoutMs} ms`)))
  }

  async open(): Promise<void> {
    this.backend = await this.line()
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.#text.indexOf('\n')
      if (end >= 0) {
        const line = this.#text.slice(0, end)
        this.#text = this.#text.slice(end + 1)
        return line
      }
      if (this.#failure !== undefined) throw this.#failure
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  async echo(text: string): Promise<void> {
    this.#socket.write(`${text}\n`)
    const back = await this.line()
    if (back !== text) throw new Error(`sent ${text}, got ${back}`)
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Says goodbye in order, so that both ends see the connection end. */
  end(): void {
    this.#socket.end()
  }
}
