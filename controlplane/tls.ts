/** Certificate, key and client authority of the TCP listener: read at start and again when told to. */
import { constants, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { SecureContextOptions } from 'node:tls'
import { createSecureContext } from 'node:tls'

export interface TlsFiles {
  /** PEM, with the chain below it. */
  readonly cert: string
  readonly key: string
  /** PEM of those who sign clients' certificates; absent: none is asked for. */
  readonly clientCa?: string
}

/** Sessions are never resumed: each connection shows its certificate to the authority that is trusted now. */
const settings = { minVersion: 'TLSv1.2', honorCipherOrder: true, secureOptions: constants.SSL_OP_NO_TICKET } as const

/** @throws Error that names the file, before anything is changed. */
export function readTls({ cert, key, clientCa }: TlsFiles): SecureContextOptions {
  const options = {
    ...settings,
    cert: read('--tls-cert', cert),
    key: read('--tls-key', key),
    ...(clientCa === undefined ? {} : { ca: read('--client-ca', clientCa) }),
  }
  const shown = certificate('--tls-cert', cert, options.cert)
  if (options.ca !== undefined) certificate('--client-ca', clientCa ?? '', options.ca)
  const ends = Date.parse(shown.validTo)
  if (ends <= Date.now()) throw new Error(`--tls-cert ${cert} ended on ${new Date(ends).toISOString()}: have it renewed`)
  try {
    createSecureContext(options)
  } catch (error) {
    throw new Error(
      `--tls-key ${key} does not open --tls-cert ${cert} (${(error as Error).message}): give the key it was made with, in PEM`,
    )
  }
  return options
}

function read(option: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Error(`${option} ${path} cannot be read (${(error as Error).message}): give a file in PEM`)
  }
}

function certificate(option: string, path: string, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new Error(`${option} ${path} holds no certificate: give a file in PEM`)
  }
}
