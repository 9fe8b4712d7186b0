import { gzipSync } from 'node:zlib'
import { agentConfigOf } from '../../../../local/cloud/machines/boot-data.ts'

const agent = {
  api: 'http://127.0.0.1:7071/api',
  key: 'swa_k',
  clusterId: 'c',
  nodeId: 'n',
  nodeName: 'one-master',
  version: '3.9.0',
  heartbeatSeconds: 3,
  install: null,
}

const cloudConfig = (file: object) =>
  `#cloud-config\n${JSON.stringify({ write_files: [{ path: '/etc/motd', content: 'hi' }, file], runcmd: [] })}`
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('boot data', () => {
  test('of a head tells its agent where the API is', () => {
    const data = base64(cloudConfig({ path: '/etc/slipway/agent.json', permissions: '0600', content: JSON.stringify(agent) }))
    expect(agentConfigOf(data)).toEqual(agent)
  })

  test('may carry the file base64-encoded', () => {
    const data = base64(cloudConfig({ path: '/etc/slipway/agent.json', encoding: 'b64', content: base64(JSON.stringify(agent)) }))
    expect(agentConfigOf(data)?.key).toBe('swa_k')
  })

  test('may carry the file packed', () => {
    const content = gzipSync(JSON.stringify(agent)).toString('base64')
    expect(agentConfigOf(base64(cloudConfig({ path: '/etc/slipway/agent.json', encoding: 'gz+b64', content })))?.key).toBe('swa_k')
  })

  test('that unpacks to more than a file should hold starts none', () => {
    const content = gzipSync(Buffer.alloc(4 * 1024 * 1024)).toString('base64')
    expect(agentConfigOf(base64(cloudConfig({ path: '/etc/slipway/agent.json', encoding: 'gz+b64', content })))).toBeUndefined()
  })

  test.each([
    ['none', undefined],
    ['a shell script', base64('#!/bin/bash\necho hi')],
    ['YAML', base64('#cloud-config\npackages:\n  - git\n')],
    ['no agent.json', base64(cloudConfig({ path: '/etc/hosts', content: '' }))],
    ['an agent.json that is none', base64(cloudConfig({ path: '/etc/slipway/agent.json', content: '{"api":"file:///etc/passwd"}' }))],
    ['rubbish', '%%%'],
  ])('of a machine without an agent (%s) starts none', (_, data) => {
    expect(agentConfigOf(data)).toBeUndefined()
  })
})
