const preset = require('@evenkeel/toolchain/jest-preset.js');

module.exports = {
  ...preset,
  // Tests run in a context of their own, in which each look at a global costs more than the arithmetic around it. The random cases look at these
  // hundreds of millions of times; as parameters of the modules they cost nothing.
  sandboxInjectedGlobals: ['Array', 'BigInt', 'Date', 'JSON', 'Map', 'Math', 'Number', 'Object', 'RangeError', 'Set'],
};
