const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

/** Whatever tests leave among the temporary files goes with the run: workers inherit the variable. */
module.exports = async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-tests-'));
  process.env.TMPDIR = folder;
  globalThis.removeTemporaryFolder = () => rmSync(folder, { recursive: true, force: true });
};
