import { SPEC } from './support';
import { ledgerKeys } from '../../core/contracts';
import { inCanary, promoteAndFinish, type World, world } from './release-world';
import { fakeResponseUrl } from './response-url';

afterEach(() => jest.restoreAllMocks());

const PREFIX = 'triage-abc123';
const KEPT = { rollout: { ...SPEC.rollout, keepWarmMinutes: 120 } };
const TWO_HOURS = 7_200_000;
/** Both releases stand on one endpoint. */
const NO_ENDPOINTS = { obsoleteEndpoints: [], obsoleteComponents: [] };

interface Two {
  the: World;
  first: string;
  second: string;
}

/** A second release is promoted, and the first one stays on the endpoint. */
async function promoted(): Promise<Two> {
  fakeResponseUrl();
  const the = world();
  await the.deploy();
  const first = await inCanary(the);
  await promoteAndFinish(the, first);
  await the.deploy({ ...KEPT, behaviour: { threshold: 0.7 } });
  const second = await inCanary(the);
  await the.step({ action: 'promote', releaseId: second, by: 'verdict', reason: 'good' });
  return { the, first, second };
}

const ending = (releaseId: string) => ({
  action: 'finish',
  releaseId,
  outcome: 'promoted',
  stage: 'promote',
  reason: 'good',
  endpointConfigName: `${PREFIX}-${releaseId}-dark`,
});

async function warm(): Promise<Two & { warmUntil: unknown }> {
  const two = await promoted();
  const { warmUntil } = await two.the.step({ ...ending(two.second), keepWarm: true });
  return { ...two, warmUntil };
}

const settle = (the: World, releaseId: string) => the.step({ ...ending(releaseId), endpointConfigName: `${PREFIX}-${releaseId}-live` });

describe('a promotion with a rollback window', () => {
  test('is over with its evidence, frees the lock, and keeps the release before on the endpoint', async () => {
    const { the, first, second, warmUntil } = await warm();
    expect(warmUntil).toBe(new Date(the.clock.millis + TWO_HOURS).toISOString());
    expect(the.bundle(second)).toMatchObject({ outcome: 'promoted' });
    const control = the.control();
    expect(control.lockedBy).toBeUndefined();
    expect(control).toMatchObject({
      stable: { releaseId: second, endpointConfigName: `${PREFIX}-${second}-live` },
      endpointConfigName: `${PREFIX}-${second}-dark`,
      warm: { release: { releaseId: first }, until: warmUntil },
      previousReleaseId: first,
    });
  });

  test('a first release has nothing to keep', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy(KEPT);
    const releaseId = await inCanary(the);
    const { plan } = await the.step({ action: 'register', releaseId, executionArn: 'arn' });
    expect(plan).toMatchObject({ first: true, keepWarmMinutes: 0 });
    await promoteAndFinish(the, releaseId);
    expect(the.control().warm).toBeUndefined();
  });

  test('its end settles the endpoint under the lock', async () => {
    const { the, first, second } = await warm();
    expect(await the.step({ action: 'tidy', releaseId: second })).toEqual({
      do: 'settle',
      obsoleteConfigs: [`${PREFIX}-${second}-dark`, `${PREFIX}-${first}-live`],
      obsoleteModels: [`${PREFIX}-${first}`],
      ...NO_ENDPOINTS,
    });
    expect(the.control()).toMatchObject({ lockedBy: second });
    expect(the.control().warm).toBeUndefined();
    // Asked again by a retry, it is the same.
    expect(await the.step({ action: 'tidy', releaseId: second })).toMatchObject({ do: 'settle' });
    await settle(the, second);
    expect(the.control()).toMatchObject({ endpointConfigName: `${PREFIX}-${second}-live` });
    expect(the.control().lockedBy).toBeUndefined();
    expect(the.release(second).tidiedAt).toBeDefined();
    expect(the.bundles.size).toBe(2);
    expect(the.told.filter((subject) => subject.includes(second))).toHaveLength(1);
  });

  test('wakes whoever waited for the lock while it was settled', async () => {
    const { the, second } = await warm();
    await the.step({ action: 'tidy', releaseId: second });
    await the.deploy({ behaviour: { threshold: 0.8 } });
    const third = String(the.started.at(-1)?.name);
    await the.step({ action: 'register', releaseId: third, executionArn: 'arn' });
    await the.step({ action: 'wait-for-turn', releaseId: third, taskToken: 'turn' });
    await settle(the, second);
    expect(the.sfn.at(-1)).toMatchObject({ name: 'SendTaskSuccess', input: { taskToken: 'turn' } });
  });
});

