import { cpSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build, stop } from 'esbuild'
import { bundle } from '../scripts/bundle.ts'
import type { Bench } from './bench.ts'

/** A function app in a folder of its own, as it is deployed. */
export interface App {
  readonly folder: string
  readonly main: string
}

/** The product. */
export async function productApp(bench: Bench): Promise<App> {
  const app = emptyApp(bench)
  cpSync(path.join(bench.root, 'host.json'), path.join(app.folder, 'host.json'))
  await bundle(bench.root, app.main)
  return app
}

/** The app of apps/probe.ts: what it does costs nothing, so that the host alone is measured. */
export async function probeApp(bench: Bench): Promise<App> {
  const app = emptyApp(bench)
  writeFileSync(path.join(app.folder, 'host.json'), '{"version": "2.0"}')
  await build({
    entryPoints: [path.join(bench.root, 'bench/apps/probe.ts')],
    outfile: app.main,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@azure/functions-core'],
    logLevel: 'error',
  })
  // Its helper process would go on beside what is measured.
  await stop()
  return app
}

function emptyApp(bench: Bench): App {
  const folder = bench.scratch()
  writeFileSync(path.join(folder, 'package.json'), '{"main": "main.cjs"}')
  return { folder, main: path.join(folder, 'main.cjs') }
}
