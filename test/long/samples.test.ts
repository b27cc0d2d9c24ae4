/** Files that other tools ship, fetched as packages of Debian: each is imported, and what comes out is a policy that would be taken. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type Imported, importIptables, importKeepalived, importNft, type Source } from '../../controlplane/import/import.ts'
import { enterNewNetwork } from '../../controlplane/native/namespace.ts'
import { drawgate } from '../cli/terminal.ts'
import { command } from '../import/original.ts'

const directory = mkdtempSync(join(tmpdir(), 'drawgate-samples-'))
t.teardown(() => rmSync(directory, { recursive: true }))

function unpack(name: string): string {
  // As another user than root, apt could not read the directory of its own download.
  execFileSync('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', name], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })
  const [file = ''] = readdirSync(directory).filter(one => one.startsWith(`${name}_`) && one.endsWith('.deb'))
  execFileSync('dpkg', ['-x', join(directory, file), join(directory, name)])
  return join(directory, name)
}

function filesOf(root: string, pattern: RegExp): Source[] {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    one => one.isFile() && pattern.test(join(one.parentPath, one.name)),
  )
  return files.map(({ parentPath, name }) => ({ name, text: readFileSync(join(parentPath, name), 'utf8') }))
}

async function taken({ policy }: Imported): Promise<boolean> {
  const { code, err } = await drawgate(['check', '-'], { stdin: JSON.stringify(policy) })
  if (code !== 0) t.comment(err)
  return code === 0
}

t.test('samples of nftables', async t => {
  const files = filesOf(unpack('nftables'), /examples\/.*\.nft$/)
  t.ok(files.length > 15)
  for (const file of files) t.ok(await taken(importNft(file)), file.name)
  const workstation = importNft(files.find(({ name }) => name === 'workstation.nft') as Source)
  t.match(workstation.policy, { defaults: { ingress: 'deny' } })
  t.same(
    workstation.notes.filter(({ line }) => line > 0),
    [],
    'carried whole',
  )
})

t.test('samples of keepalived', async t => {
  const files = filesOf(unpack('keepalived'), /samples\/keepalived\.conf\.[^/]+$/)
  t.ok(files.length > 20)
  for (const file of files) t.ok(await taken(importKeepalived(file)), file.name)
  t.ok(files.some(file => Object.keys(importKeepalived(file).policy.services ?? {}).length > 3))
})

t.test('rules of ufw, as iptables-save writes them when ufw has loaded them', async t => {
  const files = filesOf(unpack('ufw'), /usr\/share\/ufw\/iptables\/(before|after|user)\.rules$/)
  t.equal(files.length, 3)
  for (const file of files) t.ok(await taken(importIptables([file], undefined)), file.name)
  enterNewNetwork()
  const chains = ['input', 'output', 'forward'].flatMap(hook => ['before', 'after', 'user'].map(part => [hook, part] as const))
  const base = chains.map(([hook, part]) => `:ufw-${part}-${hook} - [0:0]`)
  const loaded = [
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ...base,
    ':ufw-logging-deny - [0:0]',
    ':ufw-logging-allow - [0:0]',
    ':ufw-skip-to-policy-input - [0:0]',
    '-A ufw-skip-to-policy-input -j DROP',
  ]
  const jumps = ['before', 'user', 'after'].map(part => `-A INPUT -j ufw-${part}-input`)
  command('iptables-restore', [], [...loaded, ...jumps, '-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT', 'COMMIT', ''].join('\n'))
  for (const { text } of files.filter(({ name }) => !name.startsWith('user'))) command('iptables-restore', ['-n'], text)
  const imported = importIptables([{ name: 'saved', text: command('iptables-save', []) }], undefined)
  t.ok(await taken(imported))
  t.ok(Object.values(imported.policy.rules ?? {}).some(({ action, match }) => action === 'allow' && match.destinationPorts?.includes('22')))
  for (const { line, text, effect, detail } of imported.notes) if (line > 0) t.comment(`${line} ${effect}: ${text}: ${detail}`)
})
