import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { FEATURE_FLAGS } from '../../../bin/context';
import { EndpointInstance, ModelEndpoint, type ModelEndpointProps, ScalingTarget, Serving } from '../../../lib';
import { type AssemblyStack, loadAssembly } from '../../../rehearsal/assembly/load';
import type { Members } from '../../../rehearsal/cloud/types';
import { ENVIRONMENT } from '../../support/endpoints/synthesize';
import { bundleScaling } from '../endpoint-scaling/scaled';
import { CAPTURE_CHANGES, type Change, COMPONENT_CHANGES, ENDPOINT_CHANGES, MAIN, VARIANT_CHANGES } from './changes';
import { EndpointLaptop } from './laptop';

const STACK = 'updates';

function synthesize(build: (stack: Stack) => ModelEndpointProps, add: (endpoint: ModelEndpoint) => void = () => undefined): AssemblyStack {
  const app = new App({ context: FEATURE_FLAGS, outdir: mkdtempSync(path.join(tmpdir(), 'sluice-updates-')) });
  const stack = new Stack(app, STACK, { env: ENVIRONMENT });
  add(new ModelEndpoint(stack, 'Endpoint', build(stack)));
  return loadAssembly(app.synth().directory).find(({ name }) => name === STACK)!;
}

/** As a release's weights, and counts that scaling chose: neither is what the template says. */
const AT_RUN_TIME = { main: { weight: 0.25, count: 5 }, other: { weight: 7, count: 3 } };

async function driftAway(laptop: EndpointLaptop): Promise<void> {
  await laptop.change(
    Object.entries(AT_RUN_TIME).map(([VariantName, { weight, count }]) => ({
      VariantName,
      DesiredWeight: weight,
      DesiredInstanceCount: count,
    })),
  );
  expect(await laptop.fleet()).toEqual(AT_RUN_TIME);
}

/** Deploys, lets the run time change weights and counts, deploys anew, and says what the endpoint then runs. */
async function update({ before, after }: Change): Promise<{ fleet: unknown; config: Members; replaced: boolean }> {
  const laptop = new EndpointLaptop(STACK);
  return laptop.run(async () => {
    await laptop.deploy(synthesize(before));
    await driftAway(laptop);
    const { EndpointConfigName } = await laptop.describe();
    await laptop.deploy(synthesize(after));
    const { EndpointStatus, EndpointConfigName: current } = await laptop.describe();
    expect(EndpointStatus).toBe('InService');
    return { fleet: await laptop.fleet(), config: await laptop.config(), replaced: current !== EndpointConfigName };
  });
}

const changes = (all: Record<string, Change>): { name: string; change: Change }[] =>
  Object.entries(all).map(([name, change]) => ({ name, change }));

/** Properties that change no config: SageMaker is asked for nothing. */
const WITHOUT_CONFIG = new Set(['deployment', 'retentionDays']);

describe('weights and counts that the run time set survive an update of a single property', () => {
  test.each([...changes(VARIANT_CHANGES), ...changes(ENDPOINT_CHANGES), ...changes(CAPTURE_CHANGES)])('$name', async ({ name, change }) => {
    const { fleet, replaced } = await update(change);
    expect(fleet).toMatchObject(AT_RUN_TIME);
    expect(replaced).toBe(!WITHOUT_CONFIG.has(name));
  });

  test('a variant of another name is another variant: the one beside it keeps its own', async () => {
    const renamed: Change = {
      before: VARIANT_CHANGES.model.before,
      after: () => ({
        serving: Serving.realTime({
          variants: [
            { ...MAIN, name: 'renamed' },
            { ...MAIN, name: 'other' },
          ],
        }),
      }),
    };
    const { fleet } = await update(renamed);
    expect(fleet).toEqual({ renamed: { weight: 1, count: 2 }, other: AT_RUN_TIME.other });
  });

  test('without retaining, the same update would set them back', async () => {
    const laptop = new EndpointLaptop(STACK);
    await laptop.run(async () => {
      await laptop.deploy(synthesize(VARIANT_CHANGES.model.before));
      await driftAway(laptop);
      const after = synthesize(VARIANT_CHANGES.model.after);
      for (const { Type, Properties } of Object.values(after.template.Resources))
        if (Type === 'AWS::SageMaker::Endpoint') delete Properties!['RetainAllVariantProperties'];
      await laptop.deploy(after);
      expect(await laptop.fleet()).toEqual({ main: { weight: 1, count: 2 }, other: { weight: 2, count: 2 } });
    });
  });
});

test('data capture is what the template says, although variants keep what the run time set', async () => {
  const { config } = await update(CAPTURE_CHANGES.samplingPercent);
  expect(config).toMatchObject({ DataCaptureConfig: { InitialSamplingPercentage: 5, EnableCapture: true } });
});

describe('copies that the run time set survive an update of a single property', () => {
  test.each(changes(COMPONENT_CHANGES))('$name', async ({ change: { before, after } }) => {
    const laptop = new EndpointLaptop(STACK);
    await laptop.run(async () => {
      await laptop.deploy(synthesize(before));
      const [name] = Object.keys(await laptop.copies());
      await laptop.changeCopies(name!, 3);
      await laptop.deploy(synthesize(after));
      expect(await laptop.copies()).toEqual({ [name!]: 3 });
    });
  });
});

describe('a scaled variant', () => {
  beforeAll(bundleScaling);

  const scaled = (change: Partial<typeof MAIN> = {}): AssemblyStack =>
    synthesize(
      () => ({ serving: Serving.realTime({ variants: [{ ...MAIN, ...change }] }) }),
      (endpoint) => endpoint.scaleVariant({ minCapacity: 2, maxCapacity: 6, target: ScalingTarget.invocationsPerMinute(600) }),
    );

  test('changes its instance type, keeps its count, and scales on', async () => {
    const laptop = new EndpointLaptop(STACK);
    await laptop.run(async () => {
      await laptop.deploy(scaled());
      await laptop.change([{ VariantName: 'main', DesiredInstanceCount: 4 }]);
      await laptop.deploy(scaled({ instance: EndpointInstance.M5_XLARGE }));
      expect(await laptop.config()).toMatchObject({ ProductionVariants: [{ InstanceType: 'ml.m5.xlarge' }] });
      expect(await laptop.fleet()).toMatchObject({ main: { count: 4 } });
      const { ScalableTargets } = await laptop.call(
        'DescribeScalableTargets',
        { ServiceNamespace: 'sagemaker' },
        'application-auto-scaling',
      );
      expect(ScalableTargets).toMatchObject([{ MinCapacity: 2, MaxCapacity: 6 }]);
    });
  }, 60_000);
});
