import { fakeClient, fakeLedger, named, SPEC, START } from './support';
import type { EvidenceBundle, GateResult, ReleaseSpec, TrafficChange, VerdictRecord } from '../../core/contracts';
import { ledgerKeys } from '../../core/contracts';
import { type Ending, sealed, verifyEvidence } from '../../core/evidence';
import { releaseHash } from '../../core/hash';
import { endWithEvidence, storeLastLink } from '../../lambdas/release-step/evidence';
import type { StepParts } from '../../lambdas/release-step/parts';
import { existingRelease, type StoredRelease } from '../../lambdas/shared/releases';
import { seal } from '../../lambdas/seal/seal';
import { memoryBucket, sealOver } from './evidence-store';

const PROMOTED: Ending = { outcome: 'promoted', stage: 'promote', reason: 'no worse' };
const TAKEN_BACK: Ending = { outcome: 'rolled-back', stage: 'rollback-window', reason: 'customers complain' };
const at = (minute: number): string => new Date(START + minute * 60_000).toISOString();

function setUp(describePackage: () => unknown = () => ({})) {
  const fake = fakeLedger();
  const memory = memoryBucket();
  const clock = { millis: START + 3_600_000 };
  const parts = {
    ledger: fake.ledger,
    s3: memory.s3,
    sagemaker: fakeClient<never>({ DescribeModelPackage: describePackage }).client,
    evidenceBucket: 'evidence',
    surroundings: { useCase: 'support-triage' },
    now: () => clock.millis,
  } as unknown as StepParts;
  const register = async (id: string, more: Partial<StoredRelease> = {}, spec: Partial<ReleaseSpec> = {}): Promise<StoredRelease> => {
    const whole = { ...SPEC, ...spec };
    const record = {
      id,
      sequence: 1,
      hash: releaseHash(whole),
      spec: whole,
      status: 'in-progress',
      requestedBy: 'deploy',
      requestedAt: at(0),
      ...more,
    };
    await fake.ledger.put(ledgerKeys.release(id), record);
    return record as StoredRelease;
  };
  const bundles = (): EvidenceBundle[] =>
    [...memory.objects]
      .filter(([key]) => key.startsWith('bundles/'))
      .sort()
      .map(([, text]) => JSON.parse(text) as EvidenceBundle);
  return {
    ...fake,
    memory,
    parts,
    clock,
    register,
    bundles,
    end: async (id: string, ending = PROMOTED) => endWithEvidence(parts, await existingRelease(fake.ledger, id), ending),
    /** As an auditor sees it, once everything is signed. */
    audit: async () => {
      const sealing = await sealOver(memory.bucket);
      await seal(sealing.parts);
      const link = fake.item<{ sequence: number; sha256: string }>(ledgerKeys.evidenceChain());
      const ended = fake
        .items('releases')
        .flatMap((one) => (one['endedAt'] === undefined ? [] : [{ id: String(one['id']), outcome: String(one['status']) }]));
      return verifyEvidence({
        objects: memory.stored(),
        publicKeys: sealing.publicKeys,
        atIso: at(600),
        ended,
        ...(link === undefined ? {} : { tip: link }),
      });
    },
  };
}

