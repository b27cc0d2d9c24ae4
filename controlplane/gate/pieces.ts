/** Long work without holding up everybody else: it yields often, and here others get their turn now and then. */
import { setImmediate } from 'node:timers/promises'

/** Milliseconds at a stretch. */
const stretch = 8

export async function inPieces<Result>(work: Generator<void, Result>): Promise<Result> {
  let began = performance.now()
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
    if (performance.now() - began < stretch) continue
    await setImmediate()
    began = performance.now()
  }
}
