import { availableParallelism } from 'node:os'
import { extensionSection, type HostJson } from '../host-json.ts'
import { StartError } from '../start-error.ts'
import { parseTimeSpan } from '../time-span.ts'

/** `extensions.queues` of host.json. */
export interface QueueOptions {
  /** Messages fetched at once, 1 to 32. */
  readonly batchSize: number
  /** Fetches again when no more than this many are in hand. */
  readonly newBatchThreshold: number
  /** Milliseconds between two looks at an empty queue. */
  readonly maxPollingInterval: number
  /** Milliseconds that a message rests after a failed try. */
  readonly visibilityTimeout: number
  /** Tries before a message becomes poison. */
  readonly maxDequeueCount: number
  readonly messageEncoding: 'base64' | 'none'
}

/** Milliseconds: the official host's least polling interval. */
export const MIN_POLLING_INTERVAL = 100

/** The official host's defaults in development. @throws StartError for a value out of bounds. */
export function queueOptions(hostJson: HostJson): QueueOptions {
  const section = extensionSection(hostJson.extensions, 'queues')
  const batchSize = whole(section, 'batchSize', 16, 1, 32)
  return {
    batchSize,
    newBatchThreshold: whole(section, 'newBatchThreshold', Math.floor((batchSize / 2) * availableParallelism()), 0, 1000),
    maxPollingInterval: Math.max(MIN_POLLING_INTERVAL, span(section, 'maxPollingInterval', 2_000)),
    visibilityTimeout: span(section, 'visibilityTimeout', 0),
    maxDequeueCount: whole(section, 'maxDequeueCount', 5, 1, 1000),
    messageEncoding: section.messageEncoding === 'none' ? 'none' : 'base64',
  }
}

function whole(section: Readonly<Record<string, unknown>>, name: string, preset: number, least: number, most: number): number {
  const value = section[name] ?? preset
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw new StartError('host-json-broken', `host.json: extensions.queues.${name} must be a whole number from ${least} to ${most}.`)
}

function span(section: Readonly<Record<string, unknown>>, name: string, preset: number): number {
  const value = section[name] ?? preset
  // A bare number counts milliseconds, as older apps write it.
  const ms = typeof value === 'string' ? parseTimeSpan(value) : value
  if (typeof ms === 'number' && ms >= 0) return ms
  throw new StartError('host-json-broken', `host.json: extensions.queues.${name} must be a time span such as "00:00:02".`)
}
