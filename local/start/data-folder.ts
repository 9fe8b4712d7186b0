import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { StartError } from './options.ts'

/** Says whose folder it is: --reset deletes nothing that lacks it. */
const MARK = 'slipway-world.json'

export interface DataFolder {
  readonly path: string
  /** Made at the first start and kept, so that a second start finds the same world at the same ports. */
  file(name: string): string
  release(): void
}

/** Takes the folder for this process alone; what a dead process left locked is taken over. */
export function openDataFolder(folder: string, reset: boolean): DataFolder {
  const mark = path.join(folder, MARK)
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(mark))
    throw new StartError(`${folder} holds other files than Slipway's; choose an empty folder with --data.`)
  const owner = existsSync(mark) ? ownerOf(mark) : undefined
  if (owner !== undefined && isAlive(owner))
    throw new StartError(`Slipway is running on ${folder} already (process ${owner}); end it, or choose another folder with --data.`)
  if (reset) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(mark, JSON.stringify({ pid: process.pid }))
  return {
    path: folder,
    file: (name) => path.join(folder, name),
    release: () => writeFileSync(mark, '{}'),
  }
}

function ownerOf(mark: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(mark, 'utf8')) as { pid?: number }).pid
  } catch {
    return undefined
  }
}

/** Alive, and a Node process: after a crash the number may belong to something else. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('node')
  } catch {
    return true
  }
}

/** A file that only this user reads, with what `make` gives at the first start. */
export function keep(file: string, make: () => string): { readonly value: string; readonly made: boolean } {
  if (existsSync(file)) return { value: readFileSync(file, 'utf8').trim(), made: false }
  const value = make()
  writeFileSync(file, `${value}\n`, { mode: 0o600 })
  return { value, made: true }
}
