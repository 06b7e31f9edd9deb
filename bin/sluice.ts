#!/usr/bin/env node
import { nodeProblem } from './node-version';

const problem = nodeProblem(process.versions.node);

if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
} else {
  // A reader that goes away early (`sluice … | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const debug = process.env['SLUICE_DEBUG'] === '1';
  // Loaded after the check: an older Node would fail on it with a stack trace.
  void import('./main.js')
    .then(({ main }) => main(process.argv.slice(2), process, debug))
    .then((code) => {
      process.exitCode = code;
    });
}
