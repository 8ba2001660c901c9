// The one jest configuration. Swc only strips types, so every package is type-checked by its own `tsc` build before its tests run.
const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'commonjs' },
  },
];

module.exports = {
  rootDir: process.cwd(),
  roots: ['<rootDir>/src'],
  testMatch: ['**/*.spec.ts'],
  testEnvironment: 'node',
  // A bound on what hangs, not a measurement: real servers on a busy machine take their time.
  testTimeout: 30_000,
  // The OCPP schemas come as ES modules, which Node requires natively and jest does not: swc turns them into CommonJS for the tests.
  transform: { '^.+\\.ts$': swc, 'typed-ocpp/dist/.+\\.js$': swc },
  transformIgnorePatterns: ['/node_modules/(?!typed-ocpp/)'],
  reporters: ['default', '@evenkeel/toolchain/count-reporter.js'],
};
