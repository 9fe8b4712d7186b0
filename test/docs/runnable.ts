/** A block of a Markdown file whose fence says `run`: ```sh run, or ```json run POST /api/clusters?dryRun=true. */
export interface RunnableBlock {
  readonly language: 'sh' | 'json'
  /** What stands behind `run`. */
  readonly request: string
  readonly text: string
  readonly line: number
}

const OPENING = /^```(\w+) run\b *(.*)$/

/** The runnable blocks of a document, in order. A marked block of any other language is a mistake of the author. */
export function runnableBlocks(markdown: string): RunnableBlock[] {
  const lines = markdown.split('\n')
  return lines.flatMap((line, index) => {
    const [, language, request = ''] = OPENING.exec(line) ?? []
    if (language === undefined) return []
    if (language !== 'sh' && language !== 'json') throw new Error(`line ${index + 1}: ${language} cannot be run`)
    const rest = lines.slice(index + 1)
    return [{ language, request, text: rest.slice(0, rest.indexOf('```')).join('\n'), line: index + 1 }]
  })
}
