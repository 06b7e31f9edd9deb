import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const script = path.resolve(__dirname, '../../scripts/third-party.mjs');

/** Licences of a bundle that holds one package, under the given licence. */
function write(license: string): { status: number | null; stderr: string; text: () => string } {
  const root = mkdtempSync(path.join(tmpdir(), 'sluice-licences-'));
  const folder = path.join(root, 'node_modules', '@some', 'thing');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: '@some/thing', version: '1.2.3', license }));
  writeFileSync(path.join(folder, 'LICENSE'), 'Copyright of somebody');
  const file = path.join(root, 'THIRD-PARTY.txt');
  const metafile = { inputs: { 'node_modules/@some/thing/dist/index.js': {}, 'lambdas/gateway/index.ts': {} } };
  const code = `import { writeThirdPartyLicences } from ${JSON.stringify(script)};
    writeThirdPartyLicences(${JSON.stringify(file)}, ${JSON.stringify(root)}, [${JSON.stringify(metafile)}]);`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  return { status, stderr, text: () => readFileSync(file, 'utf8') };
}

test('a bundle carries the licence of what is in it', () => {
  const { status, text } = write('MIT');
  expect(status).toBe(0);
  expect(text()).toBe('@some/thing 1.2.3 (MIT)\n\nCopyright of somebody\n');
});

test('a package that may not be bundled stops the build', () => {
  const { status, stderr } = write('AGPL-3.0');
  expect(status).not.toBe(0);
  expect(stderr).toContain('@some/thing 1.2.3 is under AGPL-3.0: it may not be bundled');
});
