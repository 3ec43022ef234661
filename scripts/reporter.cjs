// Mocha's spec reporter, which also writes its counts as JSON to the file that CMTOPO_COUNTS names, so that
// several runs, one of them inside VS Code, can be added up.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = function countingSpec(runner, options) {
  const spec = new reporters.Spec(runner, options);
  runner.once('end', () => {
    const file = process.env.CMTOPO_COUNTS;
    const { passes, failures, pending } = spec.stats;
    if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, pending }));
  });
  return spec;
};
