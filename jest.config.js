// The AWS SDK warns about Node 20 on stderr; what the connector's own processes print is tested without this.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'

const { availableParallelism } = require('node:os')

/** @type {import('jest').Config} */
module.exports = {
  roots: ['<rootDir>/spec', '<rootDir>/integration_tests'],
  testMatch: ['**/*.spec.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.test.json' }] },
  testSequencer: '<rootDir>/tools/longest-first.js',
  testTimeout: 60_000,
  // Where there are two cores jest would take one worker; most tests wait for the processes they start.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // `npm test -- contract` is to list its cases by name.
  verbose: true,
}
