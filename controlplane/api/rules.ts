/** /v1/rules */
import { names } from '../policy/schema.ts'
import { collection } from './collection.ts'
import type { App, Context } from './context.ts'
import { counted } from './counted.ts'

export function rules(app: App, context: Context): void {
  collection(app, context, {
    kind: 'rules',
    component: 'Rule',
    statusComponent: 'RuleStatus',
    namePattern: names.object,
    status: (name, { expiresAt }) => ({
      ...counted(context, 'rules', name),
      ...(expiresAt === undefined ? {} : { expired: Date.parse(expiresAt) <= Date.now() }),
    }),
  })
}
