import { globSync, readFileSync } from 'node:fs'
import { builtinModules, createRequire, Module } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import vm from 'node:vm'
import { processWithSettings, shareSettings } from './environment.ts'
import { StartError } from './start-error.ts'

const CORE = '@azure/functions-core'

interface ModuleLoader {
  _load(request: string, ...rest: unknown[]): unknown
}

/**
 * Runs the entry points of an app: every file that `main` of its package.json (a glob) matches, in order.
 *
 * A CommonJS entry is compiled here, with a `require` that answers `@azure/functions-core` and a `process` whose environment is the app's own.
 * So several hosts can run single-file bundles in one process, also under jest, whose module system cannot be patched.
 * As soon as an entry asks for a file outside the bundle, or is an ES module, Node's own loader takes over: its `require` is patched
 * and the settings enter the environment of the process, which then serves this app alone.
 *
 * @returns takes the patch back.
 */
export async function loadApp(app: string, core: object, settings: Readonly<Record<string, string>>): Promise<() => void> {
  const manifest = readManifest(app)
  const entries = globSync(manifest.main, { cwd: app }).sort()
  if (entries.length === 0) {
    throw new StartError('app-missing', `No file of ${app} fits "main": "${manifest.main}" of its package.json; is the app built?`)
  }
  const shared = processLoader(core, settings)
  const appProcess = processWithSettings(settings)
  try {
    for (const entry of entries) {
      const file = path.resolve(app, entry)
      if (isModule(file, manifest.type)) {
        shared.open()
        await import(pathToFileURL(file).href)
      } else {
        runCommonJs(file, core, appProcess, shared.open)
      }
    }
  } catch (cause) {
    shared.close()
    throw new StartError('app-failed', `The app's entry point failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  return shared.close
}

function readManifest(app: string): { main: string; type: string } {
  const file = path.join(app, 'package.json')
  let manifest: { main?: unknown; type?: unknown }
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new StartError('app-missing', `There is no function app in ${app}: its package.json cannot be read.`, { cause })
  }
  if (typeof manifest.main !== 'string') throw new StartError('app-missing', `${file} has no "main" that names the app's entry point.`)
  return { main: manifest.main, type: manifest.type === 'module' ? 'module' : 'commonjs' }
}

function isModule(file: string, type: string): boolean {
  return file.endsWith('.mjs') || (type === 'module' && !file.endsWith('.cjs'))
}

/** Node's own loader with the core API and the settings in it, from `open` to `close`. */
function processLoader(core: object, settings: Readonly<Record<string, string>>): { open(): void; close(): void } {
  const loader = Module as unknown as ModuleLoader
  const original = loader._load
  let patched: ModuleLoader['_load'] | undefined
  return {
    open() {
      if (patched) return
      shareSettings(settings)
      patched = function load(this: unknown, request, ...rest) {
        return request === CORE ? core : original.call(this as ModuleLoader, request, ...rest)
      }
      loader._load = patched
    },
    close() {
      // Somebody else may have patched over us in the meantime: then theirs stays.
      if (patched && loader._load === patched) loader._load = original
    },
  }
}

const BUILTINS: ReadonlySet<string> = new Set(builtinModules)
const isBuiltin = (request: string): boolean => request.startsWith('node:') || BUILTINS.has(request)

function runCommonJs(file: string, core: object, appProcess: NodeJS.Process, leaveBundle: () => void): void {
  const nodeRequire = createRequire(file)
  const appRequire = Object.assign((request: string): unknown => {
    if (request === CORE) return core
    if (request === 'process' || request === 'node:process') return appProcess
    if (!isBuiltin(request)) leaveBundle()
    return nodeRequire(request)
  }, nodeRequire)
  const appModule = { exports: {}, filename: file, id: file, loaded: false, children: [], paths: [] }
  const run = vm.compileFunction(
    readFileSync(file, 'utf8').replace(/^#!.*/, ''),
    ['exports', 'require', 'module', '__filename', '__dirname', 'process'],
    { filename: file, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
  )
  run.call(appModule.exports, appModule.exports, appRequire, appModule, file, path.dirname(file), appProcess)
  appModule.loaded = true
}
