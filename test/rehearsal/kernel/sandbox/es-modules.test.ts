import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { bundledWorker } from '../../support/worker-bundle';
import { folder } from './folder';

const execArgv = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
let worker: string;
beforeAll(() => {
  worker = bundledWorker(path.join(__dirname, 'es-module-worker.ts'));
});

/** What the handler gives in two environments; ES modules need a flag of Node, which only a thread of its own can have. */
function run(files: Record<string, string>, file = 'index', flags = execArgv): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(worker, { workerData: { directory: folder(files), file }, execArgv: flags });
    thread.once('message', ({ results, error }: { results?: unknown[]; error?: string }) => {
      void thread.terminate();
      if (error === undefined) resolve(results);
      else reject(new Error(error));
    });
    thread.once('error', reject);
  });
}

test('modules, their packages, CommonJS and Node modules meet; every environment has state of its own', async () => {
  const results = await run({
    'index.mjs': `
      import { basename } from 'node:path';
      import fs, { existsSync } from 'fs';
      import plain, { named } from 'plain';
      import { count, next } from './state.mjs';
      import * as typed from 'typed';
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      export const handler = async () => {
        next();
        const { default: late } = await import('./late.mjs');
        return [basename('/a/b'), typeof fs.readFileSync, existsSync('state.mjs'), plain.named, named, count, typed.kind, late, require('plain').named, import.meta.dirname === import.meta.filename.replace('/index.mjs', '')];
      };`,
    'state.mjs': `export let count = 0; export const next = () => { count += 1; };`,
    'late.mjs': `export default 'late';`,
    'node_modules/plain/index.js': `exports.named = 7;`,
    'node_modules/typed/package.json': JSON.stringify({ type: 'module', exports: { import: './esm.js', require: './cjs.cjs' } }),
    'node_modules/typed/esm.js': `export const kind = 'esm';`,
    'node_modules/typed/cjs.cjs': `exports.kind = 'cjs';`,
  });
  const expected = ['b', 'function', true, 7, 7, 1, 'esm', 'late', 7, true];
  expect(results).toEqual([expected, expected]);
});

test('modules see virtual time, seeded randomness and the environment, also while they load', async () => {
  const [first, second] = (await run({
    'index.mjs': `
      const started = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 500));
      const loaded = Date.now();
      const crypto = 'mine';
      export const handler = () => [started, loaded, process.env.GREETING, Math.random(), crypto, globalThis.Date === Date];`,
  })) as unknown[][];
  expect(first).toEqual([0, 500, 'hello', expect.any(Number), 'mine', true]);
  expect(second).toEqual(first);
});

test('.js files are modules where package.json or their syntax says so', async () => {
  const source = `export const handler = () => import.meta.url.endsWith('index.js');`;
  expect(await run({ 'index.js': source, 'package.json': '{"type":"module"}' })).toEqual([true, true]);
  expect(await run({ 'index.js': source })).toEqual([true, true]);
});

test('without the flag, and from require(), modules are refused by name', async () => {
  await expect(run({ 'index.mjs': 'export const handler = () => 1;' }, 'index', [])).rejects.toThrow(
    /unsupported: ES modules, for which Node must run with --experimental-vm-modules/,
  );
  await expect(run({ 'index.js': `require('./other.mjs');`, 'other.mjs': 'export default 1;' })).rejects.toThrow(
    /unsupported: require\(\) of the ES module other.mjs/,
  );
});
