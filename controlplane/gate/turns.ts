/** One writer at a time, in the order of asking. */
import { RequestError } from '../errors.ts'

export class Turns {
  readonly #before: () => Promise<void>
  readonly #maxWaiting: number
  #tail: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** `before`: done ahead of each turn. */
  constructor(before: () => Promise<void>, maxWaiting = 256) {
    this.#before = before
    this.#maxWaiting = maxWaiting
  }

  /** @throws RequestError where too many wait. */
  take<Result>(work: () => Promise<Result>, maxWaiting = this.#maxWaiting): Promise<Result> {
    if (this.#waiting >= maxWaiting)
      throw new RequestError('overloaded', `${this.#waiting} writes are waiting for their turn`, { retryAfter: 1 })
    this.#waiting++
    const result = this.#tail
      .then(() => this.#before())
      .then(work)
      .finally(() => {
        this.#waiting--
      })
    this.#tail = result.catch(() => undefined)
    return result
  }

  /** For what the daemon has to do itself, however many wait. */
  takeAnyway<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.take(work, Number.POSITIVE_INFINITY)
  }

  /** When all that was asked for until now is done. */
  async over(): Promise<void> {
    await this.#tail
  }
}
