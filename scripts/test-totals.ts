import { readFileSync } from 'node:fs'

/** The last line of a verification: what jest counted in the run before. */
const totals = JSON.parse(readFileSync('.local/test-results.json', 'utf8')) as { numPassedTests: number; numFailedTests: number }
process.stdout.write(`${totals.numPassedTests} passed, ${totals.numFailedTests} failed\n`)
