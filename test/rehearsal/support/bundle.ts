import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

/** Bundles handler source as the package's handlers are bundled; gives the asset's directory. */
export function bundleHandler(source: string, files: Record<string, string> = {}): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'handler-'));
  buildSync({
    stdin: { contents: source, resolveDir: path.resolve(__dirname, '../../..'), loader: 'ts', sourcefile: 'handler.ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    external: Object.keys(files).map((name) => `./${name}`),
    outfile: path.join(directory, 'index.js'),
  });
  for (const [name, contents] of Object.entries(files)) writeFileSync(path.join(directory, name), contents);
  return directory;
}
