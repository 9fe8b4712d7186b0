import { z } from 'zod'
import { type Attributes, attributesSchema } from './attributes.ts'
import { requireDigest } from './content-digest.ts'
import { bodyOf, type DataCall, repositoryOf } from './data-call.ts'
import { readManifest } from './manifest-lists.ts'
import { findManifest } from './manifests.ts'
import { RegistryError, tagUnknown } from './registry-error.ts'
import { readRepository } from './repositories.ts'
import { readTag } from './tags.ts'

const MAX_BODY = 64 * 1024

async function sentAttributes(call: DataCall): Promise<Attributes> {
  const content = await bodyOf(call, MAX_BODY)
  try {
    return attributesSchema.parse(JSON.parse(content.toString('utf8')))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : 'The body is not JSON.'
    throw new RegistryError(400, 'INVALID_REQUEST', 'The request is invalid.', { reason })
  }
}

export async function changeRepository(call: DataCall): Promise<Response> {
  const sent = await sentAttributes(call)
  const repository = repositoryOf(call)
  call.contents.change(() =>
    call.contents.putRepository(repository, { ...repository.row, attributes: { ...repository.row.attributes, ...sent } }),
  )
  return readRepository(call)
}

export async function changeManifest(call: DataCall): Promise<Response> {
  const sent = await sentAttributes(call)
  const repository = repositoryOf(call)
  const { digest, manifest } = findManifest(repository, requireDigest(call.asked.reference))
  call.contents.change(() =>
    call.contents.putManifest(repository, digest, { ...manifest, attributes: { ...manifest.attributes, ...sent } }),
  )
  return readManifest(call)
}

export async function changeTag(call: DataCall): Promise<Response> {
  const sent = await sentAttributes(call)
  const repository = repositoryOf(call)
  const tag = repository.tags.get(call.asked.reference)
  if (!tag) throw tagUnknown(repository.name, call.asked.reference)
  call.contents.change(() => call.contents.putTag(repository, call.asked.reference, { ...tag, attributes: { ...tag.attributes, ...sent } }))
  return readTag(call)
}
