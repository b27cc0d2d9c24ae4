/** The OpenAPI document in the hands of another language: a client made from it calls every operation of a live server. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { cannotLoad } from '../dataplane/box.ts'
import { box } from './support.ts'

t.test('a client in Python, made from the document, finds every answer as documented', { skip: cannotLoad() }, async t => {
  const it = await box(t)
  await it.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = it.app.server.address() as { port: number }
  const { stdout } = await promisify(execFile)('python3', ['test/api/client.py', `http://127.0.0.1:${port}`, it.secrets.admin])
  const { called, left } = JSON.parse(stdout) as { called: number; left: string[] }
  t.comment(`${called} operations called`)
  // Of events a client reads for as long as it likes: events.test.ts does.
  t.same(left, ['getEvents'])
})
