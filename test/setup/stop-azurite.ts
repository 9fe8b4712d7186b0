import { rmSync } from 'node:fs'

export default async function stop(): Promise<void> {
  await globalThis.testAzurite?.stop()
  rmSync(process.env.TEST_AZURITE_CLAIMS ?? '', { recursive: true, force: true })
}
