import { runnableBlocks } from './runnable.ts'

test('only blocks that are marked are run, in order', () => {
  const document = [
    '# Title',
    '```sh',
    'rm -rf /',
    '```',
    '```sh run',
    'echo one',
    'echo two',
    '```',
    '```json run POST /api/clusters',
    '{}',
    '```',
  ]
  expect(runnableBlocks(document.join('\n'))).toEqual([
    { language: 'sh', request: '', text: 'echo one\necho two', line: 5 },
    { language: 'json', request: 'POST /api/clusters', text: '{}', line: 9 },
  ])
})

test('a marked block that nobody can run is an error, not passed over', () => {
  expect(() => runnableBlocks('```python run\n```')).toThrow('line 1: python cannot be run')
})
