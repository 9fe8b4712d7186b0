import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import { bundle } from '../../scripts/bundle.ts'
import { banner } from './banner.ts'
import { keep, openDataFolder } from './data-folder.ts'
import { HELP, parseOptions, StartError, type StartOptions } from './options.ts'
import { choosePorts } from './ports.ts'
import { startWorld } from './world.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** `npm start`. What the person can put right is one sentence and exit code 1; anything else is a bug and shows its stack. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const options = parseOptions(args)
    if (options === undefined) process.stdout.write(HELP)
    else await run(options)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

async function run(options: StartOptions): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  const folder = openDataFolder(options.data, options.reset)
  try {
    const ports = await choosePorts(options.port)
    const keyFile = folder.file('operator-key')
    const key = keep(keyFile, () => `swk_${randomBytes(32).toString('base64url')}`)
    await bundle(ROOT, 'dist/main.cjs')
    const world = await startWorld({ root: ROOT, start: options, ports, folder, key: key.value, say })
    const { api, azure, azureTls, storage } = world
    if (options.json) process.stdout.write(`${JSON.stringify({ api, key: key.value, azure, azureTls, storage, pids: world.pids() })}\n`)
    else process.stdout.write(banner(world, key, path.relative(process.cwd(), keyFile)))
    await ended
    say('Ending …')
    await world.stop()
  } finally {
    folder.release()
  }
}