describe('a new release within the rollback window', () => {
  async function overtaken(): Promise<Two & { third: string; plan: unknown }> {
    const two = await warm();
    await two.the.deploy({ behaviour: { threshold: 0.8 } });
    const third = String(two.the.started.at(-1)?.name);
    const { plan } = await two.the.step({ action: 'register', releaseId: third, executionArn: 'arn' });
    return { ...two, third, plan };
  }

  test('ends the window, and restores stable alone even if it touches nothing itself', async () => {
    const { the, second, plan } = await overtaken();
    expect(the.control().warm).toBeUndefined();
    const config = `${PREFIX}-${second}-live`;
    expect(plan).toMatchObject({
      restore: { stableConfigName: config, restoreEndpoint: { EndpointName: `${PREFIX}-endpoint`, EndpointConfigName: config } },
    });
  });

  test('builds beside stable only', async () => {
    const { the, first, second, third } = await overtaken();
    const plan = await the.step({
      action: 'plan',
      releaseId: third,
      currentConfig: {
        EndpointConfigName: `${PREFIX}-${second}-dark`,
        ProductionVariants: [
          { VariantName: 'a', ModelName: `${PREFIX}-${first}`, InitialInstanceCount: 2 },
          { VariantName: 'b', ModelName: `${PREFIX}-${second}`, InitialInstanceCount: 2 },
        ],
      },
    });
    expect(plan['createDarkConfig']).toMatchObject({
      ProductionVariants: [
        { VariantName: 'b', ModelName: `${PREFIX}-${second}`, InitialVariantWeight: 1 },
        { VariantName: 'a', ModelName: `${PREFIX}-${third}`, InitialVariantWeight: 0 },
      ],
    });
  });

  test('what the window kept goes once nobody uses it', async () => {
    const { the, first, second, third } = await overtaken();
    expect(await the.step({ action: 'tidy', releaseId: second })).toEqual({
      do: 'later',
      obsoleteConfigs: [],
      obsoleteModels: [],
      ...NO_ENDPOINTS,
    });
    await the.step({ action: 'dark', releaseId: third });
    expect(await the.step({ action: 'tidy', releaseId: second })).toEqual({
      do: 'delete',
      obsoleteConfigs: [`${PREFIX}-${second}-dark`, `${PREFIX}-${first}-live`],
      obsoleteModels: [`${PREFIX}-${first}`],
      ...NO_ENDPOINTS,
    });
    await the.step(ending(second));
    expect(the.release(second).tidiedAt).toBeDefined();
    expect(the.control()).toMatchObject({ lockedBy: third, candidate: { releaseId: third } });
  });
});

describe('a release that is taken back within its rollback window', () => {
  const cleanUp = (the: World, releaseId: string) => the.step({ action: 'clean-up', releaseId, executionArn: 'arn:clean-up' });
  const end = (the: World, releaseId: string, config: string) =>
    the.step({
      action: 'finish',
      releaseId,
      outcome: 'rolled-back',
      stage: 'rollback-window',
      reason: 'complaints',
      endpointConfigName: config,
    });

  test('loses its traffic with one write, and a clean-up restores the endpoint', async () => {
    const { the, first, second } = await warm();
    const { version } = the.control();
    await the.controller.rollBackByHand('arn:owner', 'complaints');
    expect(the.control()).toMatchObject({ version: version + 1, stable: { releaseId: first }, lockedBy: second });
    expect(the.started.at(-1)).toMatchObject({ name: `${second}-clean-up-1`, input: { releaseId: second, cleanUp: {} } });
    expect(await cleanUp(the, second)).toMatchObject({
      promoted: false,
      holdsLock: true,
      takenBack: true,
      stage: 'rollback-window',
      plan: {
        first: false,
        stableConfigName: `${PREFIX}-${first}-live`,
        restoreEndpoint: { EndpointConfigName: `${PREFIX}-${first}-live` },
        darkConfigName: `${PREFIX}-${second}-dark`,
        liveConfigName: `${PREFIX}-${second}-live`,
      },
    });
    expect(the.release(second).executionArn).toBe('arn:clean-up');
  });

  test('has a second bundle, and its status says so', async () => {
    const { the, first, second } = await warm();
    await the.controller.rollBackByHand('arn:owner', 'complaints');
    await end(the, second, `${PREFIX}-${first}-live`);
    expect([...the.bundles.keys()].filter((key) => key.includes(second))).toHaveLength(2);
    expect(the.bundle(second)).toMatchObject({ outcome: 'rolled-back', stage: 'rollback-window', reason: 'complaints' });
    expect(the.release(second)).toMatchObject({ status: 'rolled-back', stage: 'rollback-window' });
    expect(the.control()).toMatchObject({ stable: { releaseId: first }, endpointConfigName: `${PREFIX}-${first}-live` });
    expect(the.control().lockedBy).toBeUndefined();
    await end(the, second, `${PREFIX}-${first}-live`);
    expect(the.bundles.size).toBe(3);
  });

  test('its own execution, which waits for the end of the window, leaves everything to the clean-up', async () => {
    const { the, first, second } = await warm();
    await the.controller.rollBackByHand('arn:owner', 'complaints');
    expect(await the.step({ action: 'tidy', releaseId: second })).toEqual({
      do: 'nothing',
      obsoleteConfigs: [],
      obsoleteModels: [],
      ...NO_ENDPOINTS,
    });
    await end(the, second, `${PREFIX}-${first}-live`);
    // Never what stable stands on now.
    expect(await the.step({ action: 'tidy', releaseId: second })).toEqual({
      do: 'delete',
      obsoleteConfigs: [`${PREFIX}-${second}-dark`],
      obsoleteModels: [],
      ...NO_ENDPOINTS,
    });
  });

  test('before its promotion was finished: the lock stays until the clean-up ends it', async () => {
    const { the, first, second } = await promoted();
    await the.controller.rollBackByHand('arn:owner', 'complaints');
    expect(await the.step({ ...ending(second), keepWarm: true })).toMatchObject({ takenBack: true });
    expect(await the.step(ending(second))).toMatchObject({ takenBack: true });
    expect(the.control()).toMatchObject({ lockedBy: second, stable: { releaseId: first } });
    expect(await cleanUp(the, second)).toMatchObject({ takenBack: true, stage: 'rollback-window' });
    await end(the, second, `${PREFIX}-${first}-live`);
    expect(the.bundle(second)).toMatchObject({ outcome: 'rolled-back', stage: 'rollback-window' });
    expect(the.control().lockedBy).toBeUndefined();
  });

  test('while its promotion is being finished: the evidence of both, and the lock stays', async () => {
    const { the, second } = await promoted();
    jest.spyOn(the.bundles, 'set').mockImplementationOnce(function (this: Map<string, string>, key: string, text: string) {
      Map.prototype.set.call(this, key, text);
      taking = the.controller.rollBackByHand('arn:owner', 'complaints');
      return this;
    });
    let taking: Promise<unknown> = Promise.resolve();
    const finished = await the.step({ ...ending(second), keepWarm: true });
    await taking;
    expect(the.control().lockedBy).toBe(second);
    expect(finished).toMatchObject({ releaseId: second });
  });
});

