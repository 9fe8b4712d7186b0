import type { Azure } from '../azure.ts'
import type { DataPlane } from '../provider.ts'
import { cancelUpload, continueUpload, finishUpload, pullBlob, readUpload, startUpload } from './blobs.ts'
import type { DataCall } from './data-call.ts'
import { type Category, type DataRequest, type Kind, parseDataRequest } from './data-request.ts'
import { challenge, identify } from './identity.ts'
import { answerKnob, isKnob, type Knobs, knobsOf } from './knobs.ts'
import { changeManifest, changeRepository, changeTag } from './locks.ts'
import { deleteManifest, deleteRepository } from './manifest-deletion.ts'
import { listManifests, readManifest } from './manifest-lists.ts'
import { pullManifest, pushManifest } from './manifests.ts'
import { exchange, token } from './oauth.ts'
import { limitsOf, openContents } from './open-registries.ts'
import { listReferrers } from './referrers.ts'
import { registryNamed, skuOf } from './registry.ts'
import { RegistryError } from './registry-error.ts'
import { listRepositories, readRepository } from './repositories.ts'
import { listDeletedManifests, listDeletedRepositories, listDeletedTags, restoreManifest } from './soft-delete.ts'
import { deleteTag, listTagNames, listTags, readTag } from './tags.ts'

const HANDLERS: Readonly<Record<Kind, (call: DataCall) => Response | Promise<Response>>> = {
  ping: () => Response.json({}),
  exchange,
  token,
  listRepositories,
  listTagNames,
  listReferrers,
  pullManifest,
  pushManifest,
  deleteManifest,
  startUpload,
  readUpload,
  continueUpload,
  finishUpload,
  cancelUpload,
  pullBlob,
  listManifests,
  readManifest,
  changeManifest,
  listTags,
  readTag,
  changeTag,
  deleteTag,
  readRepository,
  changeRepository,
  deleteRepository,
  listDeletedRepositories,
  listDeletedManifests,
  listDeletedTags,
  restoreManifest,
}

export const registryDataPlane: DataPlane = {
  hostSuffix: '.azurecr.io',
  handle,
  operation: (request) => readingOf(request).operation,
}

interface Reading {
  readonly url: URL
  /** `Microsoft.ContainerRegistry/registries/deleteManifest` */
  readonly operation: string
  /** What it is about; throws for a name that cannot be. */
  readonly asked: () => DataRequest | undefined
}

/** Counts, faults and the answer ask what a request is about: it is found out once. */
const readings = new WeakMap<Request, Reading>()

function readingOf(request: Request): Reading {
  const known = readings.get(request)
  if (known) return known
  const url = new URL(request.url)
  const [kind, asked] = parsed(request.method, url)
  const reading = { url, operation: `Microsoft.ContainerRegistry/registries/${kind}`, asked }
  readings.set(request, reading)
  return reading
}

function parsed(method: string, url: URL): readonly [kind: string, asked: Reading['asked']] {
  try {
    const asked = parseDataRequest(method, url)
    return [asked?.kind ?? 'unknown', () => asked]
  } catch (error) {
    const refuse = () => {
      throw error
    }
    return ['unknown', refuse]
  }
}

async function handle(azure: Azure, name: string, request: Request): Promise<Response> {
  const headers: Record<string, string> = {
    'Docker-Distribution-Api-Version': 'registry/2.0',
    'X-Ms-Correlation-Request-Id': azure.uuid(),
    'X-Content-Type-Options': 'nosniff',
  }
  try {
    const response = await answer(azure, name, request, headers)
    for (const [header, value] of Object.entries(headers)) response.headers.set(header, value)
    return response
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error
    const body = request.method === 'HEAD' ? null : JSON.stringify(error.toBody())
    return new Response(body, {
      status: error.status,
      headers: { 'Content-Type': 'application/json; charset=utf-8', ...error.headers, ...headers },
    })
  }
}

async function answer(azure: Azure, name: string, request: Request, headers: Record<string, string>): Promise<Response> {
  const { url, operation, asked: read } = readingOf(request)
  const registry = registryNamed(azure, name)
  if (registry?.provisioningState !== 'Succeeded') throw new RegistryError(404, 'NOT_FOUND', 'There is no registry of this name.')
  const contents = openContents(azure, registry)
  if (isKnob(url)) return answerKnob({ azure, registry, contents, request })
  const knobs = knobsOf(azure, registry)
  const asked = read()
  await linger(azure, request, knobs)
  if (registry.properties.publicNetworkAccess === 'Disabled')
    throw new RegistryError(
      403,
      'DENIED',
      "client with IP '127.0.0.1' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
    )

  const authorization = request.headers.get('authorization')
  // Clients of the token endpoints prove in the request's body who they are.
  const identity = asked?.category === 'oauth' ? undefined : identify(azure, registry, authorization)
  if (asked?.category !== 'oauth' && !identity) throw challenge(registry, asked, authorization !== null)
  if (!asked) throw new RegistryError(404, 'NOT_FOUND', 'The path is not known to the registry.')
  const { category, right } = asked
  const take = (counted: Category) =>
    limitsOf(azure).take({
      registry: String(registry.hidden.store),
      sku: skuOf(registry),
      identity: identity?.subject ?? 'anonymous',
      category: counted,
      override: knobs.callsPerMinute[counted],
    })
  headers['X-Ms-Ratelimit-Remaining-Calls-Per-Second'] = Math.floor(take(category)).toFixed(6)
  // A list of referrers is a read as well.
  if (category === 'referrers') take('read')
  if (right !== undefined && !identity?.may(right, asked.repository)) throw challenge(registry, asked, true)
  if (azure.strikes('deny', { operation, path: url.pathname, method: request.method }))
    throw new RegistryError(403, 'DENIED', 'requested access to the resource is denied')
  const may: DataCall['may'] = (other, repository) => identity?.may(other, repository) === true
  return HANDLERS[asked.kind]({ azure, registry, contents, asked, request, query: url.searchParams, may })
}

/** The latency that was set by hand, and what the fault plan adds to it. */
async function linger(azure: Azure, request: Request, { latencyMs }: Knobs): Promise<void> {
  const { url, operation } = readingOf(request)
  const slow = azure.strikes('slow', { operation, path: url.pathname, method: request.method })
  const ms = latencyMs + Number(slow?.ms ?? 0)
  if (ms > 0) await new Promise<void>((resolve) => void azure.clock.after(ms, resolve))
}
