import { mkdirSync, mkdtempSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { FEATURE_FLAGS } from '../../../bin/context';
import { EndpointScaling, ModelEndpoint, type ModelEndpointProps } from '../../../lib';
import { type AssemblyStack, loadAssembly } from '../../../rehearsal/assembly/load';
import type { Members } from '../../../rehearsal/cloud/types';
import type { EndpointLaptop } from '../endpoints/laptop';
import { bundleHandler } from '../support/bundle';
import { ENVIRONMENT } from '../../support/endpoints/synthesize';

export const STACK = 'scaled';
export const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The handler as it stands in the sources. */
export function bundleScaling(): void {
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-scaling-'));
  mkdirSync(path.join(directory, 'endpoint-scaling'));
  cpSync(bundleHandler("export { handler } from './lambdas/endpoint-scaling/index';"), path.join(directory, 'endpoint-scaling'), {
    recursive: true,
  });
  process.env['SLUICE_TEST_HANDLER_BUNDLES'] = directory;
}

/** A stack with an endpoint, and what a test adds to it. */
export function assembled(props: ModelEndpointProps, add: (stack: Stack, endpoint: ModelEndpoint) => void): AssemblyStack {
  const app = new App({ context: FEATURE_FLAGS, outdir: mkdtempSync(path.join(tmpdir(), 'sluice-scaled-')) });
  const stack = new Stack(app, STACK, { env: ENVIRONMENT });
  add(stack, new ModelEndpoint(stack, 'Endpoint', props));
  return loadAssembly(app.synth().directory).find(({ name }) => name === STACK)!;
}

export const scaling =
  (scale: (scaling: EndpointScaling) => void) =>
  (stack: Stack, endpoint: ModelEndpoint): void =>
    scale(new EndpointScaling(stack, 'Scaling', { endpoint }));

export async function targets(laptop: EndpointLaptop): Promise<Members[]> {
  const { ScalableTargets } = await laptop.call('DescribeScalableTargets', { ServiceNamespace: 'sagemaker' }, 'application-auto-scaling');
  return ScalableTargets as Members[];
}

export const pass = (laptop: EndpointLaptop, millis: number): Promise<void> => laptop.cloud.clock.sleep(millis);

/** Until a time of day of the laptop's day, UTC. */
export async function passUntil(laptop: EndpointLaptop, hour: number, minute = 0): Promise<void> {
  const day = Math.floor(laptop.cloud.clock.now() / (24 * HOUR)) * 24 * HOUR;
  await pass(laptop, Math.max(0, day + hour * HOUR + minute * MINUTE - laptop.cloud.clock.now()));
}

/** So many requests in each of some minutes, spread over the minute. */
export async function traffic(laptop: EndpointLaptop, perMinute: number, minutes: number, input: Members = {}): Promise<void> {
  const request = { EndpointName: laptop.endpointName, ContentType: 'application/json', Body: new TextEncoder().encode('{}'), ...input };
  for (let minute = 0; minute < minutes; minute += 1) {
    const end = laptop.cloud.clock.now() + MINUTE;
    for (let index = 0; index < perMinute; index += 1) await laptop.call('InvokeEndpoint', request, 'sagemaker-runtime');
    await pass(laptop, end - laptop.cloud.clock.now());
  }
}

export const instances = async (laptop: EndpointLaptop, variant = 'main'): Promise<number | undefined> =>
  (await laptop.fleet())[variant]?.count;
