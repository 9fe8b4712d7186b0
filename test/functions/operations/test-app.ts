import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'

/** The app of these tests, bundled as the product is, in a folder of its own. */
export async function buildTestApp(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'operations-'))
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ main: 'main.cjs' }))
  writeFileSync(path.join(folder, 'host.json'), JSON.stringify({ version: '2.0' }))
  await build({
    entryPoints: [path.join(__dirname, 'app.ts')],
    outfile: path.join(folder, 'main.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@azure/functions-core'],
    logLevel: 'error',
  })
  return folder
}

export const discardTestApp = (folder: string): void => rmSync(folder, { recursive: true })
