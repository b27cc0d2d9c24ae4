/** Whether a list is so unlike the one before that somebody should look at it first. */
import { type SourceValue, sourceDefaults } from '../policy/source.ts'
import { Unavailable } from './unavailable.ts'

/** A short list may grow to this many at its own pace, unless the source says otherwise. */
const freeGrowth = 1000

/** `before`: what the same source held last; undefined: nothing was ever taken from it. @throws Unavailable */
export function refuseOdd(source: SourceValue, before: number | undefined, now: number): void {
  const { maxShrinkPercent = sourceDefaults.maxShrinkPercent, maxGrowPercent } = source
  const hint = 'look at the list; if it is right: drawgate set refresh NAME --force'
  if (now === 0 && maxShrinkPercent < 100)
    throw new Unavailable('the list is empty', `${hint}, or write maxShrinkPercent: 100 where a list may be empty`)
  if (before === undefined || before === 0) return
  const percent = (100 * (now - before)) / before
  const told = (way: string, limit: number, field: string) =>
    new Unavailable(
      `the list ${way} from ${before} to ${now} entries, by ${Math.round(Math.abs(percent))} %, and ${limit} % are taken`,
      `${hint}, or change ${field}`,
    )
  if (-percent > maxShrinkPercent) throw told('shrank', maxShrinkPercent, 'maxShrinkPercent')
  const isFree = maxGrowPercent === undefined && now <= freeGrowth
  const mostGrowth = maxGrowPercent ?? sourceDefaults.maxGrowPercent
  if (!isFree && percent > mostGrowth) throw told('grew', mostGrowth, 'maxGrowPercent')
}
