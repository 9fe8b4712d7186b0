import { gunzipSync } from 'node:zlib'
import { type BootData, bootData, LARGEST_BOOT_DATA } from '../../../shared/agents/boot-data.ts'

interface CloudConfig {
  readonly write_files: readonly { path: string; permissions: string; content: string; encoding?: string }[]
  readonly runcmd: readonly string[][]
  readonly mounts?: readonly string[][]
}

function read(data: BootData): CloudConfig {
  const text = Buffer.from(bootData(data), 'base64').toString()
  const [first, ...rest] = text.split('\n')
  expect(first).toBe('#cloud-config')
  return JSON.parse(rest.join('\n'))
}

const config = {
  api: 'http://127.0.0.1:7071/api',
  key: 'swa_x',
  clusterId: 'c',
  nodeId: 'n',
  nodeName: 'demo-master',
  version: '3.9.0',
  heartbeatSeconds: 3,
  install: null,
}
const files = { script: '#!/usr/bin/env python3\n', unit: '[Service]\n' }
const plain = { initScript: '', runInitScriptFirst: false, dataDisk: false }

test('a head gets the agent, its unit and a configuration that root alone can read', () => {
  const { write_files, runcmd } = read({ ...plain, agent: { config, files } })
  const [json, script, unit] = write_files
  expect(json).toMatchObject({ path: '/etc/slipway/agent.json', permissions: '0600' })
  expect(JSON.parse(json?.content ?? '')).toEqual(config)
  const unpacked = (content = '') => gunzipSync(Buffer.from(content, 'base64')).toString()
  expect([unpacked(script?.content), unpacked(unit?.content)]).toEqual([files.script, files.unit])
  expect(runcmd.at(-1)).toEqual(['systemctl', 'enable', '--now', 'slipway-agent'])
})

test('any other node gets no key', () => {
  expect(read(plain)).toEqual({ write_files: [], runcmd: [] })
})

test.each([
  [true, 0],
  [false, -1],
])('with runInitScriptFirst %s the init script runs at place %i of the commands', (runInitScriptFirst, place) => {
  const { runcmd } = read({ ...plain, initScript: '#!/usr/bin/env bash\n', runInitScriptFirst, agent: { config, files } })
  expect(runcmd.at(place)).toEqual(['/usr/local/lib/slipway/init.sh'])
})

test('a data disk is formatted once and mounted', () => {
  expect(read({ ...plain, dataDisk: true }).mounts).toEqual([
    [expect.stringContaining('lun0-part1'), '/srv/hops', 'ext4', 'defaults,nofail', '0', '2'],
  ])
})

test('the same input gives the same bytes, within what Azure takes', () => {
  const data = { ...plain, initScript: `#!/usr/bin/env bash\n${'echo hello\n'.repeat(5000)}`, agent: { config, files } }
  expect(bootData(data)).toBe(bootData(data))
  expect(Buffer.from(bootData(data), 'base64').length).toBeLessThan(LARGEST_BOOT_DATA)
})
