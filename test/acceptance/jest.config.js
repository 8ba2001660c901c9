// One network at a time: each file of tests starts more than a dozen processes.
module.exports = { ...require('@evenkeel/toolchain/jest-preset.js'), maxWorkers: 1, testTimeout: 60_000 };
