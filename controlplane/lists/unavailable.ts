/** Why a list was not taken, in words for its status; the set keeps what it has. */
export class Unavailable extends Error {
  readonly hint: string | undefined

  constructor(detail: string, hint?: string) {
    super(detail)
    this.hint = hint
  }
}
