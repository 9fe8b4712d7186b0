import { z } from 'zod'
import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import { sameId } from '../arm/resource-id.ts'
import type { Action, ResourceType } from '../provider.ts'
import { newSecret } from './credentials.ts'
import { API_VERSIONS } from './registry.ts'
import { SCOPE_MAP, TOKEN } from './scope-map.ts'

const NAME = /^[a-zA-Z0-9-]{5,50}$/
const MOST_ACTIONS = 500

const scopeMapBody = z.object({
  properties: z.object({
    description: z.string().max(256).default(''),
    actions: z.array(z.string().regex(/^(repositories\/.+\/(content|metadata)|gateway\/.+\/(config|message))\/\w+$/)).max(MOST_ACTIONS),
  }),
})

/** What a token of the registry's own may do with which repositories. */
export const scopeMaps: ResourceType = {
  type: 'registries/scopeMaps',
  apiVersions: API_VERSIONS,
  tracked: false,
  namePattern: NAME,
  write(call, existing) {
    const { properties } = parseBody(scopeMapBody, call)
    const creationDate = new Date(existing?.createdAt ?? call.azure.clock.now()).toISOString()
    return { properties: { ...properties, type: 'UserDefined', creationDate } }
  },
  remove(call, existing) {
    const used = call.azure.resources.ofType(TOKEN).some(({ properties }) => sameId(String(properties.scopeMapId), existing.id))
    if (used) throw new ArmError(409, 'ScopeMapInUse', `The scope map ${existing.name} is in use by one or more tokens.`)
    return {}
  },
}

const tokenBody = z.object({
  properties: z.object({ scopeMapId: z.string().max(1_000), status: z.enum(['enabled', 'disabled']).default('enabled') }),
})

/** A user of the registry alone, with passwords made by `generateCredentials`. */
export const tokens: ResourceType = {
  type: 'registries/tokens',
  apiVersions: API_VERSIONS,
  tracked: false,
  namePattern: NAME,
  write(call, existing) {
    const { properties } = parseBody(tokenBody, call)
    const scopeMap = call.azure.resources.get(properties.scopeMapId)
    if (scopeMap?.type !== SCOPE_MAP) throw new ArmError(404, 'ScopeMapNotFound', 'The scope map of the token was not found.')
    const creationDate = new Date(existing?.createdAt ?? call.azure.clock.now()).toISOString()
    return { properties: { ...properties, scopeMapId: scopeMap.id, creationDate } }
  },
  remove: () => ({}),
}

interface Password {
  readonly name: string
  readonly value: string
  readonly creationTime: string
  readonly expiry?: string
}

const PASSWORDS = ['password1', 'password2'] as const

const generateBody = z.object({
  tokenId: z.string().max(1_000),
  name: z.enum(PASSWORDS).optional(),
  expiry: z.iso.datetime({ offset: true }).optional(),
})

/** Makes one password anew, or both; nobody is told them a second time. */
export const generateCredentials: Action = {
  run(call, registry) {
    const { tokenId, name, expiry } = parseBody(generateBody, call)
    const token = call.azure.resources.get(tokenId)
    if (token?.type !== TOKEN || !token.id.startsWith(`${registry.id}/`))
      throw new ArmError(404, 'TokenNotFound', 'The token was not found in the registry.')
    const creationTime = new Date(call.azure.clock.now()).toISOString()
    const names = name === undefined ? PASSWORDS : [name]
    const made = names.map(
      (each): Password => ({ name: each, value: newSecret(call.azure), creationTime, ...(expiry !== undefined && { expiry }) }),
    )
    const kept = ((token.hidden.passwords ?? []) as unknown as readonly Password[]).filter(
      (old) => !made.some((other) => other.name === old.name),
    )
    const passwords = [...kept, ...made].map((password) => ({ ...password }))
    call.azure.resources.put({ ...token, hidden: { passwords } })
    return { body: { username: token.name, passwords: made.map((password) => ({ ...password })) } }
  },
}
