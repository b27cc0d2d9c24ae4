/** The demo checks each of its steps itself: here it has to get through all of them and leave nothing. */
import { existsSync } from 'node:fs'
import { test } from 'tap'
import { checkout, execute } from '../lab/host.ts'
import { cannotBuildLabs } from '../lab/lab.ts'

test('npm run demo -- --once', { skip: cannotBuildLabs() }, async t => {
  const { stdout, stderr, status } = await execute([process.execPath, `${checkout}/dist/test/lab/demo.js`, '--once'], {
    timeoutMs: 120_000,
  })
  t.equal(status, 0, `${stdout}${stderr}`.split('\n').slice(-5).join('\n'))
  t.match(stdout, /^\$ curl .*http:\/\/localhost\/v1\/policy/m, 'commands are shown')
  t.match(stdout, /^The API's pages: http:\/\/127\.0\.0\.1:\d+\/docs$/m)
  const directory = /SOCKET='(.*)\/api\.sock'/.exec(stdout)?.[1] ?? ''
  t.match(directory, /^\/run\/drawgate-lab\/drawgate-/)
  t.notOk(existsSync(directory))
})
