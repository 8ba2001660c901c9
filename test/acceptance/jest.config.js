// One network for all files of tests, which start more than a dozen processes otherwise, each.
module.exports = {
  ...require('@evenkeel/toolchain/jest-preset.js'),
  globalSetup: '<rootDir>/src/global-setup.ts',
  globalTeardown: '<rootDir>/src/global-teardown.ts',
  maxWorkers: 1,
  testTimeout: 60_000,
};
