import { closeSync, openSync } from 'node:fs'
import path from 'node:path'
import { type Azurite, startAzurite } from '../local/azurite/azurite.ts'

/** A storage account of its own on one of the run's emulators: fresh, and nobody else's. */
export function azurite(): { readonly connectionString: string; readonly account: string } {
  const { TEST_AZURITE: emulators, TEST_AZURITE_CLAIMS: claims } = process.env
  if (!emulators || !claims) throw new Error('the storage emulator is started by jest.config.js')
  const patterns = JSON.parse(emulators) as readonly string[]
  for (let index = 0; ; index++) {
    if (!claim(path.join(claims, `${index}`))) continue
    const account = `test${index}`
    return { account, connectionString: (patterns[index % patterns.length] ?? '').replaceAll('ACCOUNT', account) }
  }
}

/** Workers are processes: the one that creates the file has the account. */
function claim(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx'))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * An emulator for a world that writes much: Azurite looks through the blobs of all accounts at each call, and every ten minutes it sweeps them,
 * for minutes.
 */
export const ownAzurite = (): Promise<Azurite> => startAzurite({ root: path.resolve(__dirname, '..') })
