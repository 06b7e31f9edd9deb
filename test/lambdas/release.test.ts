import { named, SPEC, START } from './support';
import { ledgerKeys, type StepRecord } from '../../core/contracts';
import { sha256Hex } from '../../core/hash';
import { inCanary, promoteAndFinish, world } from './release-world';
import { fakeResponseUrl } from './response-url';

const OTHER = { behaviour: { threshold: 0.7 } };

afterEach(() => jest.restoreAllMocks());

describe('a deployment', () => {
  test('registers the release, starts it and answers at once', async () => {
    const puts = fakeResponseUrl();
    const the = world();
    await the.deploy();
    const [start] = the.started;
    expect(start?.name).toMatch(/^r1-[0-9a-f]{8}$/);
    expect(the.release(String(start?.name))).toMatchObject({
      sequence: 1,
      status: 'requested',
      requestedBy: 'deploy',
      spec: SPEC,
      executionArn: `arn:execution:${start?.name}`,
    });
    expect(the.control()).toMatchObject({ mode: 'baseline', version: 1, holdout: 0.02 });
    expect(puts).toMatchObject([
      {
        options: { method: 'PUT', hostname: 'cloudformation.example', path: '/answer?signed=1' },
        body: {
          Status: 'SUCCESS',
          PhysicalResourceId: 'support-triage-desired-release',
          Data: { ReleaseId: start?.name, Started: 'true' },
        },
      },
    ]);
  });

  test('tried again by CloudFormation is the same release', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy({}, { RequestId: 'same' });
    await the.deploy({}, { RequestId: 'same' });
    expect(new Set(the.started.map(({ name }) => name)).size).toBe(1);
    expect(the.items('releases')).toHaveLength(1);
  });

  test('of what is stable or on its way starts nothing', async () => {
    const puts = fakeResponseUrl();
    const the = world();
    await the.deploy();
    await the.deploy({ kpis: [] });
    expect(the.started).toHaveLength(1);
    await promoteAndFinish(the, await inCanary(the));
    await the.deploy();
    expect(the.started).toHaveLength(1);
    expect(puts.map(({ body }) => body['Data'])).toMatchObject([{ Started: 'true' }, { Started: 'false' }, { Started: 'false' }]);
    await the.deploy(OTHER);
    expect(the.started.at(-1)?.name).toMatch(/^r2-/);
  });

  test('after A and B, A again is a new release', async () => {
    fakeResponseUrl();
    const the = world();
    for (const spec of [{}, OTHER, {}]) {
      await the.deploy(spec);
      await promoteAndFinish(the, await inCanary(the));
    }
    expect(the.started.map(({ name }) => name.slice(0, 2))).toEqual(['r1', 'r2', 'r3']);
    expect(the.control().stable?.releaseId).toMatch(/^r3-/);
  });

  test('that goes back to stable withdraws the candidate', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    await promoteAndFinish(the, await inCanary(the));
    await the.deploy(OTHER);
    const candidate = await inCanary(the);
    await the.deploy();
    expect(the.control().candidate).toBeUndefined();
    expect(the.sfn).toMatchObject([{ name: 'SendTaskSuccess', input: { taskToken: `token-${candidate}` } }]);
    await expect(the.step({ action: 'open-step', releaseId: candidate, index: 1, taskToken: 't' })).rejects.toThrow('stable release again');
    await the.step({ action: 'finish', releaseId: candidate, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'x' });
    expect(the.bundle(candidate)).toMatchObject({ outcome: 'withdrawn' });
  });

  test('adopts a live endpoint as the first stable release', async () => {
    fakeResponseUrl();
    const the = world({ existingEndpoint: 'legacy' });
    await the.deploy();
    expect(the.control()).toMatchObject({
      mode: 'live',
      endpointName: 'legacy',
      endpointAdopted: true,
      stable: { variantName: 'AllTraffic' },
    });
    const { plan } = await the.step({ action: 'register', releaseId: the.started[0]?.name, executionArn: 'arn' });
    expect(plan).toMatchObject({ first: false, endpointName: 'legacy' });
  });

  test('under the kill switch starts nothing and still succeeds', async () => {
    const puts = fakeResponseUrl();
    const the = world();
    await the.deploy();
    await the.controller.kill('arn:owner', 'drill');
    await the.deploy(OTHER);
    expect(the.started.map(({ name }) => name)).toEqual([expect.stringMatching(/^r1-/), expect.stringMatching(/^kill-/)]);
    expect(puts.at(-1)?.body).toMatchObject({ Status: 'SUCCESS', Reason: expect.stringContaining('kill switch') });
  });

  test.each([
    ['without a release', { ResourceProperties: {} }, 'Property Release'],
    ['for another use case', { ResourceProperties: { Release: JSON.stringify({ ...SPEC, useCase: 'other' }) } }, "use case 'other'"],
    ['that is no release', { ResourceProperties: { Release: '{"useCase":"support-triage"}' } }, 'rollout'],
  ])('%s fails with a reason', async (_, more, reason) => {
    const puts = fakeResponseUrl();
    await world().deploy({}, more);
    expect(puts).toMatchObject([{ body: { Status: 'FAILED', Reason: expect.stringContaining(reason) } }]);
  });

  test('is answered again when the response URL stumbles', async () => {
    const puts = fakeResponseUrl(503, 503);
    await world().deploy();
    expect(puts).toHaveLength(3);
  });
});

