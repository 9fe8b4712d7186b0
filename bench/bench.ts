import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** What every measurement is given. */
export interface Bench extends Disposable {
  /** Root of the repository. */
  readonly root: string
  readonly quick: boolean
  /** Tells the one who waits. */
  say(line: string): void
  /** A new empty folder, gone after the run. */
  scratch(): string
}

export function createBench(options: Pick<Bench, 'root' | 'quick' | 'say'>): Bench {
  const folder = mkdtempSync(path.join(tmpdir(), 'slipway-bench-'))
  return {
    ...options,
    scratch: () => mkdtempSync(path.join(folder, 'part-')),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
