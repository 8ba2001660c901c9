// Writes how many tests of a package passed and failed, so that one closing line can sum them over all packages.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

module.exports = class CountReporter {
  constructor(globalConfig) {
    this.rootDir = globalConfig.rootDir;
  }

  onRunComplete(_contexts, results) {
    const failedSuites = results.numRuntimeErrorTestSuites;
    const counts = { passed: results.numPassedTests, failed: results.numFailedTests + failedSuites };
    writeFileSync(join(this.rootDir, '.test-counts.json'), JSON.stringify(counts));
  }
};
