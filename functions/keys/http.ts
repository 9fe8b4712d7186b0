import * as z from 'zod'
import { defineEndpoint } from '../../shared/http/endpoint.ts'
import { createKeyStore } from '../../shared/keys/key-store.ts'
import { KeyDraft, KeyList, KeyRequest, KeyResponse, KeyView, keyView } from '../../shared/keys/wire.ts'
import type { Services } from '../../shared/services.ts'

const store = ({ tables, clock }: Services) => createKeyStore(tables, clock)

export const keyEndpoints = [
  defineEndpoint({
    name: 'keys-create',
    method: 'POST',
    route: 'keys',
    role: 'admin',
    summary: 'Make an API key',
    request: KeyRequest,
    response: KeyResponse,
    dryRun: KeyDraft,
    status: 201,
    secret: true,
    handler: async ({ body: { name, role, expiresInDays }, caller, dryRun, services }) => {
      const expiresOn = expiresInDays && Math.floor(services.clock.now() / 1000) + expiresInDays * 86_400
      const draft = { name, role, createdBy: caller.name, ...(expiresOn && { expiresOn }) }
      if (dryRun) return draft
      const made = await store(services).create(draft)
      return { key: made.key, ...keyView({ row: made.id, value: made.stored }) }
    },
  }),
  defineEndpoint({
    name: 'keys-list',
    method: 'GET',
    route: 'keys',
    role: 'admin',
    summary: 'List the API keys',
    query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100), continuation: z.string().optional() }),
    response: KeyList,
    handler: async ({ query: { limit, continuation }, services }) => {
      const page = await store(services).list({ limit, ...(continuation && { continuation }) })
      return { keys: page.items.map(keyView), ...(page.continuation && { continuation: page.continuation }) }
    },
  }),
  defineEndpoint({
    name: 'keys-revoke',
    method: 'DELETE',
    route: 'keys/{keyId}',
    role: 'admin',
    summary: 'Revoke an API key',
    params: z.object({ keyId: z.string().regex(/^[0-9a-f]{16}$/) }),
    dryRun: z.object({ key: KeyView }),
    handler: async ({ params: { keyId }, dryRun, services }) => {
      if (dryRun) return { key: keyView({ row: keyId, value: await store(services).get(keyId) }) }
      return store(services).revoke(keyId)
    },
  }),
]
