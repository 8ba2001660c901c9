module.exports = require('@evenkeel/toolchain/jest-preset.js');
