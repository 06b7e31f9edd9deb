import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack, type StackProps } from 'aws-cdk-lib';

const LAMBDAS = path.join(__dirname, '../../lambdas');
const HANDLERS = readdirSync(LAMBDAS).filter((name) => existsSync(path.join(LAMBDAS, name, 'index.ts')));

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
