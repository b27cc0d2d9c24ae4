/** Bearer tokens: 256 random bits shown once, their SHA-256 at rest. Or the name of a client certificate, which is no secret. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { RequestError } from '../errors.ts'
import type { Role } from '../gate/gate.ts'
import type { Store, StoredToken } from '../store/store.ts'

export interface TokenRequest {
  readonly name: string
  readonly role: Role
  readonly sets?: readonly string[]
  /** As `certificateName` writes it. Instead of a secret. */
  readonly certificate?: string
  /** Milliseconds since 1970. */
  readonly expiresAt?: number
}

export class TokenBook {
  readonly #store: Store
  #tokens: StoredToken[]

  constructor(store: Store) {
    this.#store = store
    this.#tokens = store.tokens()
  }

  list(): readonly StoredToken[] {
    return this.#tokens
  }

  /** Looks at every token, so that the time tells nothing. */
  find(secret: string, now: number): StoredToken | undefined {
    const hash = hashOf(secret)
    let found: StoredToken | undefined
    for (const token of this.#tokens) if (timingSafeEqual(token.hash, hash)) found = token
    return found && (found.expiresAt === null || found.expiresAt > now) ? found : undefined
  }

  /** Of the first name that somebody gave a role to. */
  findCertificate(names: readonly string[], now: number): StoredToken | undefined {
    for (const name of names) {
      const found = this.#tokens.find(({ certificate, expiresAt }) => certificate === name && (expiresAt === null || expiresAt > now))
      if (found) return found
    }
    return undefined
  }

  /** With a certificate the secret is nobody's. */
  create(request: TokenRequest, who: string): { token: StoredToken; secret: string } {
    const { name, role, sets, expiresAt, certificate = null } = request
    if (this.#tokens.some(token => token.name === name)) throw new RequestError('exists', `a token named ${name} exists`, { status: 409 })
    const holder = this.#tokens.find(token => certificate !== null && token.certificate === certificate)
    if (holder) throw new RequestError('exists', `token ${holder.name} is for ${certificate} already`, { status: 409 })
    const secret = `drawgate_${randomBytes(32).toString('base64url')}`
    const times = { expiresAt: expiresAt ?? null, createdAt: Date.now() }
    const token: StoredToken = { name, hash: hashOf(secret), role, sets: sets ?? null, certificate, ...times }
    this.#store.addToken(token, who)
    this.#tokens = this.#store.tokens()
    return { token, secret }
  }

  remove(name: string, who: string): void {
    if (!this.#tokens.some(token => token.name === name)) throw new RequestError('not_found', `no token is named ${name}`)
    this.#store.removeToken(name, who)
    this.#tokens = this.#store.tokens()
  }
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
