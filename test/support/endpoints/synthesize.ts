import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { FEATURE_FLAGS } from '../../../bin/context';
import { ModelEndpoint } from '../../../lib';
import type { Accepted } from './accepted';

export const ENVIRONMENT = { account: '123456789012', region: 'us-east-1' };

/** One app with a stack for each configuration: the CDK starts once. */
export function appOf(configurations: Accepted[], tag: string, options: { validation?: boolean } = {}): App {
  const app = new App({
    context: FEATURE_FLAGS,
    outdir: mkdtempSync(path.join(tmpdir(), 'sluice-endpoints-')),
    ...(options.validation === true ? { builtinCloudFormationValidation: true } : {}),
  });
  configurations.forEach(({ props }, index) => {
    const stack = new Stack(app, stackName(index), { env: ENVIRONMENT });
    new ModelEndpoint(stack, 'Endpoint', props(stack, tag));
  });
  return app;
}

export const stackName = (index: number): string => `endpoint-${index}`;
