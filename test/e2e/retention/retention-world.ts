import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { z } from 'zod'
import type { policySchema } from '../../../shared/retention/policy.ts'
import type { reportLineView, runView } from '../../../shared/retention/wire.ts'
import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { requireSkopeo, type Skopeo, skopeoWith } from '../../local/cloud/container-registry/skopeo.ts'
import { until } from '../../until.ts'
import type { Api } from '../api.ts'
import {
  type Arm,
  armOf,
  assignRole,
  type MadeRegistry,
  makeRegistry,
  type RegistryOptions,
  type Role,
  retentionRoles,
} from './made-registry.ts'

export type RunShown = z.output<typeof runView>
export type ReportLine = z.output<typeof reportLineView>
export type PolicyGiven = z.input<typeof policySchema>

/** Nothing is too young, so that only what a manifest belongs to can keep it. */
export const everything = { name: 'everything', untaggedDays: 0, minimumAgeDays: 0 }
export const atOnce: PolicyGiven = { mode: 'enforce', schedule: null, rules: [everything], brake: { manifests: 100_000, share: 1 } }

/** A registry as the API knows it. */
export interface Adopted {
  /** Id in the API. */
  readonly id: string
  policy(policy: PolicyGiven): Promise<void>
  start(options?: { dryRun?: boolean; brakeOff?: boolean }): Promise<string>
  ended(runId: string, seconds?: number): Promise<RunShown>
  /** Starts a run and waits for its end. */
  run(options?: { dryRun?: boolean; brakeOff?: boolean }): Promise<RunShown>
  report(runId: string): Promise<readonly ReportLine[]>
}

/** Calls are made until they succeed or are refused: the host may just be starting again. */
export function adopted(api: Api, id: string): Adopted {
  const start: Adopted['start'] = async ({ dryRun = false, brakeOff = false } = {}) => {
    const started = await api.insist<{ run: string }>('POST', `/api/registries/${id}/runs${dryRun ? '?dryRun=true' : ''}`, { brakeOff })
    if (started.status !== 202) throw new Error(started.message)
    return started.payload.run
  }
  const ended: Adopted['ended'] = (runId, seconds = 60) =>
    until(async () => {
      const { run } = (await api.insist<{ run: RunShown }>('GET', `/api/registries/${id}/runs/${runId}`)).payload
      return run.state === 'pending' || run.state === 'running' ? undefined : run
    }, seconds)
  return {
    id,
    start,
    ended,
    async policy(policy) {
      const answer = await api.insist('PUT', `/api/registries/${id}/policy`, policy)
      if (answer.status !== 200) throw new Error(answer.message)
    },
    run: async (options) => ended(await start(options)),
    async report(runId) {
      const answer = await api.insist<{ manifests: readonly ReportLine[] }>('GET', `/api/registries/${id}/runs/${runId}/report`)
      return answer.payload.manifests
    },
  }
}

export type RegistryUnderTest = MadeRegistry & Adopted

export interface RetentionWorld extends ClusterWorld {
  readonly arm: Arm
  /** Gives the app a role at a registry. Answers what takes it away again. */
  assign(registry: Pick<MadeRegistry, 'armId'>, role: Role, condition?: string): Promise<() => Promise<void>>
  /** Makes a registry in the simulated Azure, and gives the app its roles on it. */
  made(name: string, options?: RegistryOptions): Promise<MadeRegistry>
  /** As `made`, and adopts it. */
  registry(name: string, options?: RegistryOptions & { readonly policy?: PolicyGiven }): Promise<RegistryUnderTest>
  skopeo(registry: MadeRegistry): Skopeo
  /** A folder of its own. */
  readonly home: string
}

export async function retentionWorld(): Promise<RetentionWorld> {
  requireSkopeo()
  const world = await clusterWorld({ tlsPort: 0 })
  const home = mkdtempSync(path.join(tmpdir(), 'slipway-retention-'))
  const { cloud, api } = world
  const arm = armOf(cloud.url, cloud.landingZone)
  const assign: RetentionWorld['assign'] = ({ armId }, role, condition) => assignRole(arm, cloud.landingZone, armId, role, condition)
  const made: RetentionWorld['made'] = async (name, options) => {
    const registry = await makeRegistry(cloud.url, arm, cloud.landingZone, name, options)
    for (const role of options?.roles ?? retentionRoles) await assign(registry, role)
    return registry
  }
  return {
    ...world,
    arm,
    home,
    assign,
    made,
    skopeo: ({ user, password }) => skopeoWith({ proxy: cloud.url, caPath: cloud.caPath ?? '', home, user, password }),
    async registry(name, { policy, ...options } = {}) {
      const registry = await made(name, options)
      const body = { armId: registry.armId, ...(policy && { policy }) }
      const answer = await api.call<{ registry: { id: string } }>('POST', '/api/registries', body)
      if (answer.status !== 201) throw new Error(answer.message)
      const { id } = answer.payload.registry
      // A role takes effect a while after it was assigned.
      await until(async () => (await api.call('GET', `/api/registries/${id}/repositories`)).status === 200)
      return { ...registry, ...adopted(api, id) }
    },
    async end() {
      await world.end()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
