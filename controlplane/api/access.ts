/** Who may call: Host and Origin, then the rate limit, then the credential, then the role. In this order, before anything is parsed. */
import type { Socket } from 'node:net'
import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import { RequestError } from '../errors.ts'
import type { Actor, Role } from '../gate/gate.ts'
import { bootTimeMs } from '../native/clock.ts'
import { isFailure, parseAddress, prefixKey } from '../policy/prefix.ts'
import type { App } from './context.ts'
import type { TokenBook } from './token-book.ts'

export interface AccessOptions {
  readonly tokens: TokenBook
  /** Values of Host that are ours, without port, beside loopback names. */
  readonly hosts?: readonly string[]
  /** Of one address over TCP. */
  readonly rateLimit?: { readonly requests: number; readonly seconds: number }
}

const ranks: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 }
const loopbackHosts = ['localhost', '127.0.0.1', '[::1]']

export class Access {
  readonly tokens: TokenBook
  readonly #hosts: ReadonlySet<string>
  readonly #rateLimit: NonNullable<AccessOptions['rateLimit']>
  /** Connections of the unix socket. What is not in here is a stranger. */
  readonly #peers = new WeakMap<Socket, Actor>()
  /** CLOCK_BOOTTIME, in milliseconds. */
  readonly #openedAt = new WeakMap<Socket, number>()

  constructor({ tokens, hosts = [], rateLimit = { requests: 1200, seconds: 60 } }: AccessOptions) {
    this.tokens = tokens
    this.#hosts = new Set([...loopbackHosts, ...hosts.map(host => host.toLowerCase())])
    this.#rateLimit = rateLimit
  }

  /** The file's mode has decided who can connect: such a peer is admin. */
  admit(socket: Socket, who: string): void {
    this.#peers.set(socket, { who, role: 'admin', origin: 'unix socket' })
  }

  /** A connection over TCP: what is confirmed has to come on one that is newer than the change. */
  opened(socket: Socket): void {
    this.#openedAt.set(socket, bootTimeMs())
  }

  /** Installs the checks in front of every route, 404 included. */
  async install(app: App): Promise<void> {
    await app.register(rateLimit, { global: false })
    const limit = app.createRateLimit({ max: this.#rateLimit.requests, timeWindow: this.#rateLimit.seconds * 1000 })
    app.decorateRequest('actor', null)
    app.decorateRequest('refusedWith', null)
    app.decorateRequest('changedNothing', false)
    app.addHook('onRequest', async request => {
      const peer = this.#peers.get(request.raw.socket)
      if (peer === undefined) {
        this.#checkHost(request)
        const state = await limit(request)
        if (!state.isAllowed && state.isExceeded) {
          throw new RequestError('rate_limited', `more than ${this.#rateLimit.requests} requests in ${this.#rateLimit.seconds} s`, {
            retryAfter: Math.max(1, Math.ceil(state.ttl / 1000)),
          })
        }
      }
      if (request.routeOptions.config.access === 'everybody') return
      request.actor = peer ?? this.#authenticate(request)
      checkRole(request, request.actor)
    })
  }

  /** Whether a request that was let in would be let in now: answers without end outlive tokens. */
  stillAdmits(request: FastifyRequest): boolean {
    try {
      if (!this.#peers.has(request.raw.socket)) this.#authenticate(request)
      return true
    } catch {
      return false
    }
  }

  #checkHost(request: FastifyRequest): void {
    const host = request.headers.host?.toLowerCase() ?? ''
    if (!this.#hosts.has(host.replace(/:[0-9]+$/, ''))) {
      throw new RequestError('forbidden', `Host ${host} is not one of this gate's names`, { hint: 'add it with --host NAME' })
    }
    const { origin } = request.headers
    if (origin !== undefined && origin.toLowerCase() !== `${request.protocol}://${host}`) {
      throw new RequestError('forbidden', `Origin ${origin} is not this gate`)
    }
  }

  #authenticate(request: FastifyRequest): Actor {
    const headers = { 'www-authenticate': 'Bearer realm="drawgate"' }
    const [, secret] = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i.exec(request.headers.authorization ?? '') ?? []
    if (secret === undefined) throw new RequestError('unauthenticated', 'no bearer token was sent', { headers })
    const token = this.tokens.find(secret, Date.now())
    if (token === undefined) throw new RequestError('unauthenticated', 'the token is unknown or has expired', { headers })
    const requester = requesterOf(request)
    return {
      who: `token ${token.name}`,
      role: token.role as Role,
      origin: originOf(request),
      connectedMs: this.#openedAt.get(request.raw.socket) ?? bootTimeMs(),
      ...(token.sets === null ? {} : { sets: token.sets }),
      ...(requester === undefined ? {} : { requester }),
    }
  }
}

/** For the audit, also of those who have no credential. */
export function originOf(request: FastifyRequest): string {
  const { remoteAddress } = request.raw.socket
  return remoteAddress === undefined ? 'unix socket' : remoteAddress.replace(/^::ffff:(?=[0-9.]+$)/, '')
}

/** Loopback too: `lo` is a device that a policy may name. */
function requesterOf(request: FastifyRequest): Actor['requester'] {
  const { remoteAddress = '', localPort } = request.raw.socket
  const address = parseAddress(remoteAddress.replace(/^::ffff:(?=[0-9.]+$)/, ''))
  if (localPort === undefined || isFailure(address)) return undefined
  return { address: prefixKey(address), port: localPort }
}

function checkRole(request: FastifyRequest, actor: Actor): void {
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const wanted = request.routeOptions.config.access ?? (reads ? 'viewer' : 'operator')
  if (wanted === 'set writer') {
    const { name } = request.params as { name: string }
    if (actor.sets?.includes(name)) return
    if (actor.sets === undefined && ranks[actor.role] >= ranks.operator) return
    throw new RequestError('forbidden', `${actor.who} may not write the entries of ${name}`)
  }
  if (actor.sets !== undefined && !reads)
    throw new RequestError('forbidden', `${actor.who} may write the entries of ${actor.sets.join(', ')} and nothing else`)
  if (ranks[actor.role] < ranks[wanted as Role])
    throw new RequestError('forbidden', `${actor.who} is ${actor.role}, and this needs ${wanted}`)
}
