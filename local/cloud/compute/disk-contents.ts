import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import { numberAt, objectsAt, textAt } from './read-json.ts'

/**
 * What has been written to a disk, as far as it matters who wrote it: a line for each boot of a machine that had it mounted.
 * Snapshots and copies carry the lines that were there when they were made.
 */

const MOST_LINES = 100

export function linesOn(disk: Resource): readonly string[] {
  const { lines } = disk.hidden
  return Array.isArray(lines) ? lines.map(String) : []
}

/** What the first data disk's file system is mounted from. */
export function write(azure: Azure, machine: Resource, line: string): void {
  const first = objectsAt(machine.properties, 'storageProfile', 'dataDisks').find((disk) => numberAt(disk, 'lun') === 0)
  const disk = azure.resources.get(textAt(first, 'managedDisk', 'id') ?? '')
  if (disk) azure.resources.put({ ...disk, hidden: { ...disk.hidden, lines: [...linesOn(disk), line].slice(-MOST_LINES) } })
}

/** The hidden part of a copy. */
export const copied = (source: Resource) => ({ lines: [...linesOn(source)] })
