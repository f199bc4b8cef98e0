/** @type {import('jest').Config} */
module.exports = {
  roots: ['<rootDir>/spec', '<rootDir>/integration_tests'],
  testMatch: ['**/*.spec.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.test.json' }] },
  testTimeout: 20_000,
}
