// Packs the package as npm would publish it and checks it: files, exports, types, licences.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const directory = mkdtempSync(path.join(tmpdir(), 'sluice-pack-'));
const run = (command, args, options = {}) =>
  execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options });

/** What a user must find in the package, and what must not be there. */
const REQUIRED = [
  '.jsii',
  'LICENSE',
  'NOTICE',
  'README.md',
  'dist/lib/index.js',
  'dist/lib/index.d.ts',
  'dist/bin/sluice.js',
  'dist/bin/app.js',
  'dist/bin/rehearsal-worker.js',
  'dist/bin/synthesis-worker.js',
  'dist/bin/application-scenario.schema.json',
  'dist/bin/THIRD-PARTY.txt',
  'dist/lambdas/THIRD-PARTY.txt',
  ...['gateway', 'ingest', 'verdict', 'rollback', 'release-request', 'release-step', 'approval', 'kpi-http', 'kpi-file'].map(
    (name) => `dist/lambdas/${name}/index.js`,
  ),
];
const FORBIDDEN = /^(test|bench|examples|core|lib|lambdas|rehearsal)\//;
const ALLOWED_LICENCES =
  'MIT;ISC;Apache-2.0;BSD-2-Clause;BSD-3-Clause;0BSD;MIT-0;CC0-1.0;BlueOak-1.0.0;Unlicense;Python-2.0;CC-BY-4.0;WTFPL;MIT*';

try {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory]));
  const tarball = path.join(directory, packed.filename);
  const files = packed.files.map((file) => file.path);
  const missing = REQUIRED.filter((file) => !files.includes(file));
  const unwanted = files.filter((file) => FORBIDDEN.test(file));
  if (missing.length > 0) throw new Error(`the package lacks ${missing.join(', ')}`);
  if (unwanted.length > 0) throw new Error(`the package holds what it should not: ${unwanted.slice(0, 5).join(', ')}`);
  console.log(`package: ${files.length} files, ${(statSync(tarball).size / 1e6).toFixed(1)} MB packed`);
  run('npx', ['publint', tarball, '--strict'], { stdio: 'inherit' });
  run('npx', ['attw', tarball, '--profile', 'node16', '--format', 'table-flipped', '--no-emoji'], { stdio: 'inherit' });
  run('npx', ['license-checker-rseidelsohn', '--production', '--onlyAllow', ALLOWED_LICENCES, '--excludePrivatePackages', '--summary'], {
    stdio: 'inherit',
  });
  run('npx', ['jsii-pacmak', '--targets', 'python', '--code-only', '--outdir', path.join(directory, 'python')]);
  console.log('python: the package is generated');
  checkAssembly(JSON.parse(readFileSync(path.join(root, '.jsii'), 'utf8')));
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** jsii drops exported functions and constants silently: what the index exports must all be in the assembly. */
function checkAssembly(assembly) {
  const index = readFileSync(path.join(root, 'dist/lib/index.d.ts'), 'utf8');
  if (/export (declare )?(function|const|let|type) /.test(index))
    throw new Error('lib/index exports a function, constant or type alias, which jsii drops');
  const types = Object.keys(assembly.types ?? {}).length;
  if (types === 0) throw new Error('the jsii assembly holds no types');
  console.log(`jsii assembly: ${types} types`);
}
