import type { Json, JsonObject } from '../resource.ts'

/** What the data plane refuses with: `{ errors: [{ code, message, detail }] }` under `status`. */
export class RegistryError extends Error {
  override name = 'RegistryError'
  readonly status: number
  readonly code: string
  readonly detail: Json
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, detail: Json = null, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.detail = detail
    this.headers = headers
  }

  toBody(): JsonObject {
    return { errors: [{ code: this.code, message: this.message, detail: this.detail }] }
  }
}

export function nameUnknown(name: string): RegistryError {
  return new RegistryError(404, 'NAME_UNKNOWN', 'repository name not known to registry', { name })
}

export function manifestUnknown(name: string, reference: string): RegistryError {
  return reference.startsWith('sha256:')
    ? new RegistryError(404, 'MANIFEST_UNKNOWN', `manifest ${reference} is not found`, { Name: name, Revision: reference })
    : new RegistryError(404, 'MANIFEST_UNKNOWN', `manifest tagged by "${reference}" is not found`, { Name: name, Tag: reference })
}

export function tagUnknown(name: string, tag: string): RegistryError {
  return new RegistryError(404, 'TAG_UNKNOWN', 'the specified tag does not exist', { name, tag })
}

/** A lock forbids it. */
export function disallowed(): RegistryError {
  return new RegistryError(
    405,
    'REGISTRY_DISALLOWED_OPERATION',
    'The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation',
  )
}
