// The witness: starts MiniStack on loopback, runs the tests of one folder against it, ends it. `serve` only starts it, for use by hand.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clearTimeout, setInterval, setTimeout } from 'node:timers';
import { Unavailable, pythonWithMiniStack } from './environment.mjs';
import { freePort, startMiniStack } from './ministack.mjs';

/** What each folder's MiniStack is set to. The deploy's account and region are those of the laptop cloud, whose doubles stand in for services. */
const SUITES = {
  deploy: { MINISTACK_ACCOUNT_ID: '123456789012', MINISTACK_REGION: 'eu-west-1', SFN_WAIT_SCALE: '0' },
  differential: {},
};
const ENDS_WITHIN_MINUTES = 20;
const ROOT = path.resolve(import.meta.dirname, '../..');
const JEST = createRequire(import.meta.url).resolve('jest/bin/jest');

const givenArguments = process.argv.slice(2);
const servesOnly = givenArguments[0] === 'serve';
const [suite = 'differential', ...jestArguments] = givenArguments.slice(servesOnly ? 1 : 0);
if (givenArguments.length === 0 || !Object.hasOwn(SUITES, suite)) {
  console.error(
    `node test/witness/run.mjs [serve] <${Object.keys(SUITES).join('|')}> [arguments of jest]; given: ${givenArguments.join(' ')}`,
  );
  process.exit(2);
}

if (suite === 'deploy' && !existsSync(path.join(ROOT, 'dist/bin/app.js'))) {
  console.error('witness: there is no dist/ to deploy from; run `npm run build` first');
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
  // The deploy's tests open the doubles there: MiniStack asks them only once something is deployed.
  const doublesUrl = suite === 'deploy' ? `http://127.0.0.1:${await freePort()}` : undefined;
  const ministack = await startMiniStack(python, folder, environmentOf(suite, doublesUrl));
  cleanUps.push(ministack.stop);
  if (servesOnly) {
    console.log(
      `SLUICE_WITNESS=${ministack.url}${doublesUrl === undefined ? '' : ` SLUICE_DOUBLES=${doublesUrl}`}   (Ctrl-C ends it; log: ${path.join(folder, 'ministack.log')})`,
    );
    return new Promise(() => setInterval(() => undefined, 60_000));
  }
  const exitCode = await runJest(folder, {
    SLUICE_WITNESS: ministack.url,
    ...(doublesUrl === undefined ? {} : { SLUICE_DOUBLES: doublesUrl }),
  });
  ministack.assertLoopbackOnly();
  if (exitCode !== 0) for (const line of ministack.errors()) console.error(`MiniStack: ${line}`);
  return exitCode;
}

/** SageMaker's clients in functions find the doubles by the variables that every SDK reads. */
function environmentOf(name, doublesUrl) {
  if (doublesUrl === undefined) return SUITES[name];
  return {
    ...SUITES[name],
    SLUICE_DOUBLES: doublesUrl,
    AWS_ENDPOINT_URL_SAGEMAKER: doublesUrl,
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: doublesUrl,
  };
}

/** In a process group of its own, so that what tests start (the CDK command line) ends with them. */
function runJest(folder, environment) {
  const TMPDIR = path.join(folder, 'tests');
  mkdirSync(TMPDIR);
  const given = [
    '--config',
    path.join(import.meta.dirname, 'jest.config.js'),
    '--roots',
    path.join(import.meta.dirname, suite),
    ...(suite === 'deploy' ? ['--runInBand'] : []),
  ];
  const child = spawn(process.execPath, [JEST, ...given, ...jestArguments], {
    cwd: ROOT,
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...environment, TMPDIR, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' },
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
