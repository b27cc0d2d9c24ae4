/** HTTP to the daemon, over its unix socket or over TCP with a token: an answer, or a Failure that says what to do. */
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type Command, Option } from 'commander'
import { type Drawgate, drawgate } from '../client/client.ts'
import { exitCodeOf, exitCodes, Failure, type ProblemText, usage } from './failure.ts'
import { readAll } from './io.ts'

export const defaultSocket = '/run/drawgate/api.sock'
/** A write answers when the kernel enforces it, which takes seconds for millions of entries, never minutes. Milliseconds. */
const silenceMs = 120_000

export type Target = { readonly socketPath: string } | { readonly url: URL; readonly token: string | undefined }

export interface Answer<Body> {
  readonly status: number
  readonly body: Body
  readonly etag: string | undefined
}

/** Absent and false parameters are left out; a list is sent as one parameter for each item. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export interface ServerEvent {
  readonly id: string
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

interface Question {
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly text?: { readonly type: string; readonly body: string }
  readonly query?: Query
  readonly headers?: Readonly<Record<string, string | undefined>>
}

export class Client {
  readonly #target: Target

  constructor(target: Target) {
    this.#target = target
  }

  /** With the types of the API. What is refused, or has no daemon, is thrown as in `request`. */
  get api(): Drawgate {
    const api = drawgate(this.#target)
    api.use({
      onResponse: async ({ response }) => {
        const text = await response
          .clone()
          .text()
          .catch(error => {
            throw this.#unreachable(error as NodeJS.ErrnoException)
          })
        if (response.status >= 400) throw refusal(response.status, text)
        this.#parse(text)
      },
      onError: ({ error }) => (error instanceof Failure ? error : this.#unreachable(error as NodeJS.ErrnoException)),
    })
    return api
  }

  /** `path` is a list of names below /v1, so that none of them can be taken for a slash or a query. */
  async request<Body>(method: string, path: readonly string[], question: Question = {}): Promise<Answer<Body>> {
    const body = question.text?.body ?? (question.json === undefined ? undefined : JSON.stringify(question.json))
    const options: RequestOptions = {
      method,
      path: `/v1/${path.map(encodeURIComponent).join('/')}${queryText(question.query ?? {})}`,
      headers: {
        accept: 'application/json',
        ...(body === undefined
          ? {}
          : { 'content-type': question.text?.type ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...present(question.headers ?? {}),
      },
    }
    const message = await this.#send(options, body)
    const text = await readAll(message).catch(error => {
      throw this.#unreachable(error as NodeJS.ErrnoException)
    })
    const status = message.statusCode ?? 0
    if (status >= 400) throw refusal(status, text)
    return { status, body: this.#parse(text) as Body, etag: message.headers.etag }
  }

  /** Server-sent events, for as long as the other end sends them. */
  async *listen(path: readonly string[], query: Query): AsyncGenerator<ServerEvent> {
    const message = await this.#send({
      method: 'GET',
      path: `/v1/${path.map(encodeURIComponent).join('/')}${queryText(query)}`,
      headers: { accept: 'text/event-stream' },
    })
    const status = message.statusCode ?? 0
    if (status >= 400) throw refusal(status, await readAll(message))
    let rest = ''
    try {
      for await (const piece of message.setEncoding('utf8')) {
        const blocks = `${rest}${piece as string}`.split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) {
          const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1]
          const data = field('data')
          if (data !== undefined)
            yield { id: field('id') ?? '', event: field('event') ?? '', data: this.#parse(data) as ServerEvent['data'] }
        }
      }
    } catch (error) {
      if (error instanceof Failure) throw error
      throw this.#unreachable(error as NodeJS.ErrnoException)
    }
  }

  #send(options: RequestOptions, body?: string): Promise<IncomingMessage> {
    const target = this.#target
    return new Promise((resolve, reject) => {
      const request =
        'socketPath' in target
          ? requestHttp({ ...options, socketPath: target.socketPath, headers: { ...options.headers, host: 'localhost' } })
          : (target.url.protocol === 'https:' ? requestHttps : requestHttp)(target.url, {
              ...options,
              headers: { ...options.headers, ...credential(target.token) },
            })
      request.setTimeout(silenceMs, () => request.destroy(new Error(`no answer within ${silenceMs / 1000} s`)))
      request.on('response', resolve)
      request.on('error', error => reject(this.#unreachable(error)))
      request.end(body)
    })
  }

  #parse(text: string): unknown {
    if (text === '') return undefined
    try {
      return JSON.parse(text) as unknown
    } catch {
      throw new Failure(exitCodes.unreachable, {
        code: 'unreachable',
        detail: `what answers at ${this.#where()} is not drawgate: ${text.slice(0, 60)}`,
        hint: 'check --url or --socket',
      })
    }
  }

  #where(): string {
    return 'socketPath' in this.#target ? this.#target.socketPath : this.#target.url.origin
  }

  #unreachable(error: NodeJS.ErrnoException): Failure {
    const fail = (detail: string, hint: string) => new Failure(exitCodes.unreachable, { code: 'unreachable', detail, hint })
    const where = this.#where()
    if ('socketPath' in this.#target) {
      const serve = where === defaultSocket ? 'drawgate serve' : `drawgate serve --socket ${where}`
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') {
        return fail(`no daemon at ${where}`, `start it as root: ${serve}   (one that runs elsewhere: --socket PATH, or --url with --token)`)
      }
      if (error.code === 'EACCES') return fail(`not allowed to use ${where}`, 'run as root, or as a member of the group drawgate')
    }
    return fail(
      `no daemon at ${where}: ${error.message || error.code || 'no connection'}`,
      'it listens on TCP when started with: drawgate serve --listen HOST:PORT',
    )
  }
}

