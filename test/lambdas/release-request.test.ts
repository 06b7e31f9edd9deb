import { fakeClient, named, posted, SPEC } from './support';
import { ledgerKeys, type RefusalRecord } from '../../core/contracts';
import { readEvent } from '../../lambdas/release-request/event';
import { answerReleaseRequest, type HttpParts } from '../../lambdas/release-request/http';
import { registryOf } from '../../lambdas/release-request/packages';
import { handlePackage } from '../../lambdas/release-request/registry';
import type { Desired } from '../../lambdas/shared/desired';
import { answering, type HttpAnswer } from '../../lambdas/shared/http';
import { inCanary, promoteAndFinish, type World, world } from './release-world';
import { fakeResponseUrl } from './response-url';

const GROUP = 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/triage';
const EIGHT = `${GROUP}/8`;
const NINE = `${GROUP}/9`;
const APPROVER = 'arn:aws:sts::111122223333:assumed-role/MlLead/ada';
const ANNA = 'arn:aws:sts::111122223333:assumed-role/PlatformOnCall/anna';
const OWNERS = { platform: ['arn:aws:iam::111122223333:role/PlatformOnCall'] };
const OTHER = { behaviour: { threshold: 0.7 } };

let puts: ReturnType<typeof fakeResponseUrl>;
beforeEach(() => void (puts = fakeResponseUrl()));
afterEach(() => jest.restoreAllMocks());

const lastStarted = (the: World): string => String(the.started.at(-1)?.name);
const desired = (the: World): Desired => the.item<Desired>(ledgerKeys.desired()) as Desired;
const refusals = (the: World): RefusalRecord[] => the.items('refusals') as unknown as RefusalRecord[];

async function live(spec = {}): Promise<World> {
  const the = world();
  await the.deploy(spec);
  await promoteAndFinish(the, await inCanary(the));
  return the;
}

async function approved(the: World, packageArn: string, more: Record<string, unknown> = {}) {
  if (!the.packages.has(packageArn)) the.packages.set(packageArn, { approvalStatus: 'Approved', changedBy: APPROVER });
  const read = readEvent({
    source: 'aws.sagemaker',
    'detail-type': 'SageMaker Model Package State Change',
    detail: { ModelPackageArn: packageArn, ModelPackageGroupName: 'triage', ModelApprovalStatus: 'Approved', ...more },
  });
  if (read.kind !== 'package') throw new Error(read.kind);
  return handlePackage({ ...the.requestParts, group: 'triage' }, read.event);
}

let calls = 0;
async function release(the: World, body: object | string, as: string | undefined = ANNA, more: Partial<HttpParts> = {}) {
  calls += 1;
  const parts: HttpParts = { ...the.requestParts, owners: OWNERS, packageGroups: [GROUP], requestId: `call-${calls}`, ...more };
  const answer: HttpAnswer = await answering(() => answerReleaseRequest(parts, posted('/release', body, as)));
  return { status: answer.statusCode, body: JSON.parse(String(answer.body)) as Record<string, unknown> };
}

