import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { settingsPage, settingsSample } from '../shared/config/settings-docs.ts'

/** Writes docs/settings.md and local.settings.sample.json from the table of settings; with `--check` only says whether they are up to date. */
const root = path.join(import.meta.dirname, '..')
const files = { 'docs/settings.md': settingsPage(), 'local.settings.sample.json': settingsSample() }
const check = process.argv.includes('--check')

for (const [name, text] of Object.entries(files)) {
  const file = path.join(root, name)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
  if (check) {
    process.stderr.write(`${name} is out of date: run node scripts/settings-docs.ts\n`)
    process.exitCode = 1
  } else {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
