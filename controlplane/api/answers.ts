/** Answers that every route may give, for the pages of the API. */
import { type TSchema, Type } from 'typebox'
import { reference } from './schemas.ts'

const refused = (description: string) => ({ description, content: { 'application/problem+json': { schema: reference('Problem') } } })

/** Beside the answer that the route is for. */
export function answers(success: Record<number, unknown>, also: readonly (404 | 409 | 410 | 412)[] = []) {
  const names = {
    404: 'There is no such object',
    409: 'Something is in the way',
    410: 'It is not kept any more',
    412: 'A precondition does not hold',
  }
  return {
    ...success,
    ...Object.fromEntries(also.map(status => [status, refused(names[status])])),
    '4xx': refused('The request was refused; `code` and `errors` say why'),
    '5xx': refused('Not possible at the moment; `Retry-After` says when to try again'),
  }
}

export const ok = (schema: TSchema, description: string) => ({ ...schema, description })
export const noContent = { type: 'null', description: 'Done; `Drawgate-Revision` has the revision' }

/** A page of a list. */
export function page(item: TSchema, description: string) {
  return Type.Object(
    {
      items: Type.Array(item),
      nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'For `cursor`; null: this is the last page' }),
    },
    { description },
  )
}
