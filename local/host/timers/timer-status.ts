import { BlobServiceClient, RestError } from '@azure/storage-blob'
import { HOST_CONTAINER } from '../storage-account.ts'

/** What is kept of a timer over restarts; milliseconds since 1970. */
export interface TimerStatus {
  /** Start of the last run; undefined before the first. */
  readonly last: number | undefined
  readonly next: number
  readonly updated: number
}

/** As the official host writes it: dates of .NET with an offset, where no date is the year 1. */
export interface WrittenStatus {
  readonly Last: string
  readonly Next: string
  readonly LastUpdated: string
}

export interface TimerMonitor {
  read(fn: string): Promise<TimerStatus | undefined>
  write(fn: string, status: TimerStatus): Promise<void>
}

const NEVER = '0001-01-01T00:00:00+00:00'

export function writtenStatus({ last, next, updated }: TimerStatus): WrittenStatus {
  const date = (time: number) => new Date(time).toISOString().replace(/(\.000)?Z$/, '+00:00')
  return { Last: last === undefined ? NEVER : date(last), Next: date(next), LastUpdated: date(updated) }
}

export function readStatus({ Last, Next, LastUpdated }: WrittenStatus): TimerStatus {
  return { last: Last.startsWith('0001-') ? undefined : Date.parse(Last), next: Date.parse(Next), updated: Date.parse(LastUpdated) }
}

/** Status blobs where the official host has them: azure-webjobs-hosts/timers/{hostId}/Host.Functions.{fn}/status. */
export function timerMonitor(storage: string, hostId: string): TimerMonitor {
  const container = BlobServiceClient.fromConnectionString(storage).getContainerClient(HOST_CONTAINER)
  const blob = (fn: string) => container.getBlockBlobClient(`timers/${hostId}/Host.Functions.${fn}/status`)
  return {
    async read(fn) {
      try {
        return readStatus(JSON.parse((await blob(fn).downloadToBuffer()).toString('utf8')))
      } catch (error) {
        if (error instanceof RestError && error.statusCode === 404) return undefined
        throw error
      }
    },
    async write(fn, status) {
      const text = JSON.stringify(writtenStatus(status))
      await blob(fn).upload(text, Buffer.byteLength(text))
    },
  }
}
