import { closeSync, openSync } from 'node:fs'
import path from 'node:path'

/** A storage account of its own on the run's emulator: fresh, and nobody else's. */
export function azurite(): { readonly connectionString: string; readonly account: string } {
  const { TEST_AZURITE: pattern, TEST_AZURITE_CLAIMS: claims } = process.env
  if (!pattern || !claims) throw new Error('the storage emulator is started by jest.config.js')
  for (let index = 0; ; index++) {
    if (!claim(path.join(claims, `${index}`))) continue
    const account = `test${index}`
    return { account, connectionString: pattern.replaceAll('ACCOUNT', account) }
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
