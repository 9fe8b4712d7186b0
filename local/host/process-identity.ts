import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** A process of one machine, told apart from a later one that got the same number. */
export interface ProcessIdentity {
  readonly machine: string
  readonly pid: number
  /** When it was started, in the operating system's own words. */
  readonly started: string
}

export const thisProcess = (): ProcessIdentity => ({ machine: hostname(), pid: process.pid, started: startOf(process.pid) ?? '' })

/** True only where it is certain: same machine, and no such process or another one under its number. */
export const isDead = (owner: ProcessIdentity): boolean => owner.machine === hostname() && startOf(owner.pid) !== owner.started

export const isThisProcess = (owner: ProcessIdentity): boolean => owner.machine === hostname() && owner.pid === process.pid

function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startOnLinux(pid) : startElsewhere(pid)
}

/** proc(5): after the name in parentheses come the state (field 3) and, as field 22, the start in ticks since boot. A zombie runs no more. */
function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** Without /proc only the number can be asked for; a number in use counts as the same process. */
function startElsewhere(pid: number): string | undefined {
  try {
    process.kill(pid, 0)
    return 'running'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'running' : undefined
  }
}
