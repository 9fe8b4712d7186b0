import { type Stage, stage } from '../journeys/stage.ts'
import type { ClusterBlock } from './cluster-block.ts'
import { ClusterResource } from './cluster-resource.ts'
import { type ProviderClient, providerClient } from './provider-client.ts'

export interface Acceptance {
  readonly here: Stage & {
    readonly client: ProviderClient
    /** Destroys the cluster, and sees that nothing is left of it. */
    destroyed(resource: ClusterResource): Promise<void>
  }
  /** A cluster resource that has not been applied, and a block with a name of its own. */
  cluster(): readonly [ClusterResource, ClusterBlock]
}

/** A world for scenarios of the provider's acceptance tests [contract §6]. */
export function acceptance(): Acceptance {
  const world = stage()
  const client = () => providerClient({ url: world.world.host.url, key: world.api.key })
  let count = 0
  const here = Object.create(world, {
    client: { get: client },
    destroyed: {
      async value(resource: ClusterResource) {
        const { id } = resource
        const name = (await world.api.cluster(id))?.name ?? ''
        await resource.destroy()
        expect(world.resourcesOf({ id, name }).map((left) => left.name)).toEqual([])
        expect(await world.world.ledger(id)).toEqual([])
      },
    },
  }) as Acceptance['here']
  return { here, cluster: () => [new ClusterResource(client()), { name: `tfacctestazure${count++}` }] }
}
