import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(__dirname, '../..')
const documents = ['README.md', ...readdirSync(path.join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? `docs/${name}` : []))]
const read = (document: string) => readFileSync(path.join(ROOT, document), 'utf8').replace(/^```.*?^```$/gms, '')

/** As GitHub makes them of headings; what is there twice gets a number. */
function anchorsOf(document: string): Set<string> {
  const seen = new Map<string, number>()
  const headings = [...read(document).matchAll(/^#+ (.*)$/gm)].map(([, text = '']) => text)
  return new Set(
    headings.map((heading) => {
      const anchor = heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-')
      const count = seen.get(anchor) ?? 0
      seen.set(anchor, count + 1)
      return count === 0 ? anchor : `${anchor}-${count}`
    }),
  )
}

test.each(documents)('%s points only at headings that there are', (document) => {
  const links = [...read(document).matchAll(/\]\(([^)#\s:]*)#([^)\s]+)\)/g)].map(([, file = '', anchor = '']) => ({ file, anchor }))
  const lost = links.filter(({ file, anchor }) => {
    const target = file === '' ? document : path.posix.join(path.posix.dirname(document), file)
    return !existsSync(path.join(ROOT, target)) || (target.endsWith('.md') && !anchorsOf(target).has(anchor))
  })
  expect(lost).toEqual([])
})

test('every page can be found from the README', () => {
  const linked = [...read('README.md').matchAll(/\]\((docs\/[\w-]+\.md)/g)].map(([, target]) => target)
  expect(documents.filter((document) => document !== 'README.md' && !linked.includes(document))).toEqual([])
})