/** What was answered: all that is no answer has been thrown. */
export function answered<Body>({ data }: { readonly data?: Body }): Body {
  return data as Body
}

function refusal(status: number, text: string): Failure {
  const problem = problemOf(text) ?? { status, title: 'Refused', detail: `the daemon answered ${status} without saying why` }
  return new Failure(exitCodeOf(status, problem.code), problem)
}

function problemOf(text: string): ProblemText | undefined {
  try {
    const value = JSON.parse(text) as ProblemText | null
    return typeof value === 'object' && value !== null && (value.detail ?? value.title) !== undefined ? value : undefined
  } catch {
    return undefined
  }
}

function credential(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

function present(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

function queryText(query: Query): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === false ? [] : [value].flat().map((one): [string, string] => [key, String(one)]),
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}

interface ClientFlags {
  readonly socket: string
  readonly url?: string
  readonly token?: string
  readonly json?: true
}

/** The options of every command that asks the daemon. */
export function addClientOptions(command: Command): Command {
  return command
    .addOption(new Option('--json', 'print what the API answers, for scripts').helpGroup('Options:'))
    .optionsGroup('Where the daemon is:')
    .addOption(new Option('--socket <path>', 'its unix socket').env('DRAWGATE_SOCKET').default(defaultSocket))
    .addOption(new Option('--url <url>', 'http://HOST:PORT instead of the socket').env('DRAWGATE_URL'))
    .addOption(
      new Option('--token <secret>', 'for --url; better by the environment, as others can see command lines').env('DRAWGATE_TOKEN'),
    )
}

/** For options that may be given several times. Not variadic ones, which would swallow the arguments behind them. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

export function connect(command: Command): Client {
  return new Client(targetOf(command))
}

/** What was typed beats the environment; of the environment, the URL beats the socket. */
function targetOf(command: Command): Target {
  const { socket, url, token } = command.opts<ClientFlags>()
  const typed = (name: string) => command.getOptionValueSource(name) === 'cli'
  if (typed('socket') && typed('url')) throw usage('--socket and --url are two ways to one daemon', 'give one of them')
  if (url === undefined || url === '' || typed('socket')) return { socketPath: socket }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw usage(`--url ${url} is no address of a daemon`, 'write http://HOST:PORT')
  return { url: new URL(url), token: token === '' ? undefined : token }
}
