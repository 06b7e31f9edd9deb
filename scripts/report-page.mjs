// Bundles what runs in the reader's browser (uPlot and the charts): report-page for a rehearsal, backtest-page for a backtest, .js and .css each.
// As a command: node scripts/report-page.mjs <output directory>
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export async function bundleReportPage(outdir) {
  const licence = readFileSync(path.join(root, 'node_modules', 'uplot', 'LICENSE'), 'utf8').trim();
  await build({
    absWorkingDir: root,
    entryPoints: { 'report-page': 'rehearsal/report/page/main.mjs', 'backtest-page': 'bin/backtest/page/main.mjs' },
    outdir,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: `/* Contains uPlot.\n${licence.replaceAll('*/', '')} */` },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , outdir] = process.argv;
  if (outdir === undefined) {
    console.error('usage: node scripts/report-page.mjs <output directory>');
    process.exit(2);
  }
  await bundleReportPage(path.resolve(outdir));
}
