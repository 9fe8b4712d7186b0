import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { FaultPlan } from '../../../local/cloud/fault-plan.ts'
import type { WireCluster } from '../api.ts'
import { PATIENCE_MS, sideBySide, stage } from '../journeys/stage.ts'
import { begun, type CallName, callOf, calls, NEW_VERSION, OLD_VERSION, send, WORKER } from '../races/calls.ts'
import { withoutBackups } from '../races/without-backups.ts'
import { everySeventh } from '../sweep/every-seventh.ts'
import { choices } from '../sweep/seed.ts'
import { type WAITERS, waitFor } from '../waiters.ts'
import { compare } from './compare.ts'
import { after, type Command, isAccepted, isClear, type Model, type Trouble, troubles } from './model.ts'

const here = stage()

/** Lives of clusters side by side, how many there are one after the other, and how much happens in each; more of them in the soak. */
const LANES = 4
const LIVES = Number(process.env.SLIPWAY_MODEL_LIVES ?? 1)
const DEEDS = 8

const faultOf = (trouble: Trouble, name: string): FaultPlan['rules'][number] => {
  const rules: Record<Trouble, FaultPlan['rules'][number]> = {
    'no-machines': { match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `/${name}-` }, fault: 'capacity' },
    'no-stop': { match: { path: `/${name}-[^/]*/deallocate$` }, fault: 'deny' },
    'no-migration': { match: { path: `/${name}-master-g\\d$` }, fault: 'install-fails' },
  }
  return rules[trouble]
}

/** Azure is never quite well, and nobody is to notice. */
const NOISE = 0.01
beforeAll(() => {
  for (const rule of everySeventh.rules) here.spoil({ ...rule, match: { ...rule.match, probability: NOISE } } as typeof rule)
})

/** A cluster and what it ought to be. */
interface Life {
  readonly cluster: WireCluster
  model: Model
  mend: () => void
}

const look = async ({ cluster }: Life): Promise<WireCluster> => {
  const found = await here.api.cluster(cluster.id)
  if (!found) throw new Error('the cluster is gone')
  return found
}

/** It is let through, and something comes of it. */
const isHeeded = (model: Model, command: Command): boolean => {
  if (isCall(command) && !isAccepted(model, command)) return false
  return (isCall(command) && callOf(command).waiter !== undefined) || !isDeepStrictEqual(after(model, command), model)
}

const isCall = (command: Command): command is CallName => command in calls
const isTrouble = (command: Command): command is Trouble => troubles.some((one) => one === command)

/** One thing is done and has its effect. */
async function obey(life: Life, command: Command): Promise<void> {
  const { cluster, model } = life
  if (isTrouble(command)) life.mend = here.spoil(faultOf(command, cluster.name))
  else if (command === 'mend') life.mend()
  else if (!isCall(command)) await locked(cluster, command)
  else if (isAccepted(model, command)) await accepted(life, command)
  else return refused(life, command)
  life.model = after(model, command)
}

async function locked({ id }: WireCluster, command: 'lock' | 'unlock'): Promise<void> {
  expect(await here.api.call(command === 'lock' ? 'PUT' : 'DELETE', `/api/clusters/${id}/lock`)).toMatchObject({ code: 200 })
}

async function refused(life: Life, name: CallName): Promise<void> {
  const { code, message, error } = await send(here.api, callOf(name), await look(life))
  expect([400, 409]).toContain(code)
  expect({ message, error }).toMatchObject({ message: expect.stringMatching(/^[^%]+$/), error: { code: expect.any(String) } })
}

async function accepted(life: Life, name: CallName): Promise<void> {
  const call = callOf(name)
  const answer = await send(here.api, call, await look(life))
  const { code, message } = answer
  expect({ name, code, message }).toEqual({ name, code: call.waiter || name === 'openPorts' ? 202 : 200, message: expect.any(String) })
  if (call.waiter) await waitFor(here.api, life.cluster.id, waiterOf(life.model, name, call.waiter))
  const operation = begun(answer)
  if (operation) await here.settled(operation)
}

/** A retry is waited for as what it retries. */
const waiterOf = ({ failed }: Model, name: CallName, waiter: keyof typeof WAITERS): keyof typeof WAITERS =>
  name !== 'retry' || failed === 'upgrade' ? waiter : failed === 'stop' ? 'stop' : 'run'