describe('a teardown', () => {
  const left = async (the: World): Promise<unknown> => (await the.step({ action: 'teardown-plan' }))['releases'];

  test('stops the execution that waits for the end of a rollback window', async () => {
    const { the, second } = await warm();
    await the.controller.kill('arn:owner', 'drill');
    expect(the.control().warm).toBeUndefined();
    expect(await left(the)).toEqual([{ releaseId: second, executionArn: `arn:execution:${second}` }]);
    await the.step({ action: 'finish', releaseId: second, outcome: 'killed', stage: 'teardown', reason: 'drill' });
    expect(await left(the)).toEqual([]);
    expect(the.bundle(second)).toMatchObject({ outcome: 'promoted' });
  });

  test('stops the clean-up of a release that was taken back, and ends it', async () => {
    const { the, second } = await warm();
    await the.controller.rollBackByHand('arn:owner', 'complaints');
    await the.step({ action: 'clean-up', releaseId: second, executionArn: 'arn:clean-up' });
    await the.controller.kill('arn:owner', 'drill');
    expect(await left(the)).toEqual([{ releaseId: second, executionArn: 'arn:clean-up' }]);
    await the.step({ action: 'finish', releaseId: second, outcome: 'killed', stage: 'teardown', reason: 'drill' });
    expect(await left(the)).toEqual([]);
    expect(the.bundle(second)).toMatchObject({ outcome: 'rolled-back', stage: 'rollback-window' });
  });
});

test('an execution that is lost while it waits for the end of the window waits again', async () => {
  const { the, second, warmUntil } = await warm();
  await the.controller.executionLost({ name: second, stateMachineArn: 'arn:machine', status: 'ABORTED' });
  expect(the.started.at(-1)?.name).toBe(`${second}-clean-up-1`);
  expect(await the.step({ action: 'clean-up', releaseId: second, executionArn: 'arn:clean-up' })).toMatchObject({
    promoted: true,
    warmUntil,
    plan: {
      endpointName: `${PREFIX}-endpoint`,
      liveConfigName: `${PREFIX}-${second}-live`,
      liveEndpoint: { EndpointConfigName: `${PREFIX}-${second}-live` },
    },
  });
  expect(the.item(ledgerKeys.control())).toMatchObject({ warm: {} });
  await the.step({ action: 'tidy', releaseId: second });
  await settle(the, second);
  await the.controller.executionLost({ name: `${second}-clean-up-1`, stateMachineArn: 'arn:machine', status: 'ABORTED' });
  expect(the.started.at(-1)?.name).toBe(`${second}-clean-up-1`);
});
