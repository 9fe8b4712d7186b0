import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { discard, type LocalWorld, startLocalWorld } from '../world.ts'
import { type RunnableBlock, runnableBlocks } from './runnable.ts'

const ROOT = path.resolve(__dirname, '../..')
const documents = [
  'README.md',
  ...readdirSync(path.join(ROOT, 'docs'), { encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const runnable = documents.filter((document) => runnableBlocks(readFileSync(path.join(ROOT, document), 'utf8')).length > 0)

let world: LocalWorld
beforeAll(async () => {
  world = await startLocalWorld('--speed', '200')
}, 60_000)
afterAll(() => discard(world))

test.each(runnable)(
  'what %s shows can be run as it stands',
  async (document) => {
    const blocks = runnableBlocks(readFileSync(path.join(ROOT, document), 'utf8'))
    const script = ['set -euo pipefail', ...blocks.filter((block) => block.language === 'sh').map((block) => here(block.text))].join('\n')
    const shell = spawn('bash', ['-c', script], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    const [said, complained] = await Promise.all([text(shell.stdout), text(shell.stderr)])
    expect({ exit: shell.exitCode ?? (await new Promise((resolve) => shell.once('exit', resolve))), said, complained }).toMatchObject({
      exit: 0,
    })
    for (const block of blocks.filter((block) => block.language === 'json')) expect(await ask(block)).toMatch(/^2/)
  },
  120_000,
)

/** The documents speak of a world with the default port and folder; ours has others, so that it can stand beside one. */
function here(script: string): string {
  return script
    .replaceAll('http://127.0.0.1:7071', world.api)
    .replaceAll('http://127.0.0.1:7072', world.azure)
    .replaceAll('.local/', `${world.data}/`)
}

/** Status and answer of a JSON example, so that a refusal can be read. */
async function ask(block: RunnableBlock): Promise<string> {
  const [method = 'POST', target = ''] = block.request.split(' ')
  const answer = await fetch(world.api + target, {
    method,
    headers: { 'x-api-key': world.key, 'content-type': 'application/json' },
    body: block.text,
  })
  return `${answer.status} ${await answer.text()}`
}
