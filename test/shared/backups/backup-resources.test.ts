import { snapshotName } from '../../../shared/backups/backup-resources.ts'

const ID = '019380b8-2a1b-7c43-9e0f-1d8b6f1c2a3b'

test('a snapshot is named as documented', () => {
  expect(snapshotName('analytics-master', ID, '')).toBe(`Backup_analytics-master_${ID}`)
  expect(snapshotName('analytics-master', ID, '_os')).toBe(`Backup_analytics-master_${ID}_os`)
})

test('names of long machines are cut to what Azure takes, and stay apart', () => {
  const machines = Array.from({ length: 20 }, (_, index) => `a-very-long-cluster-n-ndb-ndbd-${index}-g12`)
  const names = machines.flatMap((machine) => [snapshotName(machine, ID, ''), snapshotName(machine, ID, '_os')])
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) {
    expect(name).toMatch(/^Backup_[\w.-]+$/)
    expect(name.length).toBeLessThanOrEqual(80)
    expect(name).toContain(ID)
  }
})
