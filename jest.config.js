const swc = (syntax) => ['@swc/jest', { jsc: { parser: { syntax, decorators: true }, target: 'es2023' }, module: { type: 'commonjs' } }];

/** Types are checked by `npm run types`; here they are only stripped. */
module.exports = {
  roots: ['<rootDir>/test'],
  // Examples import the package as its users do.
  moduleNameMapper: { '^cdk-sluice$': '<rootDir>/lib/index.ts' },
  testMatch: ['**/*.test.ts'],
  // The readers of Parquet come as ES modules only.
  transform: { '^.+\\.ts$': swc('typescript'), '/node_modules/(hyparquet|hysnappy)[^/]*/.+\\.js$': swc('ecmascript') },
  transformIgnorePatterns: ['/node_modules/(?!(hyparquet|hysnappy)[^/]*/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out'],
  globalSetup: '<rootDir>/test/temporary-folder.js',
  globalTeardown: '<rootDir>/test/remove-temporary-folder.js',
  setupFiles: ['<rootDir>/test/setup.js'],
  reporters: ['default', '<rootDir>/test/counting-reporter.js'],
  maxWorkers: 2,
};
