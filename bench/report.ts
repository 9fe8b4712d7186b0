import type { Verdict } from './verdict.ts'

const HEADINGS = ['what', 'measured', 'spread', 'budget', 'official host', 'ratio', 'met']

/** The table for the terminal; what is to be said about a row stands below it. */
export function textTable(verdicts: readonly Verdict[]): string {
  const rows = [HEADINGS, ...verdicts.map(cells)]
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  const [heading = [], ...body] = rows.map(line)
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  return [heading, rule, ...body, ...notes(verdicts).map((note) => `\n${note}`), ''].join('\n')
}

export function markdownTable(verdicts: readonly Verdict[]): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`
  const rule = line(HEADINGS.map((_, column) => (column === 0 ? '---' : '--:')))
  const rows = [line(HEADINGS), rule, ...verdicts.map((verdict) => line(cells(verdict)))]
  return `${rows.join('\n')}\n\n${notes(verdicts)
    .map((note) => `* ${note}`)
    .join('\n')}\n`
}

function cells({ what, measured, samples, unit, budget, better, official, ratio, met }: Verdict): readonly string[] {
  return [
    what,
    samples.length === 0 ? '–' : `${short(measured)} ${unit}`,
    samples.length < 2 ? '' : `${short(Math.min(...samples))}–${short(Math.max(...samples))}`,
    `${better === 'less' ? '≤' : '≥'} ${short(budget)} ${unit}`,
    official === undefined ? '' : `${short(official)} ${unit}`,
    samples.length === 0 ? '–' : ratio.toFixed(2),
    met ? 'yes' : 'NO',
  ]
}

const notes = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.flatMap(({ what, remark, fault }) => {
    const said = [fault && `failed: ${fault}`, remark].filter(Boolean).join('; ')
    return said ? [`${what}: ${said}.`] : []
  })

/** What else the machine was doing, for the reader of the figures. */
export function loadLine(verdicts: readonly Verdict[], cores: number): string {
  const loads = verdicts.map(({ load }) => load)
  return `Load average before the rows: ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)} on ${cores} cores.`
}

/** Three digits are what these measurements are worth. */
export const short = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(3)).toString()

const [BEGIN, END] = ['<!-- results: begin -->', '<!-- results: end -->']

/** The page with these results in place of the earlier ones. */
export function insertResults(page: string, results: string): string {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`The page lacks ${BEGIN} or ${END}.`)
  return `${before}${BEGIN}\n${results}${END}${after}`
}
