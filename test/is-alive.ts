import { readFileSync } from 'node:fs'

/** Whether a process runs. A zombie waits only for its parent to look: it runs no more. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
