// One network at a time: a run starts more than a dozen processes.
module.exports = { ...require('@evenkeel/toolchain/jest-preset.js'), maxWorkers: 1 };
