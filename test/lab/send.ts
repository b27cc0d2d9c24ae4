/** Real traffic for tests: starts clients in a lab's namespaces and reads their reports. */
import { join } from 'node:path'
import { checkout, type Host, type Running } from './host.ts'
import type { Report } from './traffic.ts'

export type { Report } from './traffic.ts'

export interface SendOptions {
  count?: number
  parallel?: number
  /** Silence of this long counts as lost; default 10 s. */
  timeoutMs?: number
}

/** Short TCP connections to the echo server: each reads the backend's name, has a line echoed and closes. */
export function sendTcp(host: Host, address: string, port: number, options: SendOptions = {}): Promise<Report> {
  return send(host, 'tcp', address, port, options)
}

/** UDP messages, each from a port of its own. */
export function sendUdp(host: Host, address: string, port: number, options: SendOptions = {}): Promise<Report> {
  return send(host, 'udp', address, port, options)
}

export interface Steady {
  /** Ends the traffic and tells what became of it. */
  report(): Promise<Report>
}

/** `count` long TCP connections that talk on and on, and short ones beside them. Returns once all are established. */
export async function sendSteadily(host: Host, address: string, port: number, options: SendOptions = {}): Promise<Steady> {
  const running: Running = await host.start(words('steady', address, port, options), { ready: 'ready' })
  return { report: async () => JSON.parse((await running.finish()).at(-1) ?? '') as Report }
}

/** `count` TCP connections that each say something every `everyMs`. Returns once all are established. */
export async function hold(host: Host, address: string, port: number, options: SendOptions & { everyMs?: number } = {}): Promise<Steady> {
  const command = [...words('hold', address, port, options), `--every=${options.everyMs ?? 100}`]
  const running: Running = await host.start(command, { ready: 'ready' })
  return { report: async () => JSON.parse((await running.finish()).at(-1) ?? '') as Report }
}

async function send(host: Host, mode: string, address: string, port: number, options: SendOptions): Promise<Report> {
  return JSON.parse(await host.exec(words(mode, address, port, options), { timeoutMs: 120_000 })) as Report
}

function words(mode: string, address: string, port: number, options: SendOptions): string[] {
  const { count = 100, parallel = 50, timeoutMs = 10_000 } = options
  const numbers = [`--count=${count}`, `--parallel=${parallel}`, `--timeout=${timeoutMs}`]
  return [process.execPath, join(checkout, 'dist/test/lab/traffic.js'), mode, address, String(port), ...numbers]
}
