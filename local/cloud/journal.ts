import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, truncateSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { JsonObject } from './resource.ts'

/** One member of a change: the new value under a key of a table, or null when it is gone. */
export type Entry = readonly [table: string, key: string, value: JsonObject | null]

/**
 * Append-only file, one line for each change, so that a change is there whole or not at all.
 * `append` returns after write(2): what was acknowledged survives kill -9 of this process (not a power cut; no fsync).
 */
export interface Journal {
  readonly lines: number
  append(entries: readonly Entry[]): void
  /** Replaces the whole file, atomically. */
  rewrite(changes: Iterable<readonly Entry[]>): void
  close(): void
}

/** Opens or makes the journal at `path` and hands every change in it to `replay`. A torn last line is cut off. */
export function openJournal(path: string, replay: (entries: readonly Entry[]) => void): Journal {
  mkdirSync(dirname(path), { recursive: true })
  let lines = 0
  if (existsSync(path)) {
    const content = readFileSync(path)
    const end = content.lastIndexOf(0x0a) + 1
    // Written over a torn line, the next change would be lost with it at the next start.
    if (end < content.length) truncateSync(path, end)
    for (const line of content.subarray(0, end).toString('utf8').split('\n')) {
      if (line === '') continue
      lines += 1
      replay(parseLine(line, path, lines))
    }
  }
  let file = openSync(path, 'a', 0o600)

  return {
    get lines() {
      return lines
    },
    append(entries) {
      writeWhole(file, `${JSON.stringify(entries)}\n`)
      lines += 1
    },
    rewrite(changes) {
      const temporary = `${path}.new`
      const next = openSync(temporary, 'w', 0o600)
      lines = 0
      for (const entries of changes) {
        writeWhole(next, `${JSON.stringify(entries)}\n`)
        lines += 1
      }
      fsyncSync(next)
      renameSync(temporary, path)
      closeSync(file)
      file = next
    },
    close() {
      closeSync(file)
    },
  }
}

function parseLine(line: string, path: string, number: number): Entry[] {
  try {
    return JSON.parse(line) as Entry[]
  } catch {
    throw new Error(`The journal ${path} is damaged in line ${number}; move it away to start afresh.`)
  }
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}
