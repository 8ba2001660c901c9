// Writes how many tests of a package passed and failed, so that one closing line can sum them over all packages.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

module.exports = class CountReporter {
  constructor(globalConfig) {
    const { rootDir, shard } = globalConfig;
    // Each part of a suite that runs in parts has a file of its own.
    this.file = join(rootDir, `.test-counts${shard ? `-${shard.shardIndex}` : ''}.json`);
  }

  onRunComplete(_contexts, results) {
    const failedSuites = results.numRuntimeErrorTestSuites;
    const counts = { passed: results.numPassedTests, failed: results.numFailedTests + failedSuites };
    writeFileSync(this.file, JSON.stringify(counts));
  }
};
