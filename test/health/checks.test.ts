/** Checks of real servers on loopback: each type meets one that is well, one that is not, and one that is silent. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttp, type RequestListener } from 'node:http'
import { createServer as createHttp2, createSecureServer, type Http2Server } from 'node:http2'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { check } from '../../controlplane/health/checks.ts'
import { type CheckSettings, settingsOf } from '../../controlplane/health/settings.ts'

const directory = mkdtempSync(join(tmpdir(), 'drawgate-health-'))
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
const [keyFile, caFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
execFileSync(
  'openssl',
  `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=web.example -addext subjectAltName=DNS:web.example -keyout ${keyFile} -out ${caFile}`.split(
    ' ',
  ),
  { stdio: 'ignore' },
)
const identity = { key: readFileSync(keyFile), cert: readFileSync(caFile) }

async function listening(t: Test, server: Server | Http2Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

function settings(port: number, healthCheck: object): CheckSettings {
  const service = { address: '198.51.100.10', protocol: 'tcp', forwarding: 'nat', healthCheck: { timeout: '500ms', ...healthCheck } }
  return settingsOf(service as never, { address: '127.0.0.1', port }) as CheckSettings
}

const silent = (t: Test) =>
  listening(
    t,
    createServer(socket => socket.on('error', () => undefined).resume()),
  )
const well: RequestListener = ({ url, headers }, response) => {
  response.statusCode = url === '/healthz' && headers.host === 'web.example' ? 204 : url === '/moved' ? 302 : 503
  response.end()
}

test('tcp', async t => {
  const port = await silent(t)
  await t.resolves(check(settings(port, { type: 'tcp' })))
  const closed = createServer()
  const gone = await listening(t, closed)
  closed.close()
  await once(closed, 'close')
  await t.rejects(check(settings(gone, { type: 'tcp' })), { code: 'ECONNREFUSED' })
})

test('http', async t => {
  const port = await listening(t, createHttp(well))
  const http = (more: object) => check(settings(port, { type: 'http', host: 'web.example', ...more }))
  await t.resolves(http({ path: '/healthz' }))
  await t.resolves(http({ path: '/moved' }))
  await t.rejects(http({ path: '/moved', expectStatus: '200' }), { message: 'status 302, not 200 to 200' })
  await t.rejects(http({ path: '/other' }), { message: /status 503/ })
  await t.rejects(http({ path: '/healthz', host: 'other.example' }), { message: /status 503/ })
  await t.rejects(check(settings(await silent(t), { type: 'http' })), { message: 'no answer within 500 ms' })
})

test('https', async t => {
  const port = await listening(t, createHttps(identity, well))
  const https = (tls: object) => check(settings(port, { type: 'https', host: 'web.example', path: '/healthz', tls }))
  await t.resolves(https({ caFile }))
  await t.resolves(https({ verify: false }))
  await t.rejects(https({}), { message: /self-signed/ })
  await t.rejects(https({ caFile, serverName: 'other.example' }), { message: /altnames/ })
  await t.rejects(check(settings(await silent(t), { type: 'https' })), { message: 'no answer within 500 ms' })
})

/** `web.v1.Web` serves, `busy` does not, others are unknown; the message is what protoc would write. */
function answerGrpc(server: Http2Server): Http2Server {
  return server.on('stream', (stream, headers) => {
    const parts: Buffer[] = []
    stream.on('error', () => undefined)
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.on('end', () => {
      const asked = Buffer.concat(parts).subarray(7).toString()
      const status = { '': 1, 'web.v1.Web': 1, busy: 2 }[asked]
      const isRight = headers[':path'] === '/grpc.health.v1.Health/Check' && headers['content-type'] === 'application/grpc'
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status === undefined || !isRight ? '5' : '0' }))
      if (status === undefined) stream.end()
      else stream.end(Buffer.from([0, 0, 0, 0, 2, 8, status]))
    })
  })
}

test('grpc', async t => {
  const port = await listening(t, answerGrpc(createHttp2()))
  const grpc = (more: object) => check(settings(port, { type: 'grpc', ...more }))
  await t.resolves(grpc({}))
  await t.resolves(grpc({ service: 'web.v1.Web' }))
  await t.rejects(grpc({ service: 'busy' }), { message: 'busy is NOT_SERVING' })
  await t.rejects(grpc({ service: 'nobody' }), { message: 'gRPC status 5' })
  await t.rejects(check(settings(await silent(t), { type: 'grpc' })), { message: 'no answer within 500 ms' })
  const secure = await listening(t, answerGrpc(createSecureServer(identity) as unknown as Http2Server))
  await t.resolves(check(settings(secure, { type: 'grpc', host: 'web.example', tls: { caFile } })))
  await t.rejects(check(settings(secure, { type: 'grpc', host: 'web.example', tls: {} })), { message: /self-signed/ })
})
