/** Links and addresses of the network namespace that the process is in, and word of their changes. */
import { readFileSync } from 'node:fs'
import { Errno, NativeError } from './errors.ts'
import { addressInMemory, check, Descriptor, lastErrno, libc, watchReadable } from './libc.ts'
import type { Address, Link } from './rtnetlink.ts'
import { addressDump, addressOf, errorOf, filterDump, linkDump, linkOf, MessageFlag, MessageType, messages } from './rtnetlink.ts'

export interface Device extends Link {
  /** Kernel driver as ethtool tells it; empty for devices without one. */
  readonly driver: string
}
export type { Address }

const AF_INET = 2
const AF_NETLINK = 16
const SOCK_DGRAM = 2
const SOCK_RAW = 3
const SOCK_CLOEXEC = 0o2000000
const MSG_DONTWAIT = 0x40
const RECEIVE_BYTES = 65_536

/** RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR. */
const CHANGES = 0x1 | 0x10 | 0x100

function openSocket(groups: number): Descriptor {
  const socket = new Descriptor(
    check(libc().socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0), 'opening a netlink socket'),
    'the netlink socket',
  )
  const address = new Uint8Array(12)
  const view = new DataView(address.buffer)

  view.setUint16(0, AF_NETLINK, true)
  view.setUint32(8, groups, true)
  check(libc().bind(socket.fd, address, address.length), 'binding a netlink socket')
  return socket
}

/** What one dump answers; taken again when the kernel says that it changed meanwhile. */
function dump(request: (sequence: number) => Uint8Array, wanted: number, step: string): Uint8Array[] {
  const socket = openSocket(0)

  try {
    for (let attempt = 1; ; attempt++) {
      const { bodies, interrupted } = readDump(socket, request(attempt), wanted, step)

      if (!interrupted || attempt === 5) return bodies
    }
  } finally {
    socket.close()
  }
}

function readDump(socket: Descriptor, request: Uint8Array, wanted: number, step: string): { bodies: Uint8Array[]; interrupted: boolean } {
  const buffer = new Uint8Array(RECEIVE_BYTES)
  const bodies: Uint8Array[] = []
  let interrupted = false

  check(libc().send(socket.fd, request, request.length, 0), step)
  for (;;) {
    const length = check(libc().recv(socket.fd, buffer, buffer.length, 0), step)

    for (const message of messages(buffer.subarray(0, length))) {
      interrupted ||= (message.flags & MessageFlag.dumpInterrupted) !== 0
      if (message.type === MessageType.done) return { bodies, interrupted }
      if (message.type === MessageType.error) throw new NativeError('refused', step, { errno: errorOf(message.body) })
      if (message.type === wanted) bodies.push(message.body.slice())
    }
  }
}

/** Every device of this namespace, in the order of their numbers. */
export function listDevices(): Device[] {
  const links = dump(linkDump, MessageType.newLink, 'listing devices').map(linkOf)
  const control = openControl()

  try {
    return links
      .filter(link => link !== undefined)
      .map(link => ({ ...link, driver: driverOf(control, link.name) }))
      .sort((a, b) => a.ifindex - b.ifindex)
  } finally {
    control.close()
  }
}

function openControl(): Descriptor {
  return new Descriptor(check(libc().socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), 'opening a socket to ask drivers'), 'a socket')
}

/** Every address of this namespace, those of loopback too. */
export function listAddresses(): Address[] {
  return dump(addressDump, MessageType.newAddress, 'listing addresses')
    .map(addressOf)
    .filter(address => address !== undefined)
}

/** How many filters, ours or not, stand at a device's clsact hook. */
export function countFilters(ifindex: number, direction: 'ingress' | 'egress'): number {
  return dump(sequence => filterDump(sequence, ifindex, direction), MessageType.newFilter, `listing filters of device ${ifindex}`).length
}

