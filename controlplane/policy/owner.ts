/** Several owners of one policy: each declares the objects that carry its label, and leaves those of others alone. */
import { sortedJson } from './checkrule.ts'
import type { PolicyDocument } from './document.ts'
import { type Problem, pointer } from './problem.ts'

const kinds = ['interfaces', 'sets', 'rules', 'services', 'detectors'] as const

type OwnerFault = Omit<Problem, 'code'> & { readonly code: 'in_use' }
type Objects = Record<string, { readonly labels?: Record<string, string> }>

/** `wanted` in place of what `owner` has. Faults where it names what is another's, or nobody's. */
export function replaceOwned(
  owner: string,
  newest: PolicyDocument,
  wanted: PolicyDocument,
): { readonly document: PolicyDocument; readonly faults: readonly OwnerFault[] } {
  const faults: OwnerFault[] = []
  const sections = kinds.flatMap(kind => {
    const before = (newest[kind] ?? {}) as Objects
    const own = (wanted[kind] ?? {}) as Objects
    for (const [name, value] of Object.entries(own)) {
      const said = ownerOf(value)
      const has = Object.hasOwn(before, name) ? (ownerOf(before[name]) ?? 'nobody') : owner
      const whose = said !== undefined && said !== owner ? said : has
      if (whose !== owner)
        faults.push({
          pointer: pointer(kind, name),
          code: 'in_use',
          detail: `${kind}/${name} belongs to ${whose}, not to ${owner}`,
          hint: said === undefined || said === owner ? 'take another name' : `label it owner: ${owner}, or leave it out`,
        })
    }
    const others = Object.entries(before).filter(([, value]) => ownerOf(value) !== owner)
    const labelled = Object.entries(own).map(([name, value]): [string, unknown] => [name, { ...value, labels: { ...value.labels, owner } }])
    const all = [...others, ...labelled]
    return all.length === 0 && newest[kind] === undefined && wanted[kind] === undefined ? [] : [[kind, Object.fromEntries(all)]]
  })
  if (Object.keys(wanted.defaults).length > 0 && sortedJson(wanted.defaults) !== sortedJson(newest.defaults))
    faults.push({
      pointer: '/defaults',
      code: 'in_use',
      detail: `defaults are everybody's, and not ${owner}'s alone`,
      hint: 'write defaults: {}, and change them by PATCH /v1/policy',
    })
  return { document: { ...newest, ...Object.fromEntries(sections) } as PolicyDocument, faults }
}

function ownerOf(value: Objects[string] | undefined): string | undefined {
  return value?.labels?.owner
}
