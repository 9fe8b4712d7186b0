import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync } from 'node:fs'
import path from 'node:path'
import { bundle } from './bundle.ts'

const ROOT = path.join(import.meta.dirname, '..')
const HOW_TO_GET_IT = `Azure Functions Core Tools are not on this machine's PATH.
Install them with \`npm install --global azure-functions-core-tools@4\` (learn: functions-run-local), or use npm start, which needs nothing.
`

/** `npm run start:func`: the same bundle on the official tools. */
async function main(): Promise<void> {
  if (spawnSync('func', ['--version'], { stdio: 'ignore' }).status !== 0) {
    process.stderr.write(HOW_TO_GET_IT)
    process.exitCode = 1
    return
  }
  const settings = path.join(ROOT, 'local.settings.json')
  if (!existsSync(settings)) copyFileSync(path.join(ROOT, 'local.settings.sample.json'), settings)
  await bundle(ROOT, 'dist/main.cjs')
  const func = spawn('func', ['start', ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' })
  func.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}

await main()
