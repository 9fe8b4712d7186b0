import { agentProgress, installedBy } from '../../../../local/cloud/machines/agent-timeline.ts'

const latencies = { installSeconds: 100, startSeconds: 50 }
const boot = { bootedAt: 0, install: true, installFails: false }

describe('a simulated agent', () => {
  test('installs, starts and is ready, telling stages and a progress that only grows', () => {
    const seen = Array.from({ length: 16 }, (_, i) => agentProgress(boot, latencies, i * 10_000).at)
    expect([...new Set(seen.map(({ state }) => state))]).toEqual(['installing', 'starting', 'ready'])
    expect(new Set(seen.map(({ stage }) => stage)).size).toBe(9)
    expect(seen.map(({ progress }) => progress)).toEqual([...seen.map(({ progress }) => progress)].sort((a, b) => a - b))
    expect(seen.at(-1)).toMatchObject({ state: 'ready', progress: 1 })
    expect(seen.at(-1)?.logTail).toContain('Hopsworks is up')
  })

  test('says when it will have news, so that nobody waits for the next heartbeat', () => {
    const { changesIn } = agentProgress(boot, latencies, 95_000)
    expect(agentProgress(boot, latencies, 95_000 + changesIn - 1).at.state).toBe('installing')
    expect(agentProgress(boot, latencies, 95_000 + changesIn).at.state).toBe('starting')
  })

  test('whose image brings Hopsworks only starts it', () => {
    expect(agentProgress({ ...boot, install: false }, latencies, 0).at.state).toBe('starting')
    expect(agentProgress({ ...boot, install: false }, latencies, 50_000).at.state).toBe('ready')
  })

  test('whose installation is doomed fails with the stage and an error, for good', () => {
    const doomed = { ...boot, installFails: true }
    expect(agentProgress(doomed, latencies, 1_000_000).at).toMatchObject({
      state: 'failed',
      stage: 'Installing RonDB',
      error: expect.stringContaining('exit code 1'),
    })
    expect(installedBy(doomed, latencies, 1_000_000)).toBe(false)
  })

  test('remembers an installation that was done when the machine stopped', () => {
    expect(installedBy(boot, latencies, 99_999)).toBe(false)
    expect(installedBy(boot, latencies, 100_000)).toBe(true)
  })
})
