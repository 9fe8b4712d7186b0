import { build, stop } from 'esbuild'

/** Bundles the function app into one file that a host loads. Answers its size in bytes. */
export async function bundle(root: string, outfile: string): Promise<number> {
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
    // A dependency of the Azure SDK asks for import.meta.url, which a CommonJS bundle does not have.
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    metafile: true,
    logLevel: 'warning',
  })
  // Its helper process would live on beside the caller, with half a gigabyte.
  await stop()
  return Object.entries(metafile.outputs).find(([file]) => file.endsWith('.cjs'))?.[1].bytes ?? 0
}
