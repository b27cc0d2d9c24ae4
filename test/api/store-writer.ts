/** Writes one large set over and over, until it is killed: each revision has its number as the time of every entry. Tells each piece with a letter. */
import { writeSync } from 'node:fs'
import { atOnce } from '../../controlplane/policy/at-once.ts'
import { addToDraft, newDraft, sortDraft } from '../../controlplane/policy/entry-draft.ts'
import { editEntries } from '../../controlplane/policy/entry-edit.ts'
import { emptySet } from '../../controlplane/policy/entry-set.ts'
import { prefixNumbers } from '../../controlplane/policy/prefix-bytes.ts'
import { Store } from '../../controlplane/store/store.ts'

const store = Store.open(process.argv[2] as string)
store.entries()
for (;;) {
  const revision = store.revision + 1
  const draft = newDraft()
  const numbers = prefixNumbers()
  for (let at = 0; at < 150_000; at++) {
    numbers.set([at * 256, 0, 0, 0, 32])
    addToDraft(draft, 4, numbers, at)
  }
  const { set } = atOnce(editEntries(emptySet, { add: atOnce(sortDraft(draft)) }, revision))
  for (const _ of store.stageEntries([set])) writeSync(1, '.')
  store.commit({
    revision,
    who: 'test',
    cause: 'test',
    changed: [],
    gone: [],
    document: { defaults: {}, interfaces: {} },
    expiresIn: new Map(),
    surroundings: { revision, bootOffsetMs: 0, matters: '' },
    entries: new Map([['a', set]]),
    counted: { rules: [], services: [], backends: [] },
  })
  writeSync(1, '!')
  for (const _ of store.sweep()) writeSync(1, '.')
}
