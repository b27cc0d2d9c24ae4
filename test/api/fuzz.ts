/** So many requests at random to a gate on the real dataplane: each answer is documented, none is a 500, and the kernel holds the policy. */
import fc from 'fast-check'
import type { Test } from 'tap'
import { Gate } from '../../controlplane/gate/gate.ts'
import { makeNetwork } from '../dataplane/box.ts'
import { requests } from './requests.ts'
import { box } from './support.ts'

export async function fuzz(t: Test, { count, seed }: { count: number; seed: number }): Promise<void> {
  t.comment(`seed ${seed}`)
  // Interfaces of the requests are devices of a network of our own.
  makeNetwork()
  const it = await box(t)
  const answered = new Map<string, number>()
  const document = it.app.swagger() as unknown as Record<string, unknown>
  const wrong: string[] = []
  for (const { method, url, headers, body } of fc.sample(requests(document), { numRuns: count, seed })) {
    const told = `${method} ${url} ${JSON.stringify(headers)} ${String(body).slice(0, 2000)}`
    try {
      // Every answer is held against the document.
      const { statusCode } = await it.send(method, url, body, headers)
      answered.set(String(statusCode), (answered.get(String(statusCode)) ?? 0) + 1)
      // Nothing here fills a disk or the queue of writes.
      if (statusCode >= 500) wrong.push(`${statusCode} ${told}`)
    } catch (error) {
      wrong.push(`${(error as Error).message.slice(0, 1500)} ${told}`)
    }
    if (wrong.length >= 5) break
  }
  t.comment(
    [...answered]
      .sort()
      .map(([status, times]) => `${status}: ${times}`)
      .join(', '),
  )
  t.same(wrong, [])
  t.ok((answered.get('200') ?? 0) > count / 20, 'some are right')
  t.equal(it.gate.trouble, undefined)

  // A gate that starts on this store brings the kernel's tables to the stored policy, in a new revision of them if they differ.
  const before = it.dataplane.revision
  const policy = (await it.get('/v1/policy')).body
  await it.gate.close()
  const again = await Gate.open({
    store: it.store,
    dataplane: it.dataplane,
    network: it.network,
    log: { info() {}, warn() {}, error() {} },
  })
  t.equal(it.dataplane.revision, before, 'the tables of the kernel are those of the stored policy')
  t.same(again.document, JSON.parse(policy))
  await again.close()
}
