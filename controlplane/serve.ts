/** `drawgate serve`: store, dataplane, network and gate brought up in this order, then the listeners; and taken down the other way round. */
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server, type ServerOptions } from 'node:http'
import { connect, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'
import type { App } from './api/context.ts'
import { answerGarbage } from './api/failures.ts'
import { faultsOf } from './api/validation.ts'
import { buildApp } from './app.ts'
import { Dataplane } from './dataplane/dataplane.ts'
import { Pins } from './dataplane/pins.ts'
import { refuse } from './errors.ts'
import { parseJson } from './format/json.ts'
import { parseYaml } from './format/yaml.ts'
import { Gate } from './gate/gate.ts'
import { ModeBook } from './gate/mode.ts'
import { peerCredentials } from './native/libc.ts'
import { NetworkWatch } from './native/netlink.ts'
import type { PolicyDocument } from './policy/document.ts'
import { lockPinDirectory, lockStateDirectory } from './store/lock.ts'
import { Store } from './store/store.ts'
import { Detections } from './visibility/detections.ts'
import { Journal } from './visibility/journal.ts'
import { PacketEvents } from './visibility/packets.ts'

export interface ServeOptions {
  /** Path of the unix socket, whose file mode decides who is admin. */
  readonly socket: string
  /** `HOST:PORT`; absent: no TCP. Port 0 takes a free one. */
  readonly listen?: string
  readonly stateDir: string
  readonly pinDir: string
  /** YAML or JSON; read only when the store is empty. */
  readonly policy?: string
  /** Revisions that can be read and restored (default: 1,000). */
  readonly keepRevisions?: number
  /** Values of Host that are ours, beside loopback names and the address of `listen`. */
  readonly hosts?: readonly string[]
  /** Absent: JSON lines on standard output. */
  readonly log?: FastifyBaseLogger
}

/** A daemon that serves. */
export interface Serving {
  readonly app: App
  readonly gate: Gate
  /** TCP port, 0 where there is none. */
  readonly port: number
  /** Stops answering and leaves the kernel enforcing. */
  close(): Promise<void>
}

/** Ready when it returns. @throws Error with what to do; the kernel then goes on as before. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { socket, stateDir, pinDir } = options
  const log = options.log ?? pino({ level: process.env.DRAWGATE_LOG ?? 'info' })
  const listen = options.listen === undefined ? undefined : parseListen(options.listen)
  const undo: (() => unknown)[] = []
  try {
    undo.push(holdStateDirectory(stateDir))
    const store = Store.open(
      join(stateDir, 'drawgate.db'),
      options.keepRevisions === undefined ? {} : { keepRevisions: options.keepRevisions },
    )
    undo.push(() => store.close())
    const initial = store.revision === 0 && options.policy !== undefined ? readPolicy(options.policy) : undefined
    new Pins(pinDir, true)
    undo.push(lockPinDirectory(pinDir, 'another daemon: stop it, or give this one a --pin-dir of its own'))
    const dataplane = await Dataplane.open({ pinDir })
    undo.push(() => dataplane.close())
    const network = NetworkWatch.open()
    undo.push(() => network.close())
    // The port is part of the default management, so that it has to be known before the first policy is compiled.
    const tcp = listen && (await bound(listen))
    if (tcp) undo.push(() => closed(tcp.server))
    const journal = new Journal()
    let packetEvents: PacketEvents | undefined
    const gate = await Gate.open({
      store,
      dataplane,
      network,
      log,
      tell: happening => {
        journal.tell(happening)
        if (happening.type === 'policy') packetEvents?.policyChanged()
      },
      ...(tcp === undefined ? {} : { apiPort: tcp.port }),
      ...(initial === undefined ? {} : { initial }),
    })
    undo.push(() => gate.close())
    const detections = new Detections({ gate, journal, log })
    undo.push(() => detections.close())
    packetEvents = new PacketEvents({ dataplane, gate, network, journal, detected: (event, time) => detections.noticed(event, time) })
    undo.push(() => packetEvents?.close())
    const { app, access } = await buildApp({
      modes: new ModeBook(dataplane.mode, store, dataplane.resumed),
      store,
      dataplane,
      network,
      gate,
      journal,
      log,
      hosts: [...(options.hosts ?? []), ...(listen ? [hostName(listen.host)] : [])],
    })
    undo.push(() => app.close())

    const unix = httpServer().on('request', app.routing)
    unix.on('connection', peer => access.admit(peer, whoIs(peer)))
    await listenOnSocket(unix, socket)
    undo.push(() => closed(unix))
    undo.push(() => journal.end())
    tcp?.server.on('connection', peer => access.opened(peer)).on('request', app.routing)
    log.info({ socket, ...(tcp === undefined ? {} : { port: tcp.port }), revision: gate.revision }, 'ready')
    return { app, gate, port: tcp?.port ?? 0, close: () => unwind(undo) }
  } catch (error) {
    await unwind(undo)
    throw error
  }
}

/** Made where it is missing, and locked. */
function holdStateDirectory(directory: string): () => void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o750 })
    return lockStateDirectory(directory)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR'].includes(code ?? '')) throw error
    throw new Error(`the state cannot be kept in ${directory} (${message}): make ${directory} writable, or give another --state-dir`)
  }
}

