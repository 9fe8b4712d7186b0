import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Azurite, startAzurite } from '../../local/azurite/azurite.ts'

/** More than there are test files and worlds in one run; an account costs nothing until it is used. */
const ACCOUNTS = 600

declare global {
  var testAzurite: Azurite | undefined
}

/** One storage emulator for the whole run; every test file takes accounts of its own from it. */
export default async function start(): Promise<void> {
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => `test${index}`)
  globalThis.testAzurite = await startAzurite({ accounts, root: path.resolve(__dirname, '../..') })
  process.env.TEST_AZURITE = globalThis.testAzurite.connectionString('ACCOUNT')
  process.env.TEST_AZURITE_CLAIMS = mkdtempSync(path.join(tmpdir(), 'slipway-accounts-'))
}
