/** Long work is a generator that yields where it may be left for a while; here it is done without leaving. */
export function atOnce<Result>(work: Generator<void, Result>): Result {
  let step = work.next()

  while (!step.done) step = work.next()
  return step.value
}
