import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const HELP = `Makes another API key, and prints it once.

  npm run key -- [--role reader|operator|admin] [--name TEXT] [--api URL] [--data DIR]

  --role   what it may do        (default operator)
  --name   what it is for        (default "made by npm run key")
  --api    the API               (default http://127.0.0.1:7071)
  --data   folder of npm start   (default .local): its first key signs the request
`

/** `npm run key`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      role: { type: 'string', default: 'operator' },
      name: { type: 'string', default: 'made by npm run key' },
      api: { type: 'string', default: 'http://127.0.0.1:7071' },
      data: { type: 'string', default: '.local' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const response = await fetch(`${values.api}/api/keys`, {
    method: 'POST',
    headers: { 'x-api-key': readFileSync(`${values.data}/operator-key`, 'utf8').trim(), 'content-type': 'application/json' },
    body: JSON.stringify({ name: values.name, role: values.role }),
  })
  const answer = (await response.json()) as { message: string; payload?: { key: string } }
  if (!response.ok || !answer.payload) throw new Error(answer.message)
  process.stdout.write(`${answer.payload.key}\n`)
}

main().catch((error: Error) => {
  const isAway = error instanceof TypeError
  process.stderr.write(isAway ? 'Slipway does not answer: is npm start running?\n' : `${error.message}\n`)
  process.exitCode = 1
})
