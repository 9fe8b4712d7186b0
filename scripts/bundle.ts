import { readFileSync } from 'node:fs'
import path from 'node:path'
import { build, stop } from 'esbuild'

/** Bundles the function app into one file that a host loads. Answers its size in bytes. */
export async function bundle(root: string, outfile: string): Promise<number> {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['functions/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minify: true,
    // Names of classes and functions stand in errors and in the log.
    keepNames: true,
    sourcemap: 'external',
    // The host itself answers this name.
    external: ['@azure/functions-core'],
    loader: { '.py': 'text', '.service': 'text' },
    define: {
      // A dependency of the Azure SDK asks for import.meta.url, which a CommonJS bundle does not have.
      'import.meta.url': 'importMetaUrl',
      SLIPWAY_VERSION: JSON.stringify(version),
    },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    metafile: true,
    logLevel: 'warning',
  })
  // Its helper process would live on beside the caller, with half a gigabyte.
  await stop()
  return Object.entries(metafile.outputs).find(([file]) => file.endsWith('.cjs'))?.[1].bytes ?? 0
}
