const temporaryFolder = require('../temporary-folder.js');

/** Ends all of the run when `run.mjs` is gone, however it died: their channel closes. */
module.exports = async () => {
  process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
  // Hearing of its end alone must not keep the run alive.
  process.channel?.unref();
  await temporaryFolder();
};