async function unwind(undo: (() => unknown)[]): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step()
}

/** Node cuts off clients that dawdle over their headers; bodies may be large. */
const serverOptions: ServerOptions = { headersTimeout: 20_000, requestTimeout: 300_000 }

function httpServer(): Server {
  return createServer(serverOptions).on('clientError', answerGarbage)
}

function parseListen(text: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || port === undefined || Number(port) > 65535)
    throw new Error(`--listen ${text} is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080`)
  if (!['localhost', '::1'].includes(host) && !/^127\./.test(host)) {
    throw new Error(
      `--listen ${text} is not on loopback, where tokens would pass in clear text: listen on 127.0.0.1 and put a TLS proxy or an SSH tunnel in front`,
    )
  }
  return { host, port: Number(port) }
}

function hostName(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** Listens already, while requests still wait for `request` to be handled. */
function bound({ host, port }: { host: string; port: number }): Promise<{ server: Server; port: number }> {
  const server = httpServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : port })
    })
  })
}

/** Made with its mode from the first moment on. A file that nobody listens on is left from a crash. */
async function listenOnSocket(server: Server, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  if (existsSync(path)) {
    if (await answers(path)) throw new Error(`another daemon listens on ${path}`)
    rmSync(path)
  }
  const umask = process.umask(0o117)
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  } finally {
    process.umask(umask)
  }
  chmodSync(path, 0o660)
  const group = groupId('drawgate')
  if (group !== undefined) chownSync(path, process.getuid?.() ?? 0, group)
}

function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    }).once('error', () => resolve(false))
  })
}

function groupId(name: string): number | undefined {
  const line = existsSync('/etc/group')
    ? readFileSync('/etc/group', 'utf8')
        .split('\n')
        .find(line => line.startsWith(`${name}:`))
    : undefined
  return line === undefined ? undefined : Number(line.split(':')[2])
}

/** For the audit log. */
function whoIs(peer: Socket): string {
  const { _handle: handle } = peer as Socket & { _handle?: { fd: number } | null }
  return handle && handle.fd >= 0 ? `uid ${peerCredentials(handle.fd).uid}` : 'uid unknown'
}

/** Requests in hand are answered, within reason; idle connections are not waited for. */
function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    const impatient = setTimeout(() => server.closeAllConnections(), 5000)
    server.close(() => {
      clearTimeout(impatient)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function readPolicy(path: string): PolicyDocument {
  const text = readFileSync(path, 'utf8')
  const parsed = path.endsWith('.json') ? parseJson(text) : parseYaml(text)
  const faults = 'faults' in parsed ? parsed.faults : faultsOf('Policy', parsed.value)
  if (faults.length > 0) throw new Error(`${path}: ${refuse(faults).message}`)
  return (parsed as { value: PolicyDocument }).value
}
