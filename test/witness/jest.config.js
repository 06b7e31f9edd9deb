const base = require('../../jest.config.js');

/** The witness's tests: `run.mjs` starts MiniStack, says where it is (SLUICE_WITNESS) and which folder's tests to run (--roots). */
module.exports = {
  ...base,
  rootDir: '../..',
  testMatch: ['**/*.witness.ts'],
  globalSetup: '<rootDir>/test/witness/global-setup.js',
  testTimeout: 300_000,
};
