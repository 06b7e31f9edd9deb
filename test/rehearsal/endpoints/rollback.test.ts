import { Duration } from 'aws-cdk-lib';
import { Deployment, type ModelEndpointProps, RollbackAlarm, Serving } from '../../../lib';
import type { ContainerAnswer } from '../../../rehearsal/cloud/types';
import type { Accepted } from '../../support/endpoints/accepted';
import { variant } from '../../support/endpoints/parts';
import { appOf, stackName } from '../../support/endpoints/synthesize';
import { ANSWER, EndpointLaptop, stacksOf } from './laptop';

const SECOND = 1000;
const WAITS = { wait: Duration.minutes(10), terminationWait: Duration.minutes(10) };

const guarded = (deployment: Deployment): Accepted[] => [
  {
    name: 'guarded',
    props: (_stack, tag): ModelEndpointProps => ({
      serving: Serving.realTime({ variants: [variant(tag, { initialCount: 4 })] }),
      deployment,
    }),
  },
];

interface Outcome {
  error: string | undefined;
  image: string;
  counts: unknown;
}

/** Deploys version one, then version two under traffic, and says which one the endpoint runs in the end. */
async function deployUnderTraffic(
  deployment: Deployment,
  answer: (image: string, isDeploying: boolean) => ContainerAnswer,
): Promise<Outcome> {
  const [before, after] = ['one', 'two'].map((tag) => stacksOf(appOf(guarded(deployment), tag).synth()).get(stackName(0))!);
  const laptop = new EndpointLaptop(stackName(0));
  let isDeploying = false;
  laptop.answer = (image) => answer(image, isDeploying);
  return laptop.run(async () => {
    await laptop.deploy(before!);
    await laptop.change([{ VariantName: 'main', DesiredInstanceCount: 6 }]);
    isDeploying = true;
    const asking = ask(laptop, () => isDeploying);
    const error = await laptop.deploy(after!).then(
      () => undefined,
      (reason: unknown) => String(reason),
    );
    isDeploying = false;
    await asking;
    const { ProductionVariants } = (await laptop.config()) as { ProductionVariants: { ModelName: string }[] };
    const model = await laptop.call('DescribeModel', { ModelName: ProductionVariants[0]?.ModelName });
    const { Image } = model['PrimaryContainer'] as { Image: string };
    return { error, image: Image.split(':').at(-1) ?? '', counts: await laptop.fleet() };
  });
}

/** Sixty requests a minute, whatever becomes of them. */
async function ask(laptop: EndpointLaptop, goesOn: () => boolean): Promise<void> {
  const request = { EndpointName: laptop.endpointName, ContentType: 'application/json', Body: new TextEncoder().encode('{}') };
  while (goesOn()) {
    laptop.call('InvokeEndpoint', request, 'sagemaker-runtime').catch(() => undefined);
    await laptop.cloud.clock.sleep(SECOND);
  }
}

const FAILURE: ContainerAnswer = { ...ANSWER, status: 500 };
const KEPT = { main: { weight: 1, count: 6 } };

const DEPLOYMENTS: [string, Deployment][] = [
  ['all at once', Deployment.blueGreenAllAtOnce({ terminationWait: Duration.minutes(10) })],
  ['a canary', Deployment.blueGreenCanary({ percent: 25, ...WAITS })],
  ['linear', Deployment.blueGreenLinear({ percent: 50, ...WAITS })],
  ['rolling', Deployment.rolling({ percent: 50, wait: Duration.minutes(10) })],
];

describe.each(DEPLOYMENTS)('%s', (_name, deployment) => {
  test('is undone when the new instances fail, and counts stay', async () => {
    const { error, image, counts } = await deployUnderTraffic(deployment, (image) => (image.endsWith(':two') ? FAILURE : ANSWER));
    expect(error).toMatch(/roll/i);
    expect(image).toBe('one');
    expect(counts).toEqual(KEPT);
  });

  test('goes through although the old instances fail: their trouble is what it mends', async () => {
    const { error, image, counts } = await deployUnderTraffic(deployment, (image, isDeploying) =>
      isDeploying && image.endsWith(':one') ? FAILURE : ANSWER,
    );
    expect(error).toBeUndefined();
    expect(image).toBe('two');
    expect(counts).toEqual(KEPT);
  });
});

test('a slow answer undoes a deployment too', async () => {
  const alarm = RollbackAlarm.modelLatency({ p95Millis: 200, minutes: 1 });
  const { error, image } = await deployUnderTraffic(
    Deployment.blueGreenCanary({ percent: 25, ...WAITS, rollbackAlarms: [alarm] }),
    (name) => (name.endsWith(':two') ? { ...ANSWER, latencyMillis: 900 } : ANSWER),
  );
  expect(error).toMatch(/roll/i);
  expect(image).toBe('one');
});

test('without an alarm a failing version goes live', async () => {
  const deployment = Deployment.blueGreenCanary({ percent: 25, ...WAITS, rollbackAlarms: [] });
  const { error, image } = await deployUnderTraffic(deployment, (name) => (name.endsWith(':two') ? FAILURE : ANSWER));
  expect(error).toBeUndefined();
  expect(image).toBe('two');
});
