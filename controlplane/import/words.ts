/** Names that rule files use for numbers. */

const icmp: Readonly<Record<string, string>> = {
  'echo-reply': '0',
  pong: '0',
  'destination-unreachable': '3',
  'network-unreachable': '3/0',
  'host-unreachable': '3/1',
  'protocol-unreachable': '3/2',
  'port-unreachable': '3/3',
  'fragmentation-needed': '3/4',
  'source-quench': '4',
  redirect: '5',
  'echo-request': '8',
  ping: '8',
  'router-advertisement': '9',
  'router-solicitation': '10',
  'time-exceeded': '11',
  'ttl-exceeded': '11',
  'ttl-zero-during-transit': '11/0',
  'parameter-problem': '12',
  'timestamp-request': '13',
  'timestamp-reply': '14',
  'info-request': '15',
  'info-reply': '16',
  'address-mask-request': '17',
  'address-mask-reply': '18',
}
const icmpv6: Readonly<Record<string, string>> = {
  'destination-unreachable': '1',
  'no-route': '1/0',
  'communication-prohibited': '1/1',
  'beyond-scope': '1/2',
  'address-unreachable': '1/3',
  'port-unreachable': '1/4',
  'packet-too-big': '2',
  'time-exceeded': '3',
  'ttl-exceeded': '3',
  'parameter-problem': '4',
  'bad-header': '4/0',
  'unknown-header-type': '4/1',
  'unknown-option': '4/2',
  'echo-request': '128',
  ping: '128',
  'echo-reply': '129',
  pong: '129',
  'mld-listener-query': '130',
  'mld-listener-report': '131',
  'mld-listener-done': '132',
  'mld-listener-reduction': '132',
  'nd-router-solicit': '133',
  'router-solicitation': '133',
  'nd-router-advert': '134',
  'router-advertisement': '134',
  'nd-neighbor-solicit': '135',
  'neighbour-solicitation': '135',
  'neighbor-solicitation': '135',
  'nd-neighbor-advert': '136',
  'neighbour-advertisement': '136',
  'neighbor-advertisement': '136',
  'nd-redirect': '137',
  redirect: '137',
  'router-renumbering': '138',
  'ind-neighbor-solicit': '141',
  'ind-neighbor-advert': '142',
  'mld2-listener-report': '143',
}

/** Type and perhaps code. Undefined: no such message. */
export function icmpOf(text: string, family: 4 | 6): { type: number; code?: number } | undefined {
  const [type = '', code] = ((family === 4 ? icmp : icmpv6)[text] ?? text).split('/')
  const valid = (word: string) => /^\d{1,3}$/.test(word) && Number(word) < 256
  if (!valid(type) || (code !== undefined && !valid(code))) return undefined
  return { type: Number(type), ...(code === undefined ? {} : { code: Number(code) }) }
}

const protocols: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  ipip: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  gre: 47,
  esp: 50,
  'ipv6-crypt': 50,
  ah: 51,
  'ipv6-auth': 51,
  icmpv6: 58,
  'ipv6-icmp': 58,
  eigrp: 88,
  ospf: 89,
  ospfigp: 89,
  pim: 103,
  comp: 108,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
}

export function protocolOf(text: string): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) < 256 ? Number(text) : undefined
  return protocols[text]
}

const services: Readonly<Record<string, number>> = {
  'ftp-data': 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  www: 80,
  pop3: 110,
  sunrpc: 111,
  ntp: 123,
  'netbios-ns': 137,
  'netbios-dgm': 138,
  'netbios-ssn': 139,
  imap2: 143,
  imap: 143,
  snmp: 161,
  'snmp-trap': 162,
  bgp: 179,
  ldap: 389,
  https: 443,
  'microsoft-ds': 445,
  submissions: 465,
  syslog: 514,
  'dhcpv6-client': 546,
  'dhcpv6-server': 547,
  submission: 587,
  ipp: 631,
  ldaps: 636,
  'domain-s': 853,
  rsync: 873,
  imaps: 993,
  pop3s: 995,
  openvpn: 1194,
  mqtt: 1883,
  nfs: 2049,
  mysql: 3306,
  rdp: 3389,
  'ms-wbt-server': 3389,
  sip: 5060,
  'sip-tls': 5061,
  mdns: 5353,
  postgresql: 5432,
  'http-alt': 8080,
}

/** `80`, `ssh`, `1:10`, `1-10`, `:10`, `10:`, as a policy writes it. */
export function portsOf(text: string): string | undefined {
  const port = (word: string) => (/^\d{1,5}$/.test(word) ? Number(word) : services[word])
  if (port(text) !== undefined) return inRange(port(text), port(text))
  const [first, last, ...more] = text.split(/[:-]/)
  if (last === undefined || more.length > 0) return undefined
  return inRange(first === '' ? 0 : port(first ?? ''), last === '' ? 65535 : port(last))
}

function inRange(first: number | undefined, last: number | undefined): string | undefined {
  if (first === undefined || last === undefined || first > last || last > 65535) return undefined
  return first === last ? String(first) : `${first}-${last}`
}

const codePoints: Readonly<Record<string, number>> = { ef: 46, be: 0, va: 44, lephb: 1 }

export function dscpOf(text: string): number | undefined {
  const word = text.toLowerCase()
  const selector = /^cs([0-7])$/.exec(word)
  const forwarding = /^af([1-4])([1-3])$/.exec(word)
  if (selector) return 8 * Number(selector[1])
  if (forwarding) return 8 * Number(forwarding[1]) + 2 * Number(forwarding[2])
  const value = codePoints[word] ?? (/^(0x[0-9a-f]+|\d+)$/.test(word) ? Number(word) : undefined)
  return value !== undefined && value < 64 ? value : undefined
}

const units: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  d: 86400,
  day: 86400,
}

/** How many a second: `10/second`, `5/min`. */
export function rateOf(text: string): number | undefined {
  const parts = /^(\d+)\/([a-z]+)$/.exec(text)
  const unit = units[parts?.[2] ?? '']
  return parts === null || unit === undefined ? undefined : Number(parts[1]) / unit
}

/** A device, or a pattern: iptables ends those in +, nftables in *. Undefined: every device. */
export function deviceOf(text: string): string | undefined {
  const name = text.replace(/\+$/, '*')
  return name === '*' ? undefined : name
}