test('a bundle tells everything that the ledger knows of the release', async () => {
  const the = setUp();
  const { ledger } = the;
  await the.register('r2', {
    requestReason: 'better',
    changes: ['model'],
    lane: 'retrain',
    openedSteps: [{ weight: 0.1, openedAt: at(20) }],
  });
  const change = (version: number, more: Partial<TrafficChange>): TrafficChange => ({
    at: at(version),
    by: 'workflow',
    reason: 'because',
    version,
    mode: 'live',
    candidateWeight: 0,
    stable: 'r1',
    ...more,
  });
  for (const one of [
    change(1, { lockedBy: 'r1', at: at(-10) }),
    change(2, { lockedBy: 'r2' }),
    change(3, { lockedBy: 'r2', candidate: 'r2' }),
    change(4, { lockedBy: 'r2', candidate: 'r2', reason: 'held' }),
    change(20, { lockedBy: 'r2', candidate: 'r2', candidateWeight: 0.1 }),
    change(50, { lockedBy: 'r2', stable: 'r2' }),
  ])
    await ledger.put(ledgerKeys.controlChange(one.version), one);
  const gate: GateResult = {
    releaseId: 'r2',
    gate: 'golden',
    kind: 'golden-set',
    passed: true,
    reason: 'good',
    startedAt: at(5),
    endedAt: at(6),
    measured: [],
  };
  await ledger.put(ledgerKeys.gate('r2', 'a-later'), { ...gate, gate: 'a-later', startedAt: at(7) });
  await ledger.put(ledgerKeys.gate('r2', 'golden'), gate);
  await ledger.put(ledgerKeys.incident('i-1'), {
    id: 'i-1',
    kind: 'failed-update',
    releaseId: 'r2',
    reason: 'x',
    openedAt: at(3),
    openedBy: 'workflow',
  });
  await ledger.put(ledgerKeys.incident('i-2'), {
    id: 'i-2',
    kind: 'rollback',
    releaseId: 'r1',
    reason: 'x',
    openedAt: at(3),
    openedBy: 'workflow',
  });
  const refusal = { at: at(12), what: 'approve', by: 'arn:stranger', releaseId: 'r2', reason: 'is no owner' };
  await ledger.put(ledgerKeys.refusal(at(12), 'a'), { ...refusal, expiresAt: 1 });
  await ledger.put(ledgerKeys.refusal(at(13), 'b'), { ...refusal, releaseId: 'r1', expiresAt: 1 });
  await ledger.put(ledgerKeys.refusal(at(-20), 'c'), { ...refusal, at: at(-20), expiresAt: 1 });
  const decision = { role: 'risk', decision: 'approve', by: 'callback', at: at(10), onBehalfOf: 'arn:anna' };
  const board = {
    releaseId: 'r2',
    kind: 'release',
    taskToken: 'secret',
    requiredRoles: ['risk'],
    requestedAt: at(8),
    deadline: at(99),
    decisions: [decision],
    status: 'approved',
  };
  await ledger.put(ledgerKeys.approval('r2', 'release'), board);
  for (const [minute, combinedRollbackEvidence] of [
    [21, 1],
    [22, 4],
  ] as const) {
    const look: VerdictRecord = {
      at: at(minute),
      decision: 'continue',
      reason: 'waiting',
      kpis: [],
      words: [],
      combinedRollbackEvidence,
      threshold: 20,
    };
    await ledger.put(ledgerKeys.look('r2', look.at), { decision: look.decision, verdict: JSON.stringify(look), expiresAt: 1 });
  }
  await the.end('r2');
  const [bundle] = the.bundles();
  expect(bundle).toMatchObject({
    schema: 'sluice.evidence/v2',
    sequence: 1,
    requestReason: 'better',
    changes: ['model'],
    lane: 'retrain',
    approvals: [decision],
    boards: [{ kind: 'release', status: 'approved', requiredRoles: ['risk'] }],
    gates: [gate, { gate: 'a-later' }],
    incidents: [{ id: 'i-1' }],
    refusals: [refusal],
    verdicts: [{ looks: 2, decision: 'continue', highestRollbackEvidence: 4, from: at(21), to: at(22) }],
    looks: { count: 2 },
    costs: { candidateInstanceHours: expect.closeTo(47 / 60) },
  });
  expect(bundle!.traffic!.map(({ version }) => version)).toEqual([2, 3, 20, 50]);
  expect(bundle!.incidents).toHaveLength(1);
  expect(JSON.stringify(bundle)).not.toContain('secret');
  expect(the.memory.objects.get(bundle!.looks!.key)?.trimEnd().split('\n')).toHaveLength(2);
  expect(await the.audit()).toMatchObject({ verified: true, findings: [], pending: [] });
});

test('two releases that end at once are both in the chain, one after the other', async () => {
  const the = setUp();
  await the.register('r1');
  await the.register('r2', {}, { behaviour: { threshold: 0.9 } });
  the.before('TransactWriteItems', () => the.end('r2', TAKEN_BACK));
  await the.end('r1');
  expect(the.bundles().map(({ sequence, releaseId }) => [sequence, releaseId])).toEqual([
    [1, 'r2'],
    [2, 'r1'],
  ]);
  expect((await the.audit()).verified).toBe(true);
});

