import * as z from 'zod'

/** The agents' protocol, 0.2.0 (contract §7): an agent refuses any other. */
export const PROTOCOL_VERSION = { major: 0, minor: 2, patch: 0 }

const absentIsEmpty = <T extends z.ZodType>(items: T) =>
  z
    .array(items)
    .max(2000)
    .nullish()
    .transform((value) => value ?? [])

export const cloudNodeSchema = z.object({
  nodeId: z.string().max(128),
  host: z.string().max(256).default(''),
  ip: z.string().max(64).default(''),
  instanceType: z.string().max(128).default(''),
  instanceState: z.string().max(64).default(''),
  nodeType: z.string().max(64).default(''),
})
export type CloudNode = z.output<typeof cloudNodeSchema>

export const commandStates = ['NEW', 'ONGOING', 'SUCCEED', 'FAILED'] as const

/** Absent where the agent does not know: that is not the same as nothing. */
const amount = z.number().nonnegative().max(1e12).nullish()

export const heartbeatSchema = z.object({
  decommissioningNodes: absentIsEmpty(cloudNodeSchema),
  decommissionedNodes: absentIsEmpty(cloudNodeSchema),
  commandsStatus: z
    .record(
      z.string().max(128),
      z.object({
        status: z.enum(commandStates),
        message: z
          .string()
          .max(2048)
          .nullish()
          .transform((value) => value ?? ''),
      }),
    )
    .nullish()
    .transform((value) => value ?? {}),
  firstHeartBeat: z.boolean().nullish(),
  allocatedVcores: amount,
  pendingVcores: amount,
  allocatedMemoryMB: amount,
  pendingMemoryMB: amount,
  agent: z.object({
    release: z.string().max(64),
    nodeId: z.string().max(128),
    /** Random for each start of the agent. */
    bootId: z.string().min(1).max(128),
    state: z.enum(['starting', 'installing', 'ready', 'failed']),
    stage: z.string().max(200),
    progress: z.number().min(0).max(1),
    logTail: z.string().max(8192),
    error: z.string().max(1024).nullish(),
  }),
})
export type Heartbeat = z.output<typeof heartbeatSchema>

export const heartbeatAnswerSchema = z.object({
  version: z.object({ major: z.int(), minor: z.int(), patch: z.int() }),
  /** All nodes but the head. */
  workers: z.array(cloudNodeSchema),
  commands: z.array(z.looseObject({ id: z.string(), type: z.string() })),
  blockedUsers: z.array(z.string()),
})
export type HeartbeatAnswer = z.output<typeof heartbeatAnswerSchema>
