// Bundles a TypeScript benchmark of this folder and runs it: node bench/run.mjs <name> [arguments]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const folder = path.dirname(fileURLToPath(import.meta.url));
const [name, ...rest] = process.argv.slice(2);
const source = path.join(folder, `${name}.ts`);
if (name === undefined || !existsSync(source)) {
  console.error(`There is no benchmark '${name ?? ''}': node bench/run.mjs <name of a .ts file in bench/, without ending>`);
  process.exit(2);
}
const directory = mkdtempSync(path.join(tmpdir(), 'sluice-bench-'));
try {
  const outfile = path.join(directory, `${name}.cjs`);
  buildSync({ entryPoints: [source], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node22', packages: 'external' });
  process.exitCode = spawnSync(process.execPath, [outfile, ...rest], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
