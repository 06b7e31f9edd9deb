/** Types are checked by `npm run types`; here they are only stripped. */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out'],
  globalSetup: '<rootDir>/test/temporary-folder.js',
  globalTeardown: '<rootDir>/test/remove-temporary-folder.js',
  setupFiles: ['<rootDir>/test/setup.js'],
  reporters: ['default', '<rootDir>/test/counting-reporter.js'],
  maxWorkers: 2,
};
