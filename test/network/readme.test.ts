/** The README's session, typed into a gate of the lab: each command does what the README says it does. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { checkout } from '../lab/host.ts'
import { cannotBuildLabs, Lab } from '../lab/lab.ts'

const skip = cannotBuildLabs()

interface Typed {
  readonly command: string
  readonly answer: readonly string[]
}

/** Commands of ```console blocks, each with what it prints; a line that ends in a backslash, or within quotes, goes on. */
function session(markdown: string): Typed[] {
  const typed: { command: string; answer: string[] }[] = []

  for (const [, block = ''] of markdown.matchAll(/```console\n(.*?)```/gs)) {
    let open = false

    for (const line of block.trimEnd().split('\n')) {
      const last = typed.at(-1)

      if (line.startsWith('$ ')) typed.push({ command: line.slice(2), answer: [] })
      else if (open && last) last.command += `\n${line}`
      else last?.answer.push(line)

      const command = typed.at(-1)?.command ?? ''

      open = typed.at(-1)?.answer.length === 0 && (command.endsWith('\\') || (command.match(/'/g) ?? []).length % 2 === 1)
    }
  }
  return typed
}

/** `…` stands for what differs from run to run. */
function pattern(line: string): RegExp {
  return new RegExp(
    `^${line
      .split('…')
      .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )
}

test('the session of the README', { skip }, async t => {
  const lab = await Lab.create({ clients: 1, backends: 2 })

  t.teardown(() => lab.close())
  await lab.gate.serve()

  const typed = session(readFileSync(join(checkout, 'README.md'), 'utf8'))

  t.ok(typed.length >= 5, `${typed.length} commands`)
  for (const { command, answer } of typed) {
    const line = command
      .replaceAll('/run/drawgate/api.sock', lab.gate.socket)
      .replaceAll('eth0', 'c0')
      .replace(/^drawgate/, `${lab.gate.drawgate.join(' ')}`)
    const { status, stdout, stderr } = await lab.gate.try(['env', `DRAWGATE_SOCKET=${lab.gate.socket}`, 'sh', '-c', line])
    const lines = stdout.trimEnd().split('\n')

    t.equal(status, 0, `${command}\n${stderr}`)
    t.equal(lines.length, answer.length, `${command}\n${stdout}`)
    for (const [i, expected] of answer.entries()) t.match(lines[i]?.trimEnd(), pattern(expected.trimEnd()))
  }
})
