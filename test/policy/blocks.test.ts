/** Blocks of a long list: the same items, and the same objects where nothing has changed. */
import fc from 'fast-check'
import { test } from 'tap'
import { type Blocks, cut, perBlock } from '../../controlplane/policy/blocks.ts'

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, at) => from + at)

test('blocks hold the list, whatever came before', async t => {
  const edits = fc.array(fc.record({ at: fc.nat(3000), gone: fc.nat({ max: 400 }), come: fc.nat({ max: 700 }) }), {
    minLength: 1,
    maxLength: 12,
  })

  fc.assert(
    fc.property(fc.nat(3000), edits, (count, edits) => {
      let list = numbers(count)
      let blocks: Blocks<number> = cut(list)
      let fresh = count
      for (const { at, gone, come } of edits) {
        list = list.toSpliced(at, gone, ...numbers(come, fresh))
        fresh += come
        blocks = cut(list, blocks)
        if (blocks.flat().join() !== list.join()) throw new Error('not the list')
        if (blocks.some(block => block.length === 0 || block.length > 512)) throw new Error('a block is empty or long')
        // Small ones do not gather, however often the list is edited.
        if (blocks.length > 2 + 2 * edits.length + list.length / 64) throw new Error(`${blocks.length} blocks`)
      }
    }),
  )
  t.pass()
})

test('one change costs one block', async t => {
  const list = numbers(10_000)
  const blocks = cut(list)
  let asked = 0
  const sums = perBlock((block: readonly number[]) => {
    asked++
    return block.reduce((sum, number) => sum + number, 0)
  })
  const total = (blocks: Blocks<number>) => sums(blocks).reduce((sum, part) => sum + part, 0)

  t.equal(total(blocks), 49_995_000)
  asked = 0
  t.equal(cut(list.slice(), blocks), blocks, 'the same items')
  t.equal(total(cut(list.with(5000, 0), blocks)), 49_990_000)
  t.equal(total(cut(list.toSpliced(5000, 1), blocks)), 49_990_000)
  t.equal(total(cut(list.toSpliced(5000, 0, 7), blocks)), 49_995_007)
  t.equal(asked, 3)
})
