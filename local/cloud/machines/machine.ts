import type { Azure } from '../azure.ts'
import { write } from '../compute/disk-contents.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { type AgentMemory, newMemory, startAgent } from './agent.ts'
import type { CommandLatencies } from './agent-commands.ts'
import type { AgentLatencies, Boot } from './agent-timeline.ts'
import { type AgentConfig, agentConfigOf } from './boot-data.ts'
import { demandOn } from './load.ts'

/**
 * What goes on inside virtual machines. The record of a machine, by its vmId, is its disk and its power: with a `boot` its agent runs.
 * Records are in the journal, so agents go on after a restart where they were; agents that really run are only ever made from them.
 */

const RECORDS = 'machines'
const COMPUTE = 'Microsoft.Compute'

type Latencies = AgentLatencies & CommandLatencies

interface MachineRecord {
  resourceId: string
  memory: AgentMemory
  /** Latencies are drawn at boot and kept, in seconds of the clock, so that a restart doesn't draw others. */
  boot?: Boot & { bootId: string; latencies: Latencies }
}

/** The machine gets power: it will have booted after a while. */
export function switchOn(azure: Azure, vmId: string, resourceId: string): void {
  azure.arm({
    key: `machine ${vmId}`,
    inSeconds: azure.seconds('machine.boot'),
    provider: COMPUTE,
    run: 'boot',
    input: { vmId, resourceId },
  })
}

/** The machine loses power; what is on its disk stays. */
export function switchOff(azure: Azure, vmId: string): void {
  azure.disarm(`machine ${vmId}`)
  const record = recordOf(azure, vmId)
  if (!record?.boot) return
  const { boot: _, ...off } = record
  keep(azure, vmId, off)
  fleetOf(azure)?.follow(vmId)
}

/** The machine is gone with its disk. */
export function discard(azure: Azure, vmId: string): void {
  azure.disarm(`machine ${vmId}`)
  azure.records(RECORDS).delete(vmId)
  fleetOf(azure)?.follow(vmId)
}

/** Alarms of Microsoft.Compute. */
export const machineAlarms = {
  boot(azure: Azure, input: JsonObject): void {
    const [vmId, resourceId] = [String(input.vmId), String(input.resourceId)]
    const machine = azure.resources.get(resourceId)
    const config = configOf(machine)
    if (machine) write(azure, machine, [machine.name, ...(config ? [config.version] : [])].join(' '))
    if (!config) return
    const memory = recordOf(azure, vmId)?.memory ?? newMemory
    const install = Boolean(config.install) && !memory.installed
    const installFails = install && isDoomed(azure, resourceId)
    keep(azure, vmId, {
      resourceId,
      memory,
      boot: { bootId: azure.uuid(), bootedAt: azure.clock.now(), install, installFails, latencies: latenciesOf(azure) },
    })
    fleetOf(azure)?.follow(vmId)
  },
}

/** Of an installation that begins now. */
const isDoomed = (azure: Azure, resourceId: string): boolean =>
  azure.strikes('install-fails', { operation: 'agent/install', path: resourceId }) !== undefined

/** Starts the agents of all machines that have power; gives back how to stop them. */
export function startMachines(azure: Azure): () => void {
  const running = new Map<string, { bootId: string; stop: () => void }>()
  let stopped = false

  function match(vmId: string): void {
    const boot = stopped ? undefined : recordOf(azure, vmId)?.boot
    const agent = running.get(vmId)
    if (agent?.bootId === boot?.bootId) return
    agent?.stop()
    running.delete(vmId)
    const stop = boot && startAgentOf(azure, vmId, boot)
    if (boot && stop) running.set(vmId, { bootId: boot.bootId, stop })
  }

  // Only after the change that says so is in the journal, or undone.
  fleets.set(azure, { follow: (vmId) => queueMicrotask(() => match(vmId)) })
  for (const { key } of azure.records(RECORDS).list()) match(key)
  return () => {
    stopped = true
    fleets.delete(azure)
    for (const { stop } of running.values()) stop()
    running.clear()
  }
}

interface Fleet {
  /** The machine's record has changed, or will have when the present change ends. */
  follow(vmId: string): void
}

/** The running agents of each simulator in this process; alarms and handlers are stateless and find theirs by it. */
const fleets = new WeakMap<Azure, Fleet>()

const fleetOf = (azure: Azure) => fleets.get(azure)

function startAgentOf(azure: Azure, vmId: string, { latencies, ...boot }: NonNullable<MachineRecord['boot']>): (() => void) | undefined {
  const resourceId = recordOf(azure, vmId)?.resourceId ?? ''
  const config = configOf(azure.resources.get(resourceId))
  return (
    config &&
    startAgent({
      config,
      boot,
      latencies,
      clock: azure.clock,
      random: () => azure.random(),
      demand: () => demandOn(azure, config.nodeName),
      silent: () => azure.strikes('agent-silent', { operation: 'agent/heartbeat', path: resourceId }) !== undefined,
      installFails: () => isDoomed(azure, resourceId),
      fails: (type) => azure.strikes('command-fails', { operation: `agent/${type}`, path: resourceId }) !== undefined,
      log: (line) => azure.log(`agent of ${config.nodeName}: ${line}`),
      memory: {
        read: () => recordOf(azure, vmId)?.memory ?? newMemory,
        write(memory) {
          const record = recordOf(azure, vmId)
          if (record) azure.change(() => keep(azure, vmId, { ...record, memory }))
        },
      },
    })
  )
}

function configOf(machine: Resource | undefined): AgentConfig | undefined {
  const customData = machine?.hidden.customData
  return typeof customData === 'string' ? agentConfigOf(customData) : undefined
}

/** Drawn in simulated seconds, told in the clock's. */
function latenciesOf(azure: Azure): Latencies {
  return {
    installSeconds: azure.seconds('machine.install') / azure.speed,
    startSeconds: azure.seconds('machine.start') / azure.speed,
    decommissionSeconds: azure.seconds('machine.decommission') / azure.speed,
    backupSeconds: azure.seconds('machine.backup') / azure.speed,
    passwordSeconds: azure.seconds('machine.password') / azure.speed,
    healthSeconds: azure.seconds('machine.health') / azure.speed,
  }
}

function recordOf(azure: Azure, vmId: string): MachineRecord | undefined {
  return azure.records(RECORDS).get(vmId) as unknown as MachineRecord | undefined
}

function keep(azure: Azure, vmId: string, record: MachineRecord): void {
  azure.records(RECORDS).put(vmId, record as unknown as JsonObject)
}
