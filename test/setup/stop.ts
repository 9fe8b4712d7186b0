import { rmSync } from 'node:fs'

export default async function stop(): Promise<void> {
  await Promise.all((globalThis.testAzurites ?? []).map((azurite) => azurite.stop()))
  rmSync(process.env.TEST_SHARED ?? '', { recursive: true, force: true })
}
