import type { Clock } from '../clock.ts'
import { type Alarms, alarmsOf } from './alarms.ts'
import type { Arm } from './arm/arm.ts'
import { finishOperation } from './arm/finish-operation.ts'
import { operationsOf } from './arm/operations.ts'
import { registryOf } from './arm/registry.ts'
import { allows } from './authorization/access.ts'
import { authorizationProvider } from './authorization/provider.ts'
import { type Azure, ENGINE } from './azure.ts'
import { type Faults, faultsOf } from './fault-plan.ts'
import { JITTER, type Latency, latencies } from './latencies.ts'
import { locations } from './locations.ts'
import type { Provider } from './provider.ts'
import { recordStore } from './record-store.ts'
import { resourceStore } from './resource-store.ts'
import { resourcesProvider } from './resources/provider.ts'
import { randomUuid, seededRandom } from './seeded-random.ts'
import type { State } from './state.ts'
import { type AccessTokens, accessTokensOf } from './tokens/access-token.ts'
import { directoryOf, type TenantDirectory } from './tokens/directory.ts'
import type { SigningKey } from './tokens/signing-key.ts'

/** All parts of one simulated Azure, wired up. */
export interface Parts {
  readonly azure: Azure
  readonly arm: Arm
  readonly state: State
  readonly directory: TenantDirectory
  readonly tokens: AccessTokens
  readonly faults: Faults
  readonly alarms: Alarms
  /** Wakes for what is in the state. */
  start(): void
}

export interface AzureOptions {
  readonly state: State
  readonly dataDir: string
  readonly clock: Clock
  readonly speed: number
  readonly seed: number
  readonly tenantId: string
  readonly signingKey: SigningKey
  readonly providers: readonly Provider[]
  readonly log: (line: string) => void
}

/** Table of limits set by hand; see `Azure.quota`. Keys `{location}/{name}` in lower case. */
export const QUOTA = 'quota'
/** Table of latencies set by hand: `{ typical }` in simulated seconds, without jitter. */
export const LATENCIES = 'latencies'

export function createAzure(options: AzureOptions): Parts {
  const { state, dataDir, clock, speed, log } = options
  const random = seededRandom(options.seed + countStart(state) * 7_919)
  const uuid = () => randomUuid(random)
  const all: readonly Provider[] = [resourcesProvider(() => all), authorizationProvider, ...options.providers]
  const directory = directoryOf(state, options.tenantId)
  const tokens = accessTokensOf(options.signingKey, directory, clock)
  const faults = faultsOf(random)
  const alarms = alarmsOf(state, clock, speed, log)

  const azure: Azure = {
    clock,
    speed,
    dataDir,
    random,
    uuid,
    seconds: (latency) => seconds(state, latency, random),
    resources: resourceStore(state, clock, uuid),
    records: (name) => recordStore(state.table(`records:${name}`)),
    arm: alarms.arm,
    disarm: alarms.disarm,
    change: (action) => state.change(action),
    directory,
    allows: (principal, action, scope, { data = false } = {}) => allows(azure, principal.objectId, action, scope, data),
    authenticate: tokens.authenticate,
    strikes: faults.strikes,
    quota(location, name, fallback) {
      const table = state.table(QUOTA)
      const limit = (table.get(`${location}/${name}`.toLowerCase()) ?? table.get(`*/${name}`.toLowerCase()))?.limit
      return typeof limit === 'number' ? limit : fallback
    },
    locations,
    log,
  }
  const arm: Arm = { azure, registry: registryOf(all), operations: operationsOf(state, azure) }

  return {
    azure,
    arm,
    state,
    directory,
    tokens,
    faults,
    alarms,
    start() {
      alarms.start(({ provider, run, input }) => {
        if (provider !== ENGINE) arm.registry.provider(provider)?.alarms?.[run]?.(azure, input)
        else if (run === 'finish') finishOperation(arm, String(input.id))
        else arm.operations.forget(String(input.id))
      })
    },
  }
}

/** A second start with the same seed must not give out the ids of the first again. */
function countStart(state: State): number {
  const starts = Number(state.table('meta').get('starts')?.count ?? 0)
  state.change(() => state.table('meta').put('starts', { count: starts + 1 }))
  return starts
}

function seconds(state: State, latency: Latency, random: () => number): number {
  const override = state.table(LATENCIES).get(latency)?.typical
  if (typeof override === 'number') return override
  return latencies[latency].typical * (1 + JITTER * (2 * random() - 1))
}
