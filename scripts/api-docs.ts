import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** Writes docs/api.md: the test of the page makes every call of it, and writes down what came back in place of comparing. */
const root = path.join(import.meta.dirname, '..')
const jest = path.join(root, 'node_modules/jest/bin/jest.js')
const { status } = spawnSync(process.execPath, [jest, 'test/docs/api.test.ts'], {
  cwd: root,
  env: { ...process.env, API_DOCS: 'write' },
  stdio: 'inherit',
})
process.exitCode = status ?? 1