/** The model, and how much has been done. */
interface Known {
  model: Model
  done: number
}

/** Now and then in vain, too; whether all others would be refused is asked in dry runs after each step. */
const step = (command: Command, evenInVain: boolean): fc.AsyncCommand<Known, Life> => ({
  check: ({ model, done }) => done < DEEDS && isClear(model, command) && (evenInVain || isHeeded(model, command)),
  async run(known, life) {
    await obey(life, command)
    known.model = life.model
    known.done++
    await compare(here.api, await look(life), life.model)
  },
  toString: () => command,
})

/** What changes much is done often. */
const COMMANDS: readonly Command[] = [
  ...(['start', 'start', 'stop', 'stop', 'restart', 'addWorkers', 'addWorkers', 'removeWorkers'] as const),
  ...(['upgrade', 'upgrade', 'rollback', 'rollback', 'retry', 'retry', 'resize', 'openPorts', 'autoscale', 'stay', 'backup'] as const),
  ...(['lock', 'unlock', 'mend', ...troubles] as const),
]

/** More than are done: those that the state does not let through are passed over. */
const life = fc.array(
  fc.tuple(fc.constantFrom(...COMMANDS), fc.nat(9)).map(([command, luck]) => step(command, luck === 0)),
  { minLength: 4 * DEEDS, maxLength: 4 * DEEDS },
)

interface Birth {
  readonly isOld: boolean
  readonly workers: number
  readonly isBornIntoTrouble: boolean
}

const birth: fc.Arbitrary<Birth> = fc.record({
  isOld: fc.nat(3).map(Boolean),
  workers: fc.nat(1),
  isBornIntoTrouble: fc.nat(3).map((luck) => luck === 0),
})

async function born({ isOld, workers, isBornIntoTrouble }: Birth): Promise<Life> {
  const request = here.small({
    version: isOld ? OLD_VERSION : NEW_VERSION,
    backupRetentionPeriod: 7,
    clusterConfiguration: {
      head: { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false },
      workers: workers > 0 ? [{ ...WORKER, count: workers }] : [],
    },
  })
  const mend = isBornIntoTrouble ? here.spoil(faultOf('no-machines', request.name)) : () => {}
  const { end, cluster } = await waitFor(here.api, await here.api.create(request), 'run')
  if (!cluster) throw new Error('the cluster is gone')
  for (const { id } of await here.api.operations(cluster.id)) await here.settled(id)
  expect(end).toBe(isBornIntoTrouble ? 'error' : 'running')
  const well = { isOld, workers, owed: 0, scales: false, ssh: false, isLarge: false, isMachineLarge: false, locked: false }
  const model: Model = isBornIntoTrouble
    ? { ...well, phase: 'error', failed: 'create', trouble: 'no-machines' }
    : { ...well, phase: 'running' }
  return { cluster, model, mend }
}

/** Whatever it went through: it can be deleted, and nothing is left of it. */
async function ends({ cluster, model, mend }: Life): Promise<void> {
  mend()
  if (model.locked) expect(await here.api.call('DELETE', `/api/clusters/${cluster.id}`)).toMatchObject({ code: 409 })
  expect(await here.api.call('DELETE', `/api/clusters/${cluster.id}?confirm=${cluster.name}`)).toMatchObject({ code: 202 })
  await here.gone(cluster)
  await withoutBackups(here, cluster.id)
}

const { seed } = choices()

/** A failure tells the commands. It is not made smaller: that would take minutes. */
const lane = (number: number) => async () => {
  const lives = fc.asyncProperty(birth, life, async (beginning, commands) => {
    const living = await born(beginning)
    await compare(here.api, await look(living), living.model)
    await fc.asyncModelRun(() => ({ model: { model: living.model, done: 0 }, real: living }), commands)
    await ends(living)
  })
  const { failed, ...found } = await fc.check(lives, { numRuns: LIVES, seed: seed + number, endOnFailure: true })
  if (failed) throw new Error(`SLIPWAY_SWEEP_SEED=${seed}, ${fc.stringify(found.counterexample)}`, { cause: found.errorInstance })
}

sideBySide(
  Object.fromEntries(Array.from({ length: LANES }, (_, number) => [`a life as the model has it, number ${number}`, lane(number)])),
  LIVES * PATIENCE_MS,
)
