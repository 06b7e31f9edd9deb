import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App as CdkApp } from 'aws-cdk-lib';

export { rehearse, world, type Rehearsed } from './rehearsed';

/** Synthesizes what `build` adds to an app; gives the assembly's folder. */
export function synthesize(build: (app: CdkApp) => void, context: Record<string, unknown> = {}): string {
  const outdir = mkdtempSync(path.join(tmpdir(), 'sluice-app-'));
  const app = new CdkApp({ outdir, context: { 'aws:cdk:enable-path-metadata': true, ...context }, analyticsReporting: false });
  build(app);
  return app.synth().directory;
}