test('deleting the stack takes traffic away, starts the teardown and leaves the answer to it', async () => {
  const puts = fakeResponseUrl();
  const the = world();
  await the.deploy();
  const releaseId = await inCanary(the);
  puts.length = 0;
  await the.deploy({}, { RequestType: 'Delete', RequestId: 'gone' });
  expect(puts).toEqual([]);
  expect(the.control()).toMatchObject({ mode: 'killed', candidateWeight: 0 });
  expect(the.started.at(-1)).toMatchObject({
    name: 'delete-gone',
    input: { kind: 'delete', cloudFormation: { requestId: 'gone', logicalResourceId: 'Desired' } },
  });
  the.found.endpoints = ['triage-abc123-endpoint', 'triage-abc123-foreign', 'other-triage-abc123-x'];
  expect(await the.step({ action: 'teardown-plan' })).toEqual({
    endpoints: ['triage-abc123-endpoint'],
    endpointConfigs: [],
    models: [],
    components: [],
    releases: [{ releaseId, executionArn: `arn:execution:${releaseId}` }],
  });
  await the.step({ action: 'finish', releaseId, outcome: 'withdrawn', stage: 'teardown', reason: 'gone' });
  expect(the.bundle(releaseId)).toMatchObject({ outcome: 'withdrawn', stage: 'canary:0.05' });
  expect(await the.step({ action: 'teardown-plan' })).toMatchObject({ releases: [] });
});

