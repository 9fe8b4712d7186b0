import { z } from 'zod'
import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import type { Azure } from '../azure.ts'
import type { Action } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'

/** Bytes of an account key; base64 on the wire. */
const KEY_LENGTH = 64

const NAMES = ['key1', 'key2'] as const

type Keys = Readonly<Partial<Record<string, { value: string; creationTime: string }>>>

export function newKey(azure: Azure): { value: string; creationTime: string } {
  const bytes = Uint8Array.from({ length: KEY_LENGTH }, () => Math.floor(azure.random() * 256))
  return { value: Buffer.from(bytes).toString('base64'), creationTime: new Date(azure.clock.now()).toISOString() }
}

export function newKeys(azure: Azure): JsonObject {
  return Object.fromEntries(NAMES.map((name) => [name, newKey(azure)]))
}

export function keysOf(account: Resource): Keys {
  return (account.hidden.keys ?? {}) as Keys
}

function keyList(keys: Keys): JsonObject {
  return { keys: NAMES.map((keyName) => ({ keyName, ...keys[keyName], permissions: 'FULL' })) }
}

export const listKeys: Action = { run: (_, account) => ({ body: keyList(keysOf(account)) }) }

export const regenerateKey: Action = {
  run(call, account) {
    const { keyName } = parseBody(z.object({ keyName: z.string().max(20) }), call)
    const name = NAMES.find((known) => known === keyName)
    if (!name) throw new ArmError(400, 'InvalidValuesForRequestParameters', 'Values for request parameters are invalid: keyName.')
    const keys = { ...keysOf(account), [name]: newKey(call.azure) }
    call.azure.resources.put({ ...account, hidden: { ...account.hidden, keys } })
    return { body: keyList(keys) }
  },
}
