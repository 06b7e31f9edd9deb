// The witness: starts MiniStack on loopback, runs the tests of one folder against it, ends it. `serve` only starts it, for use by hand.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Unavailable, pythonWithMiniStack } from './environment.mjs';
import { startMiniStack } from './ministack.mjs';

const SUITES = ['deploy', 'differential'];
const ENDS_WITHIN_MINUTES = 20;
const ROOT = path.resolve(import.meta.dirname, '../..');
const JEST = createRequire(import.meta.url).resolve('jest/bin/jest');

const [suite, ...jestArguments] = process.argv.slice(2);
if (suite !== 'serve' && !SUITES.includes(suite)) {
  console.error(`node test/witness/run.mjs <${SUITES.join('|')}|serve> [arguments of jest]; given: ${suite ?? 'nothing'}`);
  process.exit(2);
}

const cleanUps = [];
const cleanUp = () => {
  for (const step of cleanUps.splice(0).reverse()) step();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    cleanUp();
    process.exit(1);
  });
}
process.on('exit', cleanUp);

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Unavailable)) throw error;
  const inCi = (process.env.CI ?? '') !== '';
  console.log(`witness: ${error.message}; ${inCi ? 'it must run in CI' : `${suite} is skipped outside CI`}`);
  process.exitCode = inCi ? 1 : 0;
} finally {
  cleanUp();
}

async function main() {
  const python = pythonWithMiniStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-witness-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const ministack = await startMiniStack(python, folder);
  cleanUps.push(ministack.stop);
  if (suite === 'serve') {
    console.log(`SLUICE_WITNESS=${ministack.url}   (Ctrl-C ends it; log: ${path.join(folder, 'ministack.log')})`);
    return new Promise(() => setInterval(() => undefined, 60_000));
  }
  const exitCode = await runJest(ministack.url);
  ministack.assertLoopbackOnly();
  return exitCode;
}

/** In a process group of its own, so that what tests start (the CDK command line) ends with them. */
function runJest(url) {
  const given = ['--config', path.join(import.meta.dirname, 'jest.config.js'), '--roots', path.join(import.meta.dirname, suite)];
  const child = spawn(process.execPath, [JEST, ...given, ...jestArguments], {
    cwd: ROOT,
    detached: true,
    stdio: 'inherit',
    env: { ...process.env, SLUICE_WITNESS: url, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' },
  });
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  };
  cleanUps.push(end);
  const limit = setTimeout(() => {
    console.error(`witness: ${suite} has not ended after ${ENDS_WITHIN_MINUTES} minutes; it is stopped`);
    end();
  }, ENDS_WITHIN_MINUTES * 60_000);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(limit);
      resolve(code ?? 1);
    });
  });
}
