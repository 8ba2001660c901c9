// The OCPP schemas come as ES modules, which Node requires natively and jest does not: swc turns them into CommonJS for the tests.
const preset = require('@evenkeel/toolchain/jest-preset.js');

const [[, swc]] = Object.entries(preset.transform);

module.exports = {
  ...preset,
  transform: { ...preset.transform, 'typed-ocpp/dist/.+\\.js$': swc },
  transformIgnorePatterns: ['/node_modules/(?!typed-ocpp/)'],
};
