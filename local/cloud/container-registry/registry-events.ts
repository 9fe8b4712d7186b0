import type { Azure } from '../azure.ts'
import { publish } from '../event-grid/delivery.ts'
import type { JsonObject, Resource } from '../resource.ts'
import type { DataCall } from './data-call.ts'
import { loginServer } from './registry.ts'
import type { Manifest } from './repository.ts'

/** A push, with its tag when it had one. Inside the change. */
export function announcePush(call: DataCall, digest: string, manifest: Manifest, tag: string | undefined): void {
  const { azure, asked, registry } = call
  const url = `https://${loginServer(registry)}/v2/${asked.repository}/manifests/${digest}`
  const target = { ...targetOf(call, digest, manifest), url, ...(tag !== undefined && { tag }) }
  announce(call, 'push', 'ImagePushed', tag === undefined ? asked.repository : `${asked.repository}:${tag}`, target, azure.clock.now())
}

/** A deletion, whatever tags the manifest had. Nothing is announced when a tag moves or goes: Azure has no event for it. */
export function announceDelete(call: DataCall, digest: string, manifest: Manifest): void {
  announce(call, 'delete', 'ImageDeleted', call.asked.repository, targetOf(call, digest, manifest), call.azure.clock.now())
}

function targetOf({ asked }: DataCall, digest: string, { mediaType, size }: Manifest): JsonObject {
  return { mediaType, size, digest, length: size, repository: asked.repository }
}

function announce(call: DataCall, action: string, type: string, subject: string, target: JsonObject, at: number): void {
  const { azure, registry, request } = call
  const id = azure.uuid()
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
      request: {
        id: azure.uuid(),
        host: loginServer(registry),
        method: request.method,
        useragent: request.headers.get('user-agent')?.slice(0, 200) ?? '',
      },
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