describe('a release step by step', () => {
  test('locks, plans, canaries and promotes, with evidence in a chain', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    expect(the.control()).toMatchObject({ candidateWeight: 0.05, lockedBy: releaseId, endpointName: 'triage-abc123-endpoint' });
    expect(the.item<StepRecord>(ledgerKeys.step())).toMatchObject({ stepId: `${releaseId}#0`, weight: 0.05, last: false });
    await the.ledger.put(ledgerKeys.stepResult(releaseId, 0), { decision: 'advance', reason: 'baked', by: 'verdict', at: 'later' });
    the.clock.millis += 3_600_000;
    await the.step({ action: 'open-step', releaseId, index: 1, taskToken: 'second' });
    expect(the.item<StepRecord>(ledgerKeys.step())).toMatchObject({
      last: true,
      openedAt: new Date(START + 3_600_000).toISOString(),
      canaryStartedAt: new Date(START).toISOString(),
    });
    await promoteAndFinish(the, releaseId);
    expect(the.control()).toMatchObject({ mode: 'live', candidateWeight: 0, stable: { releaseId, variantName: 'a' } });
    expect(the.control().lockedBy).toBeUndefined();
    expect(the.item(ledgerKeys.step())).toBeUndefined();
    expect(the.bundle(releaseId)).toMatchObject({
      outcome: 'promoted',
      steps: [
        { weight: 0.05, decision: 'advance', closedAt: 'later' },
        { weight: 0.5, decision: 'none' },
      ],
    });
    expect(the.told).toEqual([`release ${releaseId} promoted`]);

    await the.deploy(OTHER);
    const second = await inCanary(the);
    await the.step({ action: 'finish', releaseId: second, outcome: 'rejected', stage: 'approval', reason: 'no' });
    expect(the.bundle(second)['previousBundleSha256']).toBe(sha256Hex(the.bundleText(releaseId) ?? ''));
    expect(the.release(second)).toMatchObject({ status: 'rejected', stage: 'approval', reason: 'no' });
  });

  test('finished twice writes its evidence once', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    const ending = { action: 'finish', releaseId, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'worse', culprit: 'missed-spam' };
    await the.step(ending);
    const before = the.bundleText(releaseId);
    the.clock.millis += 1000;
    expect(await the.step({ ...ending, reason: 'again' })).toEqual({ releaseId, outcome: 'rolled-back' });
    expect(the.bundleText(releaseId)).toBe(before);
    expect(the.bundle(releaseId)).toMatchObject({ culprit: 'missed-spam' });
    expect(the.told.filter((subject) => subject.startsWith('release'))).toHaveLength(1);
  });

  test('evidence whose storing was interrupted is stored by the next call', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    const ending = { action: 'finish', releaseId, outcome: 'rolled-back', stage: 'create', reason: 'x' };
    // The link's text is taken out of the ledger after it was stored: fail there, and once before it.
    the.before('UpdateItem', () => {
      throw new Error('crash');
    });
    await expect(the.step(ending)).rejects.toThrow('crash');
    the.bundles.clear();
    await the.step(ending);
    expect(the.bundle(releaseId)).toMatchObject({ outcome: 'rolled-back' });
    expect(the.item<{ text?: string }>(ledgerKeys.evidenceChain())?.text).toBeUndefined();
  });

  test('a second release waits for the lock; one that nobody wants any more is superseded', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    await inCanary(the);
    await the.deploy(OTHER);
    const second = String(the.started.at(-1)?.name);
    expect(await the.step({ action: 'register', releaseId: second, executionArn: 'arn' })).toEqual({
      locked: false,
      superseded: false,
      waitSeconds: 900,
    });
    await the.deploy({ behaviour: { threshold: 0.8 } });
    expect(await the.step({ action: 'register', releaseId: second, executionArn: 'arn' })).toEqual({ locked: false, superseded: true });
    await the.step({ action: 'finish', releaseId: second, outcome: 'superseded', stage: 'create', reason: 'newer' });
    expect(the.bundle(second)).toMatchObject({ outcome: 'superseded' });
    expect(the.control().lockedBy).toMatch(/^r1-/);
  });

  test('a retried step keeps its time and takes the newer token', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    the.clock.millis += 60_000;
    await the.step({ action: 'open-step', releaseId, index: 0, taskToken: 'newer' });
    expect(the.item<StepRecord>(ledgerKeys.step())).toMatchObject({ taskToken: 'newer', openedAt: new Date(START).toISOString() });
  });

  test('a hold takes the share away and keeps the candidate', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    await the.step({ action: 'hold', releaseId, reason: 'undecided' });
    expect(the.control()).toMatchObject({ candidateWeight: 0, candidate: { releaseId }, reason: 'undecided' });
    expect(the.item(ledgerKeys.step())).toBeUndefined();
    await promoteAndFinish(the, releaseId);
    expect(the.control().stable?.releaseId).toBe(releaseId);
  });

  test.each([
    [{ action: 'fly' }, "Action 'fly' is unknown"],
    [{ action: 'dark' }, "needs 'releaseId'"],
    [{ action: 'open-step', releaseId: 'r1', index: '0', taskToken: 't' }, "needs 'index' (number)"],
    [{ action: 'finish', releaseId: 'r1', outcome: 'fine', stage: 's', reason: 'r' }, 'needs an outcome'],
    [{ action: 'register', releaseId: 'r9', executionArn: 'arn' }, "no release 'r9'"],
  ])('%j is refused', async (action, message) => {
    await expect(world().step(action)).rejects.toThrow(message);
  });

  test('a step that the policy does not have is refused before any traffic moves', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    await expect(the.step({ action: 'open-step', releaseId, index: 2, taskToken: 't' })).rejects.toThrow('no step 2');
    expect(the.control().candidateWeight).toBe(0.05);
  });
});

describe('asked again', () => {
  test('finish stores the evidence it still owes and tells the owners once', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    jest.spyOn(the.bundles, 'set').mockImplementationOnce(() => {
      throw named('SlowDown');
    });
    const ending = { action: 'finish', releaseId, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'worse' };
    await expect(the.step(ending)).rejects.toThrow('SlowDown');
    expect(the.bundles.size).toBe(0);
    expect(the.control().lockedBy).toBe(releaseId);
    await the.step({ ...ending, reason: 'worse; its evidence could not be kept' });
    expect(the.bundle(releaseId)).toMatchObject({ outcome: 'rolled-back', reason: 'worse' });
    expect(the.control().lockedBy).toBeUndefined();
    await the.step(ending);
    expect(the.told.filter((subject) => subject.startsWith('release'))).toEqual([`release ${releaseId} rolled-back`]);
  });

  test('promote does what is left to do, and writes the control record once', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    const promotion = { action: 'promote', releaseId, by: 'verdict', reason: 'good' };
    the.before('DeleteItem', () => {
      throw named('InternalServerError');
    });
    await expect(the.step(promotion)).rejects.toThrow('InternalServerError');
    const { version } = the.control();
    expect(the.control().stable?.releaseId).toBe(releaseId);
    expect(await the.step(promotion)).toEqual({ version });
    expect(await the.step(promotion)).toEqual({ version });
    expect(the.item(ledgerKeys.step())).toBeUndefined();
    expect(the.release(releaseId).stage).toBe('promote');
  });
});
