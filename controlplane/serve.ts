/** `drawgate serve`: store, dataplane, network and gate brought up in this order, then the listeners; and taken down the other way round. */
import { mkdirSync, readFileSync, realpathSync } from 'node:fs'
import type { Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import { basename, dirname, join, resolve } from 'node:path'
import { rootCertificates } from 'node:tls'
import type { FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'
import type { App } from './api/context.ts'
import { faultsOf } from './api/validation.ts'
import { buildApp } from './app.ts'
import { Dataplane } from './dataplane/dataplane.ts'
import { Pins } from './dataplane/pins.ts'
import { refuse } from './errors.ts'
import { parseJson } from './format/json.ts'
import { parseYaml } from './format/yaml.ts'
import { Gate } from './gate/gate.ts'
import { ModeBook } from './gate/mode.ts'
import { HealthChecks } from './health/health.ts'
import { bound, closed, hostName, listenOnSocket, makeServer, type Patience, parseListen, patience } from './listeners.ts'
import { Lists } from './lists/lists.ts'
import { peerCredentials } from './native/libc.ts'
import { NetworkWatch } from './native/netlink.ts'
import type { PolicyDocument } from './policy/document.ts'
import { lockPinDirectory, lockStateDirectory } from './store/lock.ts'
import { Store } from './store/store.ts'
import { readTls, type TlsFiles } from './tls.ts'
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
  /** For `listen`, which needs it off loopback. */
  readonly tls?: TlsFiles
  /** Values of Host that are ours, beside loopback names and the address of `listen`. */
  readonly hosts?: readonly string[]
  /** Below it are the files that lists of sets may be; absent: none. */
  readonly listsDir?: string
  /** PEM file of certificates that lists may be signed by, beside those that everybody trusts. */
  readonly listsCa?: string
  readonly patience?: Partial<Patience>
  /** Absent: JSON lines on standard output. */
  readonly log?: FastifyBaseLogger
}

/** A daemon that serves. */
export interface Serving {
  readonly app: App
  readonly gate: Gate
  /** TCP port, 0 where there is none. */
  readonly port: number
  /** Certificates are read again; connections that are there go on. @throws Error, where they cannot be: then nothing changes. */
  reload(): void
  /** Stops answering and leaves the kernel enforcing. */
  close(): Promise<void>
}

/** Ready when it returns. @throws Error with what to do; the kernel then goes on as before. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { socket, stateDir, pinDir } = options
  const log = options.log ?? pino({ level: process.env.DRAWGATE_LOG ?? 'info' })
  const { tls: files } = options
  const wait = { ...patience, ...options.patience }
  if (files !== undefined && options.listen === undefined) throw new Error('--tls-cert is for --listen HOST:PORT: add it, or leave TLS out')
  const tls = files && readTls(files)
  const listen = options.listen === undefined ? undefined : parseListen(options.listen, tls !== undefined)
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
    const server = listen && makeServer(wait, tls)
    const port = server && (await bound(server, listen))
    if (server) undo.push(() => closed(server, 0))
    const mayComeIn = store.tokens().some(({ expiresAt }) => expiresAt === null || expiresAt > Date.now())
    if (server && !mayComeIn) await closed(server, 0)
    const journal = new Journal()
    const ca = options.listsCa === undefined ? undefined : readCertificates(options.listsCa)
    let packetEvents: PacketEvents | undefined
    let lists: Lists | undefined
    let health: HealthChecks | undefined
    const gate = await Gate.open({
      store,
      dataplane,
      network,
      log,
      tell: happening => {
        journal.tell(happening)
        if (happening.type !== 'policy') return
        packetEvents?.policyChanged()
        lists?.policyChanged()
        health?.policyChanged()
      },
      ...(port === undefined ? {} : { apiPort: port }),
      ...(initial === undefined ? {} : { initial }),
      ...(options.listsDir === undefined ? {} : { listsDir: options.listsDir }),
    })
    undo.push(() => gate.close())
    lists = new Lists({
      gate,
      store,
      log,
      tell: happening => journal.tell(happening),
      ...(options.listsDir === undefined ? {} : { directory: options.listsDir }),
      ...(ca === undefined ? {} : { ca }),
    })
    undo.push(() => lists?.close())
    health = new HealthChecks({ gate, dataplane, journal })
    undo.push(() => health?.close())
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
      lists,
      health,
      log,
      hosts: [...(options.hosts ?? []), ...(listen ? [hostName(listen.host)] : [])],
      // Where nobody could come in, nobody is listened to.
      credentialMade: async () => {
        if (server && !server.listening && port !== undefined) await bound(server, { ...listen, port })
      },
    })
    undo.push(() => app.close())

    const unix = makeServer(wait).on('request', app.routing)
    unix.on('connection', peer => access.admit(peer, whoIs(peer)))
    server?.on(tls ? 'secureConnection' : 'connection', peer => access.opened(peer)).on('request', app.routing)
    await listenOnSocket(unix, socket)
    undo.push(() => Promise.all([unix, ...(server ? [server] : [])].map(one => closed(one, wait.stop))))
    undo.push(() => journal.end())
    if (server && !server.listening)
      log.warn(`TCP ${options.listen} is not listened on yet, as nobody could come in: drawgate token create NAME opens it`)
    log.info({ socket, ...(port === undefined ? {} : { port }), revision: gate.revision }, 'ready')
    const reload = () => {
      if (files && server) (server as SecureServer).setSecureContext(readTls(files))
    }
    return { app, gate, port: port ?? 0, reload, close: () => unwind(undo) }
  } catch (error) {
    await unwind(undo)
    throw error
  }
}

/** Made where it is missing, and locked. */
function holdStateDirectory(directory: string): () => void {
  const made = /^\/(proc|sys)(\/|$)/.exec(whereItLies(directory))
  if (made)
    throw new Error(
      `the state cannot be kept in ${directory}: /${made[1]} is made up by the kernel and keeps no files: give another --state-dir, such as /var/lib/drawgate`,
    )
  try {
    mkdirSync(directory, { recursive: true, mode: 0o750 })
    return lockStateDirectory(directory)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR'].includes(code ?? '')) throw error
    throw new Error(`the state cannot be kept in ${directory} (${message}): make ${directory} writable, or give another --state-dir`)
  }
}

/** Through links, as far as it exists. */
function whereItLies(path: string): string {
  const whole = resolve(path)
  try {
    return realpathSync(whole)
  } catch {
    return whole === '/' ? whole : join(whereItLies(dirname(whole)), basename(whole))
  }
}

async function unwind(undo: (() => unknown)[]): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step()
}

/** For the audit log. */
function whoIs(peer: Socket): string {
  const { _handle: handle } = peer as Socket & { _handle?: { fd: number } | null }
  return handle && handle.fd >= 0 ? `uid ${peerCredentials(handle.fd).uid}` : 'uid unknown'
}

/** Read once: a daemon that cannot trust whom it should does not start. */
function readCertificates(path: string): string[] {
  const own = readFileSync(path, 'utf8')
  if (!own.includes('-----BEGIN CERTIFICATE-----')) throw new Error(`--lists-ca ${path} holds no certificate: give a file in PEM`)
  return [...rootCertificates, own]
}

function readPolicy(path: string): PolicyDocument {
  const text = readFileSync(path, 'utf8')
  const parsed = path.endsWith('.json') ? parseJson(text) : parseYaml(text)
  const faults = 'faults' in parsed ? parsed.faults : faultsOf('Policy', parsed.value)
  if (faults.length > 0) throw new Error(`${path}: ${refuse(faults).message}`)
  return (parsed as { value: PolicyDocument }).value
}