describe('an approval in the model registry', () => {
  test('starts a release of that version, asked for by who approved it', async () => {
    const the = await live();
    expect(await approved(the, EIGHT)).toMatchObject({ started: true });
    expect(the.release(lastStarted(the))).toMatchObject({
      sequence: 2,
      requestedBy: APPROVER,
      requestReason: `The model registry approved ${EIGHT}`,
      spec: { model: { modelPackageArn: EIGHT, environment: { A: '1' } }, behaviour: { threshold: 0.62 } },
    });
    expect(the.release(lastStarted(the)).spec.model).not.toHaveProperty('image');
  });

  test('whose approver the registry does not name is asked for by the registry', async () => {
    const the = await live();
    the.packages.set(EIGHT, { approvalStatus: 'Approved' });
    await approved(the, EIGHT);
    expect(the.release(lastStarted(the)).requestedBy).toBe('registry');
  });

  describe('of a version that a retraining run made', () => {
    const run = { id: 't3', requestedBy: ANNA, modelPackageArn: EIGHT };
    const made = async (record: object, named = 't3'): Promise<World> => {
      const the = await live();
      await the.requestParts.ledger.put(ledgerKeys.retrainingRun('t3'), record);
      the.packages.set(EIGHT, { approvalStatus: 'Approved', changedBy: APPROVER, retrainingRun: named });
      await approved(the, EIGHT);
      return the;
    };

    test('is asked for by who asked for the run: its board is separate from them', async () => {
      const the = await made(run);
      expect(the.release(lastStarted(the))).toMatchObject({
        requestedBy: ANNA,
        requestReason: `The model registry approved ${EIGHT}, which retraining t3 made`,
      });
    });

    test('is asked for by the workflow where nobody asked for the run', async () => {
      const the = await made({ ...run, requestedBy: 'drift' });
      expect(the.release(lastStarted(the))).toMatchObject({
        requestedBy: APPROVER,
        requestReason: expect.stringContaining('retraining t3') as string,
      });
    });

    test.each([
      ['of another version', { ...run, modelPackageArn: NINE }, 't3'],
      ['that there is not', run, 't4'],
    ])('is asked for by who approved it where it names a run %s', async (_, record, named) => {
      const the = await made(record, named);
      expect(the.release(lastStarted(the))).toMatchObject({ requestedBy: APPROVER, requestReason: `The model registry approved ${EIGHT}` });
    });
  });

  test('told several times starts one release, even after that one has ended', async () => {
    const the = await live();
    await Promise.all([approved(the, EIGHT), approved(the, EIGHT)]);
    expect(new Set(the.started.slice(1).map(({ name }) => name)).size).toBe(1);
    const releaseId = await inCanary(the);
    expect(await approved(the, EIGHT)).toMatchObject({ started: false, releaseId });
    await the.step({ action: 'finish', releaseId, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'worse' });
    expect(await approved(the, EIGHT)).toMatchObject({ started: false, releaseId });
    expect(the.items('releases')).toHaveLength(2);
  });

  test.each([
    ['of another group', { ModelPackageGroupName: 'other' }, 'group triage'],
    ['that is none', { ModelApprovalStatus: 'Rejected' }, 'Rejected'],
    ['of before, while the description changed', { UpdatedModelPackageFields: ['ApprovalDescription'] }, 'ApprovalDescription'],
  ])('%s is ignored', async (_, more, reason) => {
    const the = await live();
    expect(await approved(the, EIGHT, more)).toEqual({ started: false, reason: expect.stringContaining(reason) });
    expect(the.started).toHaveLength(1);
  });

  test('that was taken back meanwhile is refused, and the refusal recorded', async () => {
    const the = await live();
    the.packages.set(EIGHT, { approvalStatus: 'Rejected', changedBy: APPROVER });
    expect(await approved(the, EIGHT)).toMatchObject({ started: false, reason: expect.stringContaining('is Rejected') });
    expect(refusals(the)).toMatchObject([{ what: 'registry', reason: `Model package ${EIGHT} is Rejected in the model registry` }]);
  });

  test('before anything is deployed is refused', async () => {
    const the = world();
    expect(await approved(the, EIGHT)).toMatchObject({ started: false, reason: 'Nothing is deployed yet' });
    expect(refusals(the)).toHaveLength(1);
  });

  test('under the kill switch is what a revival starts', async () => {
    const the = await live();
    await the.controller.kill(ANNA, 'drill');
    expect(await approved(the, EIGHT)).toMatchObject({ started: false, reason: expect.stringContaining('kill switch') });
    await the.controller.revive(ANNA, 'over');
    expect(the.release(lastStarted(the)).spec.model.modelPackageArn).toBe(EIGHT);
  });

  test('that nobody can look at is refused; what the registry fails at is tried again', async () => {
    const the = await live();
    const registry = (error: Error) => registryOf(fakeClient<never>({ DescribeModelPackage: () => Promise.reject(error) }).client);
    the.requestParts.registry = registry(named('AccessDeniedException', 'no'));
    expect(await approved(the, EIGHT)).toMatchObject({ started: false, reason: expect.stringContaining('cannot be looked at: no') });
    the.requestParts.registry = registry(named('ThrottlingException', 'slow down'));
    await expect(approved(the, EIGHT)).rejects.toThrow('slow down');
  });
});

