import type { Setting } from './setting.ts'
import { settingTable } from './settings.ts'

const rows = Object.values<Setting<unknown>>(settingTable)

/** docs/settings.md: every setting with its meaning, what may be written and the default. */
export function settingsPage(): string {
  return [
    '# Settings',
    '',
    'Environment variables of the function app. `scripts/settings-docs.ts` makes this page and `local.settings.sample.json` from `shared/config/settings.ts`.',
    'A wrong or missing setting does not stop the app: `GET /api/health` names each one, and every other call answers 503 until it is mended.',
    '',
    '| Setting | Meaning | Allowed | Default |',
    '|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| \`${row.name}\`${row.secret ? ' (secret)' : ''} | ${row.meaning} | ${row.allowed} | ${row.default ? `\`${row.default}\`` : ''} |`,
    ),
    '',
  ].join('\n')
}

/** local.settings.sample.json for Azure Functions Core Tools: every setting; an empty one counts as not set. */
export function settingsSample(): string {
  const values: Record<string, string> = { FUNCTIONS_WORKER_RUNTIME: 'node' }
  for (const row of rows) values[row.name] = row.sample ?? row.default ?? ''
  return `${JSON.stringify({ IsEncrypted: false, Values: values }, undefined, 2)}\n`
}
