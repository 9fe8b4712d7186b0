import path from 'node:path'
import { build } from 'esbuild'

/** Bundles the function app into dist/main.cjs, the one file that a host loads, and prints its size. */
const root = path.join(import.meta.dirname, '..')

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['functions/main.ts'],
  outfile: 'dist/main.cjs',
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
  // A dependency of the Azure SDK asks for import.meta.url, which a CommonJS bundle does not have.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  metafile: true,
  logLevel: 'warning',
})

const bytes = metafile.outputs['dist/main.cjs']?.bytes ?? 0
process.stdout.write(`dist/main.cjs ${(bytes / 1e6).toFixed(2)} MB\n`)