describe('after a release of the registry', () => {
  async function liveFromRegistry(): Promise<World> {
    const the = await live();
    await approved(the, EIGHT);
    await promoteAndFinish(the, await inCanary(the));
    return the;
  }

  test('a deploy whose charter is unchanged starts nothing, and its policy counts', async () => {
    const the = await liveFromRegistry();
    await the.deploy({ rollout: { ...the.release(lastStarted(the)).spec.rollout, maxDurationMinutes: 99 } });
    expect(the.started).toHaveLength(2);
    expect(puts.at(-1)?.body).toMatchObject({ Status: 'SUCCESS', Data: { Started: 'false', ReleaseId: the.control().stable?.releaseId } });
    expect(desired(the).spec).toMatchObject({ model: { modelPackageArn: EIGHT }, rollout: { maxDurationMinutes: 99 } });
  });

  test('a deploy whose charter changed starts a newer release, with the model that the registry approved', async () => {
    const the = await liveFromRegistry();
    await the.deploy(OTHER);
    expect(the.release(lastStarted(the))).toMatchObject({
      sequence: 3,
      requestedBy: 'deploy',
      spec: { model: { modelPackageArn: EIGHT }, behaviour: { threshold: 0.7 } },
    });
  });

  test('a deploy that takes its change back withdraws the candidate, and keeps the model', async () => {
    const the = await liveFromRegistry();
    const stable = the.control().stable?.releaseId;
    await the.deploy(OTHER);
    const candidate = await inCanary(the);
    await the.deploy();
    expect(the.control()).toMatchObject({ stable: { releaseId: stable }, candidateWeight: 0 });
    expect(the.release(candidate).stop).toMatchObject({ outcome: 'withdrawn' });
    expect(desired(the)).toMatchObject({ releaseId: stable, starts: false });
  });

  test('that was rolled back, the charter counts again', async () => {
    const the = await live();
    const stable = the.control().stable?.releaseId;
    await approved(the, EIGHT);
    const releaseId = await inCanary(the);
    await the.step({ action: 'finish', releaseId, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'worse' });
    await the.deploy({ kpis: [] });
    expect(the.started).toHaveLength(2);
    expect(desired(the)).toMatchObject({ releaseId: stable, spec: { model: { artefactUrl: 's3://models/7.tar.gz' } } });
    await the.deploy(OTHER);
    expect(the.release(lastStarted(the)).spec.model).not.toHaveProperty('modelPackageArn');
  });

  test('a revival starts what the registry approved, and the next deploy leaves it', async () => {
    const the = await liveFromRegistry();
    await the.controller.kill(ANNA, 'drill');
    await the.controller.revive(ANNA, 'over');
    const revived = lastStarted(the);
    expect(the.release(revived)).toMatchObject({ revival: true, spec: { model: { modelPackageArn: EIGHT } } });
    await promoteAndFinish(the, await inCanary(the));
    await the.deploy({ kpis: [] });
    expect(lastStarted(the)).toBe(revived);
  });

  test('neither does one within the rollback window', async () => {
    const warm = { rollout: { ...SPEC.rollout, keepWarmMinutes: 60 } };
    const the = await live(warm);
    const before = String(the.control().stable?.releaseId);
    await approved(the, EIGHT);
    const taken = await inCanary(the);
    await the.step({ action: 'promote', releaseId: taken, by: 'verdict', reason: 'good' });
    await the.step({ action: 'finish', releaseId: taken, outcome: 'promoted', stage: 'promote', reason: 'good', keepWarm: true });
    expect(await the.controller.rollBackByHand(ANNA, 'the old one was better')).toMatchObject({ done: 'returned', to: before });
    expect(desired(the)).toMatchObject({ releaseId: before, hash: the.release(before).hash });
    await the.deploy({ ...warm, kpis: [] });
    expect(the.items('releases')).toHaveLength(2);
    await the.deploy({ ...warm, ...OTHER });
    expect(the.release(lastStarted(the)).spec).toMatchObject({
      behaviour: { threshold: 0.7 },
      model: { artefactUrl: 's3://models/7.tar.gz' },
    });
  });

  test('neither a deploy nor a revival undoes a return', async () => {
    const the = await liveFromRegistry();
    const first = String(the.started[0]?.name);
    const done = await the.controller.rollBackByHand(ANNA, 'the old one was better', first);
    const returned = String(done.releaseId);
    expect(the.release(returned)).toMatchObject({ returnTo: first });
    await the.step({ action: 'register', releaseId: returned, executionArn: 'arn' });
    await the.step({ action: 'dark', releaseId: returned });
    await promoteAndFinish(the, returned);
    await the.deploy({ kpis: [] });
    expect(lastStarted(the)).toBe(returned);
    await the.controller.kill(ANNA, 'drill');
    await the.controller.revive(ANNA, 'over');
    expect(the.release(lastStarted(the))).toMatchObject({ revival: true, hash: the.release(first).hash });
  });
});

