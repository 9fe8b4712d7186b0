/** Tests mirror the tree; TypeScript is only stripped here, types are checked by `npm run types`. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
  // Sweeps that take minutes: npm run soak.
  testPathIgnorePatterns: process.env.SLIPWAY_SWEEP_KILLS ? [] : ['/test/e2e/upgrades/soak/'],
  testSequencer: '<rootDir>/test/setup/sweeps-first.js',
  globalSetup: '<rootDir>/test/setup/start.ts',
  globalTeardown: '<rootDir>/test/setup/stop.ts',
  testTimeout: 30_000,
  // Worlds wait for Azure's latencies more than they compute: two workers for each of the two cores of CI.
  maxWorkers: 4,
}
