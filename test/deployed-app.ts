import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(__dirname, '..')

/** Makes `folder` what is deployed: the bundle of this test run, and the host's settings. */
export function deployApp(folder: string): void {
  const bundled = process.env.TEST_APP
  if (bundled === undefined) throw new Error('The global set-up has not bundled the app.')
  mkdirSync(folder, { recursive: true })
  cpSync(bundled, path.join(folder, 'dist'), { recursive: true })
  cpSync(path.join(ROOT, 'host.json'), path.join(folder, 'host.json'))
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ main: 'dist/main.cjs' }))
}
