/** Clients that dawdle, flood or send what is too much, over real sockets; and a daemon that is stopped in the midst of a request. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import t from 'tap'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import { serve } from '../../controlplane/serve.ts'
import { ask, places } from './places.ts'

enterNewNetwork()
execFileSync('ip', ['link', 'set', 'lo', 'up'])

/** All that comes until the other end closes. */
async function spoken(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', piece => {
    text += piece
  })
  await once(socket, 'close')
  return text
}

t.test('who is too slow is cut off, and others are served meanwhile', async t => {
  const { directory: _, ...options } = places(t)
  const daemon = await serve({ ...options, listen: '127.0.0.1:0', patience: { headers: 300, silence: 300 } })
  t.teardown(() => daemon.close())
  const unix = { socketPath: options.socket }
  const { secret } = JSON.parse((await ask(unix, 'POST', '/v1/tokens', { body: { name: 'me', role: 'operator' } })).body)
  const bearer = `Authorization: Bearer ${secret}\r\n`
  const slow = /^HTTP\/1\.1 408 .*application\/problem\+json.*took too long to arrive/s
  const begun = {
    headers: 'PUT /v1/rules/r HTTP/1.1\r\nHost: localhost\r\n',
    body: `PUT /v1/rules/r HTTP/1.1\r\nHost: localhost\r\n${bearer}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
    entries: `PUT /v1/sets/s/entries HTTP/1.1\r\nHost: localhost\r\n${bearer}Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n# a\r\n`,
  }
  await ask(unix, 'PUT', '/v1/sets/s', { body: {} })
  const stopped = Object.entries(begun).map(async ([name, text]) => {
    const socket = connect(daemon.port, '127.0.0.1')
    socket.write(text)
    t.match(await spoken(socket), slow, name)
  })
  t.match(await ask({ port: daemon.port }, 'GET', '/readyz'), { status: 200 })
  await Promise.all(stopped)
  t.match(await ask(unix, 'GET', '/v1/rules/r'), { status: 404 }, 'nothing was written')
  t.match(await ask(unix, 'GET', '/readyz'), { status: 200 })
})

t.test('too much is refused as what it is', async t => {
  const { directory: _, ...options } = places(t)
  const daemon = await serve({ ...options, listen: '127.0.0.1:0' })
  t.teardown(() => daemon.close())
  const unix = { socketPath: options.socket }
  const { secret } = JSON.parse((await ask(unix, 'POST', '/v1/tokens', { body: { name: 'me', role: 'operator' } })).body)
  const mebibyte = 1024 * 1024
  for (const [method, path, limit] of [
    ['POST', '/v1/tokens', mebibyte],
    ['POST', '/v1/trace', mebibyte],
    ['PUT', '/v1/mode', mebibyte],
    ['PUT', '/v1/rules/r', 8 * mebibyte],
    ['PUT', '/v1/sets/s', 8 * mebibyte],
    ['PUT', '/v1/policy', 64 * mebibyte],
  ] as const) {
    const told = await toldLength(options.socket, method, path, limit + 1)
    t.match(
      JSON.parse(told.body),
      {
        status: 413,
        code: 'too_large',
        detail: `the body is longer than the ${limit} bytes that ${path.replace(/\/[rs]$/, '/:name')} takes`,
      },
      path,
    )
    t.match(await toldLength(options.socket, method, path, limit), { status: 100 }, `${path} reads what is no longer`)
  }
  t.match(
    await ask(unix, 'PUT', '/v1/rules/r', { body: {}, headers: { 'content-encoding': 'gzip' } }),
    { status: 415, body: /Content-Encoding gzip is not taken.*send the body as it is/ },
    'what is compressed is not read',
  )
  const long = connect(daemon.port, '127.0.0.1')
  long.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)
  t.match(await spoken(long), /^HTTP\/1\.1 431 .*the headers are longer/s)

  const bad = { authorization: 'Bearer guess' }
  const guesses = await Promise.all(
    Array.from({ length: 1250 }, () => ask({ port: daemon.port }, 'GET', '/v1/policy', { headers: bad }).catch(() => undefined)),
  )
  const statuses = new Set(guesses.map(guess => guess?.status))
  t.ok(statuses.has(401) && statuses.has(429), `guesses get ${[...statuses]}`)
  t.match(
    await ask({ port: daemon.port }, 'GET', '/v1/policy', { headers: { authorization: `Bearer ${secret}` } }),
    { status: 429, headers: { 'retry-after': /^\d+$/ } },
    'the limit comes before the credential',
  )
  t.match(await ask(unix, 'GET', '/v1/policy'), { status: 200 }, 'and the socket has none')
})

/** Announces a body, which is not sent: an answer, or 100 where it is waited for. */
function toldLength(socketPath: string, method: string, path: string, length: number): Promise<{ status: number; body: string }> {
  const headers = { 'content-type': 'application/json', 'content-length': length, expect: '100-continue', host: 'localhost' }
  const asked = request({ socketPath, method, path, headers, agent: false })
  return new Promise((resolve, reject) => {
    const end = (status: number, body: string) => {
      resolve({ status, body })
      asked.destroy()
    }
    let goes = false
    asked.on('continue', () => {
      goes = true
      asked.write('{')
      // An answer to the length would have come with this one, ahead of everything that is asked later.
      void ask({ socketPath }, 'GET', '/readyz').then(() => end(100, ''))
    })
    asked.on('error', error => void (goes || reject(error)))
    asked.on('response', answer => {
      let text = ''
      answer
        .on('data', piece => {
          text += piece
        })
        .on('end', () => end(answer.statusCode ?? 0, text))
    })
    asked.flushHeaders()
  })
}

t.test('a stop finishes what has begun and takes nothing new', async t => {
  const { directory: _, ...options } = places(t)
  const daemon = await serve(options)
  const unix = { socketPath: options.socket }
  await ask(unix, 'PUT', '/v1/sets/s', { body: {} })
  const asked = request({
    ...unix,
    method: 'PUT',
    path: '/v1/sets/s/entries',
    headers: { 'content-type': 'text/plain', host: 'localhost' },
  })
  const answered = once(asked, 'response')
  asked.write('192.0.2.1\n')
  // Whoever is answered after it has been read after it.
  await ask(unix, 'GET', '/readyz')
  const stopped = daemon.close()
  await t.rejects(ask(unix, 'GET', '/readyz'), 'nothing new')
  asked.end('192.0.2.2\n')
  const [answer] = await answered
  t.equal(answer.statusCode, 200)
  answer.resume()
  await stopped
  const again = await serve(options)
  t.teardown(() => again.close())
  t.match(JSON.parse((await ask(unix, 'GET', '/v1/sets/s/status')).body), { entryCount: 2 })
})

t.test('a stop does not wait for ever', async t => {
  const { directory: _, ...options } = places(t)
  const daemon = await serve({ ...options, patience: { stop: 200 } })
  const socket = connect(options.socket)
  socket.write('PUT /v1/rules/r HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{')
  await ask({ socketPath: options.socket }, 'GET', '/readyz')
  await Promise.all([daemon.close(), spoken(socket)])
  const again = await serve(options)
  t.teardown(() => again.close())
  t.match(await ask({ socketPath: options.socket }, 'GET', '/v1/rules/r'), { status: 404 })
})
