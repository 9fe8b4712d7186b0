const WIDTH = 120
/** Most lines of one answer. */
const LINES = 48
/** Elements of a longer list, and members of a longer dictionary, that are shown. */
const SHOWN = 2

/** JSON to be read: short things on one line, long lists cut, and as deep as there is room for. `…` stands for what is left out. */
export function prettyJson(value: unknown): string {
  for (let depth = 9; depth > 2; depth--) {
    const text = written(value, '', depth)
    if (text.split('\n').length <= LINES) return text
  }
  return written(value, '', 2)
}

/** JSON whole, as a caller sends it. */
export const wholeJson = (value: unknown): string => written(value, '', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)

/** Names with things of one kind, as opposed to fields. */
const isDictionary = (value: object): boolean => Object.values(value).every((member) => typeof member === 'object')

function written(value: unknown, indent: string, depth: number, shown = SHOWN): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const list = Array.isArray(value)
  const [open, close] = list ? '[]' : '{}'
  if (Object.keys(value).length === 0) return `${open}${close}`
  if (depth === 0) return `${open}…${close}`
  const inner = `${indent}  `
  const all = Object.entries(value)
  const most = list ? shown : isDictionary(value) ? shown * 4 : all.length
  const members = [
    ...all
      .slice(0, all.length > most + 1 ? most : all.length)
      .map(([name, member]) => `${list ? '' : `${JSON.stringify(name)}: `}${written(member, inner, depth - 1, shown)}`),
    ...(all.length > most + 1 ? ['…'] : []),
  ]
  const line = list ? `[${members.join(', ')}]` : `{ ${members.join(', ')} }`
  if (!line.includes('\n') && indent.length + line.length <= WIDTH) return line
  return `${open}\n${members.map((member) => `${inner}${member}`).join(',\n')}\n${indent}${close}`
}
