import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack, type StackProps } from 'aws-cdk-lib';

const HANDLERS = [
  'gateway',
  'ingest',
  'verdict',
  'rollback',
  'release-request',
  'release-step',
  'approval',
  'kpi-http',
  'kpi-file',
  'holdout',
];

/** Constructs are tested without the real bundles: these do nothing. */
export function placeholderBundles(): void {
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-bundles-'));
  for (const name of HANDLERS) {
    mkdirSync(path.join(directory, name));
    writeFileSync(path.join(directory, name, 'index.js'), `exports.handler = async () => '${name}';\n`);
  }
  process.env['SLUICE_TEST_HANDLER_BUNDLES'] = directory;
}

export function testStack(props?: StackProps, context?: Record<string, unknown>): Stack {
  placeholderBundles();
  const app = new App({ context, outdir: mkdtempSync(path.join(tmpdir(), 'sluice-cdk-')) });
  return new Stack(app, 'support-triage', props);
}

export const CHARTER_FOLDER = path.join(__dirname, 'charter');