describe('a deploy', () => {
  test('of a charter that names a package without approval fails with the reason, and changes nothing', async () => {
    const the = await live();
    const before = desired(the);
    the.packages.set(EIGHT, { approvalStatus: 'PendingManualApproval' });
    await the.deploy({ model: { modelPackageArn: EIGHT, environment: {} } });
    expect(puts.at(-1)?.body).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`${EIGHT} is PendingManualApproval`) });
    expect(refusals(the)).toMatchObject([{ what: 'release', by: 'deploy' }]);
    expect(desired(the)).toEqual(before);
    the.packages.set(EIGHT, { approvalStatus: 'Approved' });
    await the.deploy({ model: { modelPackageArn: EIGHT, environment: {} } });
    expect(the.release(lastStarted(the)).spec.model.modelPackageArn).toBe(EIGHT);
  });

  test('of what was rolled back starts nothing again', async () => {
    const the = await live();
    await the.deploy(OTHER);
    const releaseId = await inCanary(the);
    await the.step({ action: 'finish', releaseId, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'worse' });
    await the.deploy({ ...OTHER, kpis: [] });
    expect(lastStarted(the)).toBe(releaseId);
    expect(puts.at(-1)?.body).toMatchObject({ Status: 'SUCCESS', Reason: expect.stringContaining(`sluice release --again ${releaseId}`) });
  });

  test('whose start failed is started by the next one, under the same id', async () => {
    const the = world();
    const { startRelease } = the.requestParts;
    the.requestParts.startRelease = () => Promise.reject(named('ThrottlingException', 'slow down'));
    await the.deploy();
    expect(puts.at(-1)?.body).toMatchObject({ Status: 'FAILED', Reason: 'slow down' });
    const { releaseId } = desired(the);
    the.requestParts.startRelease = startRelease;
    await the.deploy({ kpis: [] });
    expect(the.started.map(({ name }) => name)).toEqual([releaseId]);
  });

  test('under the kill switch does not start what an earlier one failed to start', async () => {
    const the = world();
    const { startRelease } = the.requestParts;
    the.requestParts.startRelease = () => Promise.reject(named('ThrottlingException', 'slow down'));
    await the.deploy();
    the.requestParts.startRelease = startRelease;
    await the.controller.kill(ANNA, 'drill');
    await the.deploy({ kpis: [] });
    expect(the.started.map(({ name }) => name)).toEqual([expect.stringMatching(/^kill-/)]);
  });

  test('meets another request at the same moment: both count', async () => {
    const the = await live();
    let met = false;
    the.before('PutItem', async () => {
      met = true;
      await approved(the, EIGHT);
    });
    await the.deploy(OTHER);
    expect(met).toBe(true);
    expect(desired(the).spec).toMatchObject({ model: { modelPackageArn: EIGHT }, behaviour: { threshold: 0.7 } });
    expect(lastStarted(the)).toBe(desired(the).releaseId);
  });
});

