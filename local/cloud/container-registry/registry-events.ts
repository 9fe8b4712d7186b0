import type { Azure } from '../azure.ts'
import { publish } from '../event-grid/delivery.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { loginServer } from './registry.ts'
import type { Manifest } from './repository.ts'

/** Where something happens to an image; without a request when the registry itself does it. */
export interface EventSource {
  readonly azure: Azure
  readonly registry: Resource
  readonly request?: Request
}

/** A push, with its tag when it had one. Inside the change. */
export function announcePush(source: EventSource, repository: string, digest: string, manifest: Manifest, tag: string | undefined): void {
  const url = `https://${loginServer(source.registry)}/v2/${repository}/manifests/${digest}`
  const target = { ...targetOf(repository, digest, manifest), url, ...(tag !== undefined && { tag }) }
  announce(source, 'push', 'ImagePushed', tag === undefined ? repository : `${repository}:${tag}`, target)
}

/** A deletion, whatever tags the manifest had. Nothing is announced when a tag moves or goes: Azure has no event for it. */
export function announceDelete(source: EventSource, repository: string, digest: string, manifest: Manifest): void {
  announce(source, 'delete', 'ImageDeleted', repository, targetOf(repository, digest, manifest))
}

function targetOf(repository: string, digest: string, { mediaType, size }: Manifest): JsonObject {
  return { mediaType, size, digest, length: size, repository }
}

function announce({ azure, registry, request }: EventSource, action: string, type: string, subject: string, target: JsonObject): void {
  const id = azure.uuid()
  const at = azure.clock.now()
  publish(azure, {
    id,
    topics: [registry.id],
    subject,
    eventType: `Microsoft.ContainerRegistry.${type}`,
    dataVersion: '1.0',
    at,
    data: {
      id,
      timestamp: new Date(at).toISOString(),
      action,
      location: registry.location,
      target,
      ...(request && {
        request: {
          id: azure.uuid(),
          host: loginServer(registry),
          method: request.method,
          useragent: request.headers.get('user-agent')?.slice(0, 200) ?? '',
        },
      }),
    },
  })
}

/** The registry itself was written or deleted: to whoever listens at its group or subscription. */
export function announceResource(azure: Azure, registry: Resource, verb: 'Write' | 'Delete'): void {
  const [, subscription = '', group = ''] = /^(\/subscriptions\/[^/]+)(\/resourceGroups\/[^/]+)/i.exec(registry.id) ?? []
  const operationName = `${registry.type}/${verb.toLowerCase()}`
  publish(azure, {
    id: azure.uuid(),
    topics: [subscription, `${subscription}${group}`],
    subject: registry.id,
    eventType: `Microsoft.Resources.Resource${verb}Success`,
    dataVersion: '2',
    at: azure.clock.now(),
    data: {
      authorization: { scope: registry.id, action: operationName, evidence: {} },
      claims: {},
      correlationId: azure.uuid(),
      resourceProvider: 'Microsoft.ContainerRegistry',
      resourceUri: registry.id,
      operationName,
      status: 'Succeeded',
      subscriptionId: subscription.split('/').at(-1) ?? '',
      tenantId: azure.directory.tenantId,
    },
  })
}
