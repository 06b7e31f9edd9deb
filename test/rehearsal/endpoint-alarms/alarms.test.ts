import { EndpointAlarms, EndpointInstance, type EndpointAlarmThresholds, Serving } from '../../../lib';
import { model, realTime, repeat, Watched } from './watched';

jest.setTimeout(120_000);

const alarms =
  (thresholds: EndpointAlarmThresholds = {}) =>
  (...[stack, endpoint]: Parameters<Parameters<typeof Watched.inLaptop>[1]>): void => {
    new EndpointAlarms(stack, 'Alarms', { endpoint, thresholds });
  };
const INSTANCES = '/aws/sagemaker/Endpoints';
const MICROS = 1000;

describe('latency', () => {
  test('is compared in milliseconds: 29 s are fine, 31 s are not', async () => {
    await Watched.inLaptop(realTime(), alarms({ latencyP95Millis: 30_000 }), async (watched) => {
      await watched.publish(20, { Invocations: repeat(1, 10), ModelLatency: repeat(29_000 * MICROS, 10) });
      expect(await watched.raised()).toEqual([]);
      await watched.publish(20, { Invocations: repeat(1, 10), ModelLatency: repeat(31_000 * MICROS, 10) });
      expect(await watched.raised()).toEqual(['main-latency']);
    });
  });

  test('is the 95th percentile: neither the sum nor the slowest request', async () => {
    await Watched.inLaptop(realTime(), alarms({ latencyP95Millis: 500 }), async (watched) => {
      // 50 requests of 100 ms: 5000 ms in sum. One of them takes 5 s.
      await watched.publish(20, { Invocations: repeat(1, 50), ModelLatency: [...repeat(100 * MICROS, 49), 5000 * MICROS] });
      expect(await watched.raised()).toEqual([]);
    });
  });

  test('of too few requests says nothing', async () => {
    await Watched.inLaptop(realTime(), alarms({ minimumRequests: 20 }), async (watched) => {
      await watched.publish(30, { Invocations: repeat(1, 3), ModelLatency: repeat(60_000 * MICROS, 3) });
      expect(await watched.raised()).toEqual([]);
      await watched.publish(30, { Invocations: repeat(1, 4), ModelLatency: repeat(60_000 * MICROS, 4) });
      expect(await watched.raised()).toEqual(['main-latency']);
    });
  });
});

describe('errors', () => {
  test('are a share of the requests, with a minimum of samples', async () => {
    await Watched.inLaptop(realTime(), alarms(), async (watched) => {
      await watched.publish(20, { Invocations: repeat(1, 2), Invocation5XXErrors: [1, 1] });
      expect(await watched.raised()).toEqual([]);
      await watched.publish(20, { Invocations: repeat(1, 100), Invocation5XXErrors: repeat(1, 4) });
      expect(await watched.raised()).toEqual([]);
      await watched.publish(20, { Invocations: repeat(1, 100), Invocation5XXErrors: repeat(1, 5) });
      expect(await watched.raised()).toEqual(['main-errors']);
      // Without requests there is nothing to judge.
      await watched.publish(60, {});
      expect(await watched.raised()).toEqual([]);
    });
  });
});

describe('instances', () => {
  test('a disk is told of well before data capture stops at 75 %', async () => {
    await Watched.inLaptop(realTime(), alarms(), async (watched) => {
      await watched.publish(10, { DiskUtilization: [59] }, INSTANCES);
      expect(await watched.raised()).toEqual([]);
      await watched.publish(10, { DiskUtilization: [61] }, INSTANCES);
      expect(await watched.raised()).toEqual(['main-disk']);
    });
  });

  test('memory of GPUs is that of one of them: 4 GPUs at 90 % are 360 %', async () => {
    await Watched.inLaptop(realTime(EndpointInstance.G5_12XLARGE), alarms(), async (watched) => {
      await watched.publish(20, { GPUMemoryUtilization: [360] }, INSTANCES);
      expect(await watched.raised()).toEqual([]);
      await watched.publish(20, { GPUMemoryUtilization: [392] }, INSTANCES);
      expect(await watched.raised()).toEqual(['main-gpu-memory']);
    });
  });
});

test('an asynchronous endpoint is watched by its queue: the age in seconds, no capacity once it lasts', async () => {
  const serving = Serving.asynchronous({ variant: { name: 'main', model, instance: EndpointInstance.M5_LARGE, initialCount: 1 } });
  await Watched.inLaptop({ serving }, alarms({ oldestRequestMinutes: 30, noCapacityMinutes: 20 }), async (watched) => {
    const queue = { EndpointName: watched.laptop.endpointName };
    await watched.publish(15, { ApproximateAgeOfOldestRequest: [1700], HasBacklogWithoutCapacity: [1] }, 'AWS/SageMaker', queue);
    expect(await watched.raised()).toEqual([]);
    await watched.publish(20, { ApproximateAgeOfOldestRequest: [1900], HasBacklogWithoutCapacity: [1] }, 'AWS/SageMaker', queue);
    expect(await watched.raised()).toEqual(['main-backlog-age', 'main-no-capacity']);
  });
});

test('a component is watched by its own metrics', async () => {
  const serving = Serving.inferenceComponents({
    instances: { instance: EndpointInstance.M5_XLARGE },
    components: [{ name: 'chat', model, memoryMib: 1024 }],
  });
  await Watched.inLaptop({ serving }, alarms(), async (watched) => {
    const [name] = Object.keys(await watched.laptop.copies());
    const component = { InferenceComponentName: name! };
    await watched.publish(20, { Invocations: repeat(1, 20), Invocation5XXErrors: repeat(1, 10) }, 'AWS/SageMaker', component);
    expect(await watched.raised()).toEqual([`${name}-errors`]);
  });
});
