import type { Api, WireCluster } from '../api.ts'
import { ask, callNames, callOf, NEW_VERSION, OLD_VERSION } from '../races/calls.ts'
import { allows, isAccepted, type Model } from './model.ts'

/** The cluster is as the model has it, in everything that a caller sees. */
export async function compare(api: Api, cluster: WireCluster, model: Model): Promise<void> {
  const { upgradeInProgress, autoscale, activeOperation, ...shown } = cluster
  expect({
    ...shown,
    workers: shown.clusterConfiguration.workers.reduce((sum, { count }) => sum + count, 0),
    isUpgrading: upgradeInProgress !== undefined,
    scales: autoscale !== undefined,
    isBusy: activeOperation !== undefined,
  }).toMatchObject({
    state: model.phase,
    activationState: allows.start(model) ? 'startable' : allows.stop(model) ? 'stoppable' : 'terminable',
    version: model.isOld ? OLD_VERSION : NEW_VERSION,
    clusterConfiguration: { head: { instanceType: model.isLarge ? 'Standard_D4s_v4' : 'Standard_D2s_v4' } },
    workers: model.workers,
    ports: { ssh: model.ssh },
    scales: model.scales,
    isUpgrading: model.upgrade !== undefined,
    locked: model.locked,
    isBusy: false,
  })
  if (model.phase === 'running' || model.phase === 'stopped') expect(shown).not.toHaveProperty('errorMessage')
  else expect(shown.errorMessage).toMatch(/^[^%]+$/)
  await compareActions(api, cluster, model)
}

/** What the cluster says may be done is what the model allows, and what a call is let through for. */
async function compareActions(api: Api, cluster: WireCluster, model: Model): Promise<void> {
  const asked = callNames.filter((name) => name !== 'retry')
  const answers = await Promise.all(
    asked.map(async (name) => {
      const allowed = cluster.allowedActions.find(({ action }) => action === callOf(name).action)?.allowed
      return { name, allowed, ...(await ask(api, callOf(name), cluster)) }
    }),
  )
  const expected = asked.map((name) => {
    const goesThrough = isAccepted(model, name)
    return { name, allowed: allows[name](model), goesThrough, ...(!goesThrough && { reason: expect.any(String) }) }
  })
  expect(answers).toEqual(expected)
}
