/**
 * From the pins of an older layout to this one's: what stands on devices is taken over where it stands, so that no packet meets a
 * device without a program; tables that have kept their shape go along, the others are made anew from the store.
 */
import { existsSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { Pins } from './pins.ts'

/** Pins that mean the same in every layout: links and filters on devices, live connections, counters by stable id. */
const lasting = /^(link|filter|clsact)_|^maps_(connections|rule_counts|service_counts|backend_counts)$/

/** Older ones first. */
export function olderLayouts(pinDir: string, version: number): string[] {
  if (!existsSync(pinDir)) return []
  return readdirSync(pinDir)
    .filter(name => /^v\d+$/.test(name) && Number(name.slice(1)) < version)
    .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
}

/** Before devices are looked at: a rename keeps the pinned object alive at every moment. */
export function adoptPins(pinDir: string, version: number): void {
  const here = join(pinDir, `v${version}`)

  for (const layout of olderLayouts(pinDir, version))
    for (const name of readdirSync(join(pinDir, layout)))
      if (lasting.test(name) && !existsSync(join(here, name))) renameSync(join(pinDir, layout, name), join(here, name))
}

/** Once all programs are swapped: nothing reads the older tables any more. */
export function dropOlderLayouts(pinDir: string, version: number): void {
  for (const layout of olderLayouts(pinDir, version)) {
    const pins = new Pins(join(pinDir, layout), false)

    for (const name of readdirSync(pins.directory)) pins.remove(name)
    pins.removeDirectory()
  }
}
