import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import type { Azure } from '../azure.ts'
import type { Action } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PASSWORD_LENGTH = 52

const NAMES = ['password', 'password2'] as const

/** Random letters from the simulator's own randomness. */
export function newSecret(azure: Azure): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[Math.floor(azure.random() * ALPHABET.length)]).join('')
}

/** What a new registry keeps to itself: the id of its contents, its signing key, the admin's passwords. */
export function newHidden(azure: Azure): JsonObject {
  return {
    store: azure.uuid(),
    signingKey: newSecret(azure),
    passwords: Object.fromEntries(NAMES.map((name) => [name, newSecret(azure)])),
  }
}

function passwordsOf(registry: Resource): Readonly<Record<string, string>> {
  return registry.hidden.passwords as Record<string, string>
}

export function passwordFits(registry: Resource, password: string): boolean {
  return Object.values(passwordsOf(registry)).some((known) => sameSecret(known, password))
}

export function sameSecret(known: string, given: string): boolean {
  const [a, b] = [known, given].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

function shown(registry: Resource): JsonObject {
  const passwords = passwordsOf(registry)
  return { username: registry.name, passwords: NAMES.map((name) => ({ name, value: passwords[name] })) }
}

function requireAdmin({ name, properties }: Resource): void {
  if (properties.adminUserEnabled !== true)
    throw new ArmError(
      400,
      'UnAuthorizedForCredentialOperations',
      `Cannot perform credential operations for ${name} as admin user is disabled. Kindly enable admin user as per docs: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-authentication#admin-account`,
    )
}

export const listCredentials: Action = {
  run(_, registry) {
    requireAdmin(registry)
    return { body: shown(registry) }
  },
}

export const regenerateCredential: Action = {
  run(call, registry) {
    requireAdmin(registry)
    const { name } = parseBody(z.object({ name: z.enum(NAMES) }), call)
    const passwords = { ...passwordsOf(registry), [name]: newSecret(call.azure) }
    const changed = call.azure.resources.put({ ...registry, hidden: { ...registry.hidden, passwords } })
    return { body: shown(changed) }
  },
}
