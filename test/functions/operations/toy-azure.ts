import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { done, type Look } from '../../../shared/operations/outcome.ts'
import type { Problem } from '../../../shared/problem.ts'

export type ToyAnswer = { readonly look: Look } | { readonly problem: Problem }
type Script = (verb: string, call: number) => ToyAnswer | Promise<ToyAnswer>

export interface ToyAzure {
  readonly url: string
  /** Every call so far, as `verb id`. */
  readonly calls: readonly string[]
  /** What a step answers; done at once unless told. `call` counts the calls of that verb from 1. */
  answer(id: string, script: Script): void
  close(): void
}

/** What the toy steps of the test app talk to, in the hands of the test. */
export async function toyAzure(): Promise<ToyAzure> {
  const scripts = new Map<string, Script>()
  const calls: string[] = []
  const server = createServer(async (request, response) => {
    const [, verb = '', id = ''] = (request.url ?? '').split('/')
    calls.push(`${verb} ${id}`)
    const call = calls.filter((made) => made === `${verb} ${id}`).length
    const answer = (await scripts.get(id)?.(verb, call)) ?? { look: done() }
    response.end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer: (id, script) => scripts.set(id, script),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
