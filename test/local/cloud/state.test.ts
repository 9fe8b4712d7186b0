import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openState } from '../../../local/cloud/state.ts'

describe('the state', () => {
  let directory: string
  let path: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slipway-state-'))
    path = join(directory, 'journal.jsonl')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  const lines = () => readFileSync(path, 'utf8').split('\n').length - 1

  it('keeps a change as one line, and nothing of one that throws', () => {
    const state = openState(path)
    const table = state.table('t')
    state.change(() => {
      table.put('a', { n: 1 })
      table.put('b', { n: 2 })
    })
    expect(() =>
      state.change(() => {
        table.put('a', { n: 3 })
        table.delete('b')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect([...table.entries()]).toEqual([
      ['a', { n: 1 }],
      ['b', { n: 2 }],
    ])
    expect(lines()).toBe(1)
    state.close()
    expect([...openState(path).table('t').entries()]).toHaveLength(2)
  })

  it('undoes a nested change that throws and keeps the rest', () => {
    const state = openState(path)
    const table = state.table('t')
    state.change(() => {
      table.put('a', { n: 1 })
      expect(() =>
        state.change(() => {
          table.put('a', { n: 2 })
          throw new Error('no')
        }),
      ).toThrow()
      table.put('b', {})
    })
    expect(table.get('a')).toEqual({ n: 1 })
    state.close()
    expect([...openState(path).table('t').entries()]).toEqual([
      ['a', { n: 1 }],
      ['b', {}],
    ])
  })

  it('rewrites the journal when it has grown far beyond what lives', () => {
    const state = openState(path)
    const table = state.table('t')
    for (let index = 0; index < 5_100; index += 1) state.change(() => table.put('only', { index }))
    expect(lines()).toBeLessThan(200)
    state.close()
    expect(openState(path).table('t').get('only')).toEqual({ index: 5_099 })
  })

  it('takes no write outside of a change, and none when closed', () => {
    const state = openState(path)
    expect(() => state.table('t').put('a', {})).toThrow('outside of a change')
    state.close()
    expect(() => state.change(() => state.table('t').put('a', {}))).toThrow('stopped')
  })

  it('says which line of a damaged journal is wrong', () => {
    writeFileSync(path, '[["t","a",{}]]\nnonsense\n')
    expect(() => openState(path)).toThrow(/damaged in line 2/)
  })
})
