// Bundles a TypeScript benchmark of this folder and runs it: node bench/run.mjs <name> [arguments]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = path.dirname(fileURLToPath(import.meta.url));
const [name, ...rest] = process.argv.slice(2);
const source = path.join(folder, `${name}.ts`);
if (name === undefined || !existsSync(source)) {
  console.error(`There is no benchmark '${name ?? ''}': node bench/run.mjs <name of a .ts file in bench/, without ending>`);
  process.exit(2);
}
// Inside node_modules, so that the bundle finds the packages that stay external.
const cache = path.join(folder, '..', 'node_modules', '.cache');
mkdirSync(cache, { recursive: true });
const directory = mkdtempSync(path.join(cache, 'sluice-bench-'));
try {
  const outfile = path.join(directory, `${name}.cjs`);
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    packages: 'external',
    // The library finds its handlers from where it was built.
    plugins: [
      {
        name: 'built-library',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\.\.\/lib$/ }, () => ({ path: path.join(folder, '../dist/lib/index.js'), external: true })),
      },
    ],
  });
  process.exitCode = spawnSync(process.execPath, [outfile, ...rest], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