/** ETHTOOL_GDRVINFO: sysfs would show the devices of the namespace that it was mounted in. */
function driverOf(socket: Descriptor, name: string): string {
  const ETHTOOL_GDRVINFO = 3
  const info = new Uint8Array(196)

  new DataView(info.buffer).setUint32(0, ETHTOOL_GDRVINFO, true)
  if (!askDriver(socket, name, info)) return ''
  const driver = info.subarray(4, 36)

  return new TextDecoder().decode(driver.subarray(0, driver.indexOf(0)))
}

/** Has the device leave VLAN tags in the bytes of its frames. False where it goes on taking them out. */
export function keepVlanTags(name: string): boolean {
  const ETHTOOL_GFLAGS = 0x25
  const ETHTOOL_SFLAGS = 0x26
  const ETH_FLAG_RXVLAN = 1 << 8
  const control = openControl()
  const value = new DataView(new ArrayBuffer(8))
  const takesOut = () => {
    value.setUint32(0, ETHTOOL_GFLAGS, true)
    return askDriver(control, name, new Uint8Array(value.buffer)) && (value.getUint32(4, true) & ETH_FLAG_RXVLAN) !== 0
  }

  try {
    if (!takesOut()) return true
    value.setUint32(0, ETHTOOL_SFLAGS, true)
    value.setUint32(4, value.getUint32(4, true) & ~ETH_FLAG_RXVLAN, true)
    askDriver(control, name, new Uint8Array(value.buffer))
    return !takesOut()
  } finally {
    control.close()
  }
}

/** A request of linux/ethtool.h, answered in the same bytes. */
function askDriver(socket: Descriptor, name: string, data: Uint8Array): boolean {
  const SIOCETHTOOL = 0x8946
  const request = new Uint8Array(40)

  request.set(new TextEncoder().encode(name).subarray(0, 15))
  new DataView(request.buffer).setBigUint64(16, addressInMemory(data), true)
  return libc().ioctl(socket.fd, SIOCETHTOOL, request) >= 0
}

function isOn(path: string): boolean {
  try {
    return readFileSync(path, 'utf8').trim() === '1'
  } catch {
    /* A kernel without that family. */
    return false
  }
}

/** A subscription to what the network namespace has, for as long as it is open. */
export class NetworkWatch {
  readonly #socket: Descriptor
  readonly #stop: () => void
  readonly #callbacks = new Set<() => void>()

  private constructor(socket: Descriptor) {
    this.#socket = socket
    this.#stop = watchReadable(socket.fd, () => {
      this.#drain()
    })
  }

  static open(): NetworkWatch {
    return new NetworkWatch(openSocket(CHANGES))
  }

  devices(): Device[] {
    return listDevices()
  }

  addresses(): Address[] {
    return listAddresses()
  }

  /** Whether the kernel routes packets that are not for this host: what the kernel is left with needs it. */
  forwarding(): { ipv4: boolean; ipv6: boolean } {
    return { ipv4: isOn('/proc/sys/net/ipv4/ip_forward'), ipv6: isOn('/proc/sys/net/ipv6/conf/all/forwarding') }
  }

  /** Calls back after links or addresses have changed, once for a burst. Answers the function that ends it. */
  onChange(callback: () => void): () => void {
    this.#callbacks.add(callback)
    return () => {
      this.#callbacks.delete(callback)
    }
  }

  close(): void {
    if (this.#socket.closed) return
    this.#callbacks.clear()
    this.#stop()
    this.#socket.close()
  }

  #drain(): void {
    const buffer = new Uint8Array(RECEIVE_BYTES)

    while (!this.#socket.closed) {
      const length = libc().recv(this.#socket.fd, buffer, buffer.length, MSG_DONTWAIT)

      /* ENOBUFS says that messages were lost: a change like any other, since callers ask for the whole state. */
      if (length < 0 && lastErrno() !== Errno.ENOBUFS && lastErrno() !== Errno.EINTR) break
    }
    for (const callback of [...this.#callbacks]) callback()
  }
}