test('ended by two handlers at once it has one bundle', async () => {
  const the = setUp();
  await the.register('r1');
  the.before('TransactWriteItems', () => the.end('r1', TAKEN_BACK));
  await the.end('r1');
  expect(the.bundles()).toMatchObject([{ releaseId: 'r1', outcome: 'rolled-back' }]);
  expect((await the.audit()).verified).toBe(true);
});

describe('a handler that dies', () => {
  test('between the claim and the bucket: whoever comes next stores the bundle first', async () => {
    const the = setUp();
    await the.register('r1');
    await the.register('r2', {}, { behaviour: { threshold: 0.9 } });
    the.memory.before('PutObject', () => {
      throw new Error('died');
    });
    await expect(the.end('r1')).rejects.toThrow('died');
    expect(the.bundles()).toEqual([]);
    await the.end('r2');
    expect(the.bundles().map(({ releaseId }) => releaseId)).toEqual(['r1', 'r2']);
    expect((await the.audit()).verified).toBe(true);
  });

  test('after the bucket: the retry finds the bundle there', async () => {
    const the = setUp();
    await the.register('r1');
    the.before('UpdateItem', () => {
      throw new Error('died');
    });
    await expect(the.end('r1')).rejects.toThrow('died');
    await storeLastLink(the.parts);
    expect(the.bundles()).toHaveLength(1);
    expect(the.item<{ text?: string }>(ledgerKeys.evidenceChain())?.text).toBeUndefined();
  });
});

test('a promoted release that is taken back ends a second time, once', async () => {
  const the = setUp();
  await the.register('r1');
  await the.end('r1');
  const before = await existingRelease(the.ledger, 'r1');
  the.clock.millis += 600_000;
  await the.end('r1', TAKEN_BACK);
  // A retry that read the record before.
  await endWithEvidence(the.parts, before, TAKEN_BACK);
  expect(the.bundles()).toMatchObject([
    { sequence: 1, outcome: 'promoted' },
    { sequence: 2, outcome: 'rolled-back', stage: 'rollback-window', endedBefore: { outcome: 'promoted', endedAt: before.endedAt } },
  ]);
  expect(await existingRelease(the.ledger, 'r1')).toMatchObject({ status: 'rolled-back', endedAt: at(70) });
  expect((await the.audit()).verified).toBe(true);
});

describe('the model of a package', () => {
  const spec = { model: { modelPackageArn: 'arn:package/7', environment: {} } };

  test('is told as the registry tells it', async () => {
    const container = { Image: 'image:1', ImageDigest: 'sha256:1', ModelDataUrl: 's3://m', ModelDataETag: 'etag' };
    const the = setUp(() => ({ ModelApprovalStatus: 'Approved', InferenceSpecification: { Containers: [container] } }));
    await the.register('r1', {}, spec);
    await the.end('r1');
    expect(the.bundles()[0]?.model).toMatchObject({ packageArn: 'arn:package/7', imageDigest: 'sha256:1', approvalStatus: 'Approved' });
  });

  test('is told without the registry where that cannot be asked: the release ends all the same', async () => {
    const the = setUp(() => {
      throw named('AccessDeniedException', 'not yours');
    });
    await the.register('r1', {}, spec);
    await the.end('r1');
    expect(the.bundles()[0]?.model).toEqual({ packageArn: 'arn:package/7', notRead: 'AccessDeniedException: not yours' });
  });
});

test('evidence that does not fit into the ledger is refused in words', async () => {
  const the = setUp();
  await the.register('r1', {}, { behaviour: { prompt: 'x'.repeat(300_000) } });
  await the.ledger.put(ledgerKeys.gate('r1', 'golden'), { gate: 'golden', startedAt: at(1), measured: [], reason: 'y'.repeat(150_000) });
  await expect(the.end('r1')).rejects.toThrow(/has \d+ bytes, at most 399360 fit into the ledger/);
  expect(the.bundles()).toEqual([]);
});

test('the chain goes on from the last link, whatever is in the bucket', async () => {
  const the = setUp();
  for (const id of ['r1', 'r2', 'r3']) {
    await the.register(id, {}, { behaviour: { id } });
    await the.end(id);
  }
  const [first, second, third] = the.bundles();
  expect(first).not.toHaveProperty('previousBundleSha256');
  expect(second?.previousBundleSha256).toBe(sealed(first!).sha256);
  expect(third?.previousBundleSha256).toBe(sealed(second!).sha256);
  expect((await the.audit()).verified).toBe(true);
});