describe('an owner', () => {
  test('asks for another behaviour, which is laid over what is wanted', async () => {
    const the = await live({ behaviour: { threshold: 0.62, prompt: 'p' } });
    const { status, body } = await release(the, { reason: 'fewer misses', behaviour: { threshold: 0.5 } });
    expect(status).toBe(202);
    expect(body).toMatchObject({ started: true, releaseId: lastStarted(the) });
    expect(the.release(lastStarted(the))).toMatchObject({
      requestedBy: ANNA,
      requestReason: 'fewer misses',
      spec: { behaviour: { threshold: 0.5, prompt: 'p' } },
    });
  });

  test('asks for the same twice: one release', async () => {
    const the = await live();
    const first = await release(the, { reason: 'x', ...OTHER });
    const second = await release(the, { reason: 'y', ...OTHER });
    expect(second).toMatchObject({ status: 200, body: { started: false, releaseId: first.body['releaseId'] } });
    expect(the.started).toHaveLength(2);
  });

  test('asks for an earlier release once more, with the policy of now', async () => {
    const the = await live();
    await the.deploy(OTHER);
    const releaseId = await inCanary(the);
    await the.step({ action: 'finish', releaseId, outcome: 'rejected', stage: 'approval', reason: 'no' });
    await the.deploy({ ...OTHER, kpis: [] });
    const { body } = await release(the, { reason: 'the board was asked again', releaseId });
    expect(body).toMatchObject({ started: true });
    expect(the.release(String(body['releaseId']))).toMatchObject({ hash: the.release(releaseId).hash, spec: { kpis: [] } });
    expect(body['releaseId']).not.toBe(releaseId);
  });

  test('waits for a canary in progress, unless asked to take its place', async () => {
    const the = await live();
    await the.deploy(OTHER);
    const candidate = await inCanary(the);
    const waiting = await release(the, { reason: 'newer', behaviour: { threshold: 0.8 } });
    expect(waiting.body).toMatchObject({ started: true, waitsFor: `release ${candidate}, which is in progress` });
    expect(the.release(candidate).stop).toBeUndefined();
    const taking = await release(the, { reason: 'it is broken', behaviour: { threshold: 0.9 }, supersede: true });
    expect(the.release(candidate).stop).toMatchObject({ outcome: 'superseded', by: ANNA, reason: expect.stringContaining('it is broken') });
    expect(the.control()).toMatchObject({ candidateWeight: 0 });
    expect(the.control().candidate).toBeUndefined();
    expect(taking.body['started']).toBe(true);
    // The one that waited is not wanted any more.
    const turn = await the.step({ action: 'register', releaseId: String(waiting.body['releaseId']), executionArn: 'arn' });
    expect(turn).toMatchObject({ locked: false, superseded: true });
  });

  test('does not take the place of what is promoted', async () => {
    const the = await live();
    await the.deploy(OTHER);
    const promoted = await inCanary(the);
    await the.step({ action: 'promote', releaseId: promoted, by: 'verdict', reason: 'good' });
    await release(the, { reason: 'newer', behaviour: { threshold: 0.9 }, supersede: true });
    expect(the.release(promoted).stop).toBeUndefined();
    expect(the.control().stable?.releaseId).toBe(promoted);
  });

  test('is told of a freeze', async () => {
    const the = await live();
    const freezes = [{ kind: 'once' as const, reason: 'trade', from: '2026-01-01T00:00:00Z', to: '2026-04-01T00:00:00Z' }];
    await the.deploy({ rollout: { ...SPEC.rollout, freezes } });
    const { body } = await release(the, { reason: 'x', ...OTHER });
    expect(body['waitsFor']).toBe('the end of the freeze (trade) at 2026-04-01T00:00:00.000Z');
  });

  test.each([
    ['nobody', 403, { reason: 'x' }, undefined, 'not signed'],
    ['a stranger', 403, { reason: 'x' }, 'arn:aws:sts::111122223333:assumed-role/Stranger/eve', 'no owner'],
    ['one without a reason', 400, {}, ANNA, 'reason'],
    ['one who claims a role', 400, { reason: 'x', role: 'risk' }, ANNA, 'role'],
    ['one who asks for two things', 400, { reason: 'x', releaseId: 'r1', behaviour: {} }, ANNA, 'whole release'],
    ['one who names no release', 409, { reason: 'x', releaseId: 'r99' }, ANNA, 'no release r99'],
    ['one who names another group', 409, { reason: 'x', modelPackageArn: `${GROUP}-evil/1` }, ANNA, 'no group'],
    ['one who sends no JSON', 400, 'x', ANNA, 'not JSON'],
  ])('%s is refused, and the refusal recorded', async (who, status, body, as, reason) => {
    const the = await live();
    const answer = who === 'nobody' ? await unsigned(the, body) : await release(the, body, as);
    expect(answer).toMatchObject({
      status,
      body: { error: expect.stringContaining(reason), allowed: expect.any(String), next: expect.any(String) },
    });
    expect(refusals(the)).toHaveLength(who === 'nobody' ? 0 : 1);
    expect(the.started).toHaveLength(1);
  });

  async function unsigned(the: World, body: unknown) {
    const parts: HttpParts = { ...the.requestParts, owners: OWNERS, packageGroups: [], requestId: 'x' };
    const answer = await answering(() => answerReleaseRequest(parts, posted('/release', body)));
    return { status: answer.statusCode, body: JSON.parse(String(answer.body)) as Record<string, unknown> };
  }

  test('is refused a package that is not approved, and where a kill switch is on', async () => {
    const the = await live();
    the.packages.set(NINE, { approvalStatus: 'PendingManualApproval' });
    expect(await release(the, { reason: 'x', modelPackageArn: NINE })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('PendingManualApproval') },
    });
    await the.controller.kill(ANNA, 'drill');
    expect(await release(the, { reason: 'x', ...OTHER })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('kill switch is on') },
    });
    expect(refusals(the).map(({ what, by }) => [what, by])).toEqual([
      ['release', ANNA],
      ['release', ANNA],
    ]);
  });
});

test('an event of another kind is refused', () => {
  expect(() => readEvent({ 'detail-type': 'SageMaker Model Package State Change', source: 'mine' })).toThrow('Unknown event');
});
