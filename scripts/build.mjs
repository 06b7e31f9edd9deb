// Bundles the handlers and the command. `lib` and `core` are compiled by jsii (npm run build:lib).
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleReportPage } from './report-page.mjs';
import { writeThirdPartyLicences } from './third-party.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  absWorkingDir: root,
};

/** For editors of scenarios. */
const APPLICATION_SCHEMA = 'application-scenario.schema.json';

/** Of their manifests the SDK's clients read the version alone: two kilobytes each that every cold start would parse. */
const manifestsAreVersions = {
  name: 'manifests-are-versions',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, ({ path: file }) => {
      const { version } = JSON.parse(readFileSync(file, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** The public library stays outside the bundles: class identity, and the paths of its assets. */
const libraryStaysOutside = {
  name: 'library-stays-outside',
  setup(builder) {
    builder.onResolve({ filter: /^\.\.?\// }, (args) => {
      const target = path.resolve(args.resolveDir, args.path);
      return target === path.join(root, 'lib') || target === path.join(root, 'lib', 'index')
        ? { path: '../lib/index.js', external: true }
        : undefined;
    });
  },
};

async function bundleHandlers() {
  const handlers = readdirSync(path.join(root, 'lambdas'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(root, 'lambdas', entry.name, 'index.ts')))
    .map((entry) => entry.name);
  const results = await Promise.all(
    handlers.map((name) => {
      const outdir = path.join(root, 'dist', 'lambdas', name);
      return build({
        ...common,
        entryPoints: [path.join('lambdas', name, 'index.ts')],
        outfile: path.join(outdir, 'index.js'),
        minify: true,
        plugins: [manifestsAreVersions],
      });
    }),
  );
  removeOthers(path.join(root, 'dist', 'lambdas'), handlers);
  writeLicences('lambdas', results);
}

/** Bundles are written over, so that whoever synthesizes meanwhile finds one; what has no source any more goes. */
function removeOthers(folder, kept) {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory() && !kept.includes(entry.name)) rmSync(path.join(folder, entry.name), { recursive: true, force: true });
}

const writeLicences = (folder, results) =>
  writeThirdPartyLicences(
    path.join(root, 'dist', folder, 'THIRD-PARTY.txt'),
    root,
    results.map(({ metafile }) => metafile),
  );

async function bundleCommand() {
  const outdir = path.join(root, 'dist', 'bin');
  const entryPoints = {
    sluice: 'bin/sluice.ts',
    app: 'bin/app.ts',
    'rehearsal-worker': 'rehearsal/worker.ts',
    'synthesis-worker': 'bin/rehearsal/synthesis-worker.ts',
  };
  const present = Object.fromEntries(Object.entries(entryPoints).filter(([, file]) => existsSync(path.join(root, file))));
  const result = await build({
    ...common,
    entryPoints: present,
    outdir,
    external: ['aws-cdk-lib', 'constructs'],
    plugins: [libraryStaysOutside],
    sourcemap: false,
  });
  writeLicences('bin', [result]);
  await bundleReportPage(outdir);
  copyFileSync(path.join(root, 'constructs-docs', APPLICATION_SCHEMA), path.join(outdir, APPLICATION_SCHEMA));
}

const which = process.argv[2] ?? 'all';
if (which === 'all' || which === 'lambdas') await bundleHandlers();
if (which === 'all' || which === 'bin') await bundleCommand();
