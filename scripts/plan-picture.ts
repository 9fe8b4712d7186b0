import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** Draws docs/plan.svg: creates the README's cluster in a running world and records when each step of its plan began and ended. */
const { values: options } = parseArgs({
  options: {
    api: { type: 'string', default: 'http://127.0.0.1:7071' },
    data: { type: 'string', default: '.local' },
    out: { type: 'string', default: 'docs/plan.svg' },
  },
})
const key = readFileSync(`${options.data}/operator-key`, 'utf8').trim()

interface Node {
  readonly type: 'step' | 'sequence' | 'parallel'
  readonly title: string
  readonly state?: string
  readonly id?: string
  readonly nodes?: readonly Node[]
}

interface Bar {
  readonly title: string
  /** Seconds since the request. */
  start?: number
  end?: number
}

async function call<T>(method: string, path: string, body?: string): Promise<T> {
  const response = await fetch(options.api + path, { method, headers: { 'x-api-key': key }, ...(body && { body }) })
  const answer = (await response.json()) as { message: string; payload: T }
  if (!response.ok) throw new Error(answer.message)
  return answer.payload
}

const stepsOf = (node: Node): Node[] => (node.type === 'step' ? [node] : (node.nodes ?? []).flatMap(stepsOf))

/** Looks at the operation until it has ended; a step's times are those of the first look that shows them. */
async function record(): Promise<{ bars: Bar[]; seconds: number; title: string }> {
  const bars = new Map<string, Bar>()
  const began = performance.now()
  const { operation: id } = await call<{ operation: string }>(
    'POST',
    '/api/clusters',
    readFileSync('docs/examples/create-cluster.json', 'utf8'),
  )
  for (;;) {
    const { operation } = await call<{ operation: { state: string; title: string; steps: Node } }>('GET', `/api/operations/${id}`)
    const now = (performance.now() - began) / 1000
    for (const { id = '', title, state } of stepsOf(operation.steps)) {
      const bar = bars.get(id) ?? { title }
      bars.set(id, bar)
      if (state !== 'waiting') bar.start ??= now
      if (state === 'done') bar.end ??= now
    }
    if (['succeeded', 'failed', 'cancelled'].includes(operation.state))
      return { bars: [...bars.values()], seconds: now, title: operation.title }
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
}

const ROW = 20
const LEFT = 450
const WIDTH = 970

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function draw({ bars, seconds, title }: Awaited<ReturnType<typeof record>>): string {
  const scale = (WIDTH - LEFT - 20) / seconds
  const height = 74 + bars.length * ROW
  const ticks = Array.from({ length: Math.floor(seconds / 2) + 1 }, (_, index) => index * 2)
  const rows = bars.map(({ title, start = 0, end = seconds }, index) => {
    const y = 58 + index * ROW
    const width = Math.max(3, (end - start) * scale)
    return `<text x="16" y="${y + 11}" fill="#c9d1d9">${escapeXml(title)}</text><rect x="${(LEFT + start * scale).toFixed(1)}" y="${y + 2}" width="${width.toFixed(1)}" height="10" rx="3" fill="#3fb950"/>`
  })
  const grid = ticks.map((second) => {
    const x = (LEFT + second * scale).toFixed(1)
    return `<line x1="${x}" y1="46" x2="${x}" y2="${height - 12}" stroke="#21262d"/><text x="${x}" y="40" fill="#8b949e" text-anchor="middle">${second} s</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="12" role="img" aria-label="${escapeXml(title)}, step by step">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<text x="16" y="24" fill="#f0f6fc" font-weight="bold">${escapeXml(title)}: running after ${seconds.toFixed(1)} s</text>
${grid.join('\n')}
${rows.join('\n')}
</svg>
`
}

writeFileSync(options.out, draw(await record()))
