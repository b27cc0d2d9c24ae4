/** Long work in short turns: between them the event loop serves everybody else. */

/** Milliseconds. */
const turn = 8
/** Looking at the clock costs more than most steps. */
const stepsPerLook = 64

export class Turns {
  #end = performance.now() + turn
  #steps = 0

  /** Asked after each step. */
  isOver(): boolean {
    return (++this.#steps & (stepsPerLook - 1)) === 0 && performance.now() > this.#end
  }

  async next(): Promise<void> {
    await new Promise(setImmediate)
    this.#end = performance.now() + turn
  }
}
