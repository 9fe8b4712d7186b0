import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Azurite, startAzurite } from '../../local/azurite/azurite.ts'
import { bundle } from '../../scripts/bundle.ts'
import { requireSkopeo } from '../local/cloud/container-registry/skopeo.ts'

/** Azurite looks through the blobs of all accounts at each call: one for the whole run would grow slower with every test file. */
const EMULATORS = 3

/** More on each than there are test files and worlds in one run; an account costs nothing until it is used. */
const ACCOUNTS = 600

declare global {
  var testAzurites: readonly Azurite[] | undefined
}

/** What the tests of a run share, made once: storage emulators, of which every test file takes accounts of its own, and the bundled app. */
export default async function start(): Promise<void> {
  installSkopeo()
  const root = path.resolve(__dirname, '../..')
  const shared = mkdtempSync(path.join(tmpdir(), 'slipway-tests-'))
  const app = path.join(shared, 'app')
  const [azurites] = await Promise.all([startAzurites(root), bundle(root, path.join(app, 'main.cjs'))])
  globalThis.testAzurites = azurites
  process.env.TEST_AZURITE = JSON.stringify(azurites.map((azurite) => azurite.connectionString('ACCOUNT')))
  process.env.TEST_AZURITE_CLAIMS = path.join(shared, 'accounts')
  mkdirSync(process.env.TEST_AZURITE_CLAIMS)
  process.env.TEST_APP = app
  process.env.TEST_SHARED = shared
}

function startAzurites(root: string): Promise<readonly Azurite[]> {
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => `test${index}`)
  return Promise.all(Array.from({ length: EMULATORS }, () => startAzurite({ accounts, root })))
}

/** Once, before the workers: two that install at the same time stand in each other's way. Where it cannot be installed, the tests that need it say so. */
function installSkopeo(): void {
  try {
    requireSkopeo()
  } catch {
    // Everything else can be tested without it.
  }
}
