import type { Api, WireCluster, WireOperation } from '../api.ts'
import { begun, type Call, type CallName, isAllowed, type send } from './calls.ts'

export interface Sent {
  readonly name: CallName
  readonly call: Call
  readonly answer: Awaited<ReturnType<typeof send>>
}

/** One gets through, the others are told why not; what keeps nobody out goes beside. Answers whether the cluster is being deleted. */
export async function judge(api: Api, sent: readonly Sent[], before: WireCluster, hasRivals: boolean): Promise<boolean> {
  const isDeleted = sent.some(({ name, answer }) => name === 'delete' && answer.code === 202)
  for (const { name, answer } of sent) {
    const { code, message, error } = answer
    expect({ name, code, message }).toEqual({ name, code, message: expect.stringMatching(/^[^%]+$/) })
    expect([200, 202, 400, 409, ...(isDeleted ? [404] : [])]).toContain(code)
    if (code === 409) expect({ message, error }).toMatchObject({ error: { code: 'conflict' } })
  }
  // A deletion takes the place of whatever else there is, and one is as good as two.
  for (const { name, answer } of sent) if (name === 'delete') expect([202, 404]).toContain(answer.code)
  if (isDeleted) return true
  const lasting = sent.filter(({ call }) => call.waiter)
  const winners = lasting.filter(({ answer }) => answer.code === 202)
  const changesPlans = sent.some(({ name, answer }) => ['resize', 'autoscale'].includes(name) && answer.code === 200)
  // That other sizes were chosen after a start had failed is told only by the answer to its retry.
  const sensible = lasting.filter(({ call, answer }) => isAllowed(call, before) && !/to start with other sizes/.test(answer.message))
  if (sensible.length > 0 && !changesPlans && !hasRivals) expect(winners.length).toBeGreaterThan(0)
  await oneAfterTheOther(
    api,
    winners.flatMap(({ answer }) => begun(answer) ?? []),
  )
  for (const { answer } of sensible.filter((one) => !winners.includes(one)))
    if (answer.code === 409) expect(answer.message).toMatch(/^(cluster is |Somebody else retries)/)
  return false
}

interface Timed extends WireOperation {
  /** Of its latest attempt. */
  readonly startedOn?: number
  readonly endedOn?: number
}

export const operationOf = async (api: Api, id: string): Promise<Timed> =>
  (await api.call<{ operation: Timed }>('GET', `/api/operations/${id}`)).payload.operation

/** So late that the other had already ended: then it was no race. */
async function oneAfterTheOther(api: Api, ids: readonly string[]): Promise<void> {
  const times = (await Promise.all(ids.map((id) => operationOf(api, id)))).map(({ startedOn, endedOn }) => ({
    since: startedOn ?? Number.POSITIVE_INFINITY,
    until: endedOn ?? Number.POSITIVE_INFINITY,
  }))
  const ordered = times.toSorted((a, b) => a.since - b.since)
  for (const [index, next] of ordered.slice(1).entries()) expect(ordered[index]?.until).toBeLessThanOrEqual(next.since)
}
