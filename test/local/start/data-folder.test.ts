import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { keep, openDataFolder } from '../../../local/start/data-folder.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'slipway-data-'))
})
afterEach(() => rmSync(root, { recursive: true }))

test('two worlds cannot run on one folder', () => {
  const folder = path.join(root, 'world')
  const first = openDataFolder(folder, false)
  expect(() => openDataFolder(folder, false)).toThrow(/running on .*world already \(process \d+\)/)
  first.release()
  expect(() => openDataFolder(folder, false)).not.toThrow()
})

test('a folder whose owner died is taken over', () => {
  const folder = path.join(root, 'world')
  openDataFolder(folder, false).release()
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  writeFileSync(path.join(folder, 'slipway-world.json'), JSON.stringify({ pid: dead }))
  expect(() => openDataFolder(folder, false)).not.toThrow()
})

test('--reset empties our own folder, and never touches anybody else’s', () => {
  const ours = path.join(root, 'world')
  openDataFolder(ours, false).release()
  writeFileSync(path.join(ours, 'old'), '')
  openDataFolder(ours, true).release()
  expect(existsSync(path.join(ours, 'old'))).toBe(false)

  writeFileSync(path.join(root, 'thesis.doc'), '')
  expect(() => openDataFolder(root, true)).toThrow(/holds other files/)
  expect(existsSync(path.join(root, 'thesis.doc'))).toBe(true)
})

test('what is kept is made once and read by its owner alone', () => {
  const file = path.join(root, 'key')
  expect(keep(file, () => 'first')).toEqual({ value: 'first', made: true })
  expect(keep(file, () => 'second')).toEqual({ value: 'first', made: false })
  expect(statSync(file).mode & 0o777).toBe(0o600)
})
