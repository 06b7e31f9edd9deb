#!/usr/bin/env node
import { main } from './main';

const OLDEST_NODE = 22;
const nodeMajor = Number(process.versions.node.split('.')[0]);

if (nodeMajor < OLDEST_NODE) {
  process.stderr.write(
    `sluice needs Node ${OLDEST_NODE} or newer; this is Node ${process.versions.node}. Install a newer one from https://nodejs.org.\n`,
  );
  process.exitCode = 2;
} else {
  // A reader that goes away early (`sluice … | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  void main(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr }, process.env['SLUICE_DEBUG'] === '1').then((code) => {
    process.exitCode = code;
  });
}
