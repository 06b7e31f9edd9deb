import type { ReleaseSpec, TrafficChange } from '../../../core/contracts';
import { candidateCosts, looksEvidence, modelFacts, trafficOf } from '../../../core/evidence';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 9, minute)).toISOString();

const change = (version: number, more: Partial<TrafficChange> = {}): TrafficChange => ({
  at: at(version * 30),
  by: 'workflow',
  reason: 'because',
  version,
  mode: 'live',
  candidateWeight: 0,
  stable: 'r1',
  ...more,
});

const spec = {
  model: { environment: {} },
  serving: { minInstances: 4, maxInstances: 8 },
  rollout: { steps: [{ weight: 0.1, bakeMinutes: 30 }] },
} as unknown as ReleaseSpec;

describe('traffic of a release', () => {
  test('begins with the first write that names it and leaves out writes that moved nothing', () => {
    const changes = [
      change(1, { candidate: 'r0' }),
      change(2, { lockedBy: 'r2' }),
      change(3, { lockedBy: 'r2', candidate: 'r2' }),
      change(4, { lockedBy: 'r2', candidate: 'r2', reason: 'held' }),
      change(5, { lockedBy: 'r2', candidate: 'r2', candidateWeight: 0.5 }),
      change(6, { lockedBy: 'r2', stable: 'r2', warm: 'r1' }),
      change(7, { stable: 'r2', warm: 'r1' }),
    ];
    expect(trafficOf('r2', changes).map(({ version }) => version)).toEqual([2, 3, 5, 6]);
    expect(trafficOf('r9', changes)).toEqual([]);
  });
});

describe('costs of a candidate', () => {
  const traffic = [
    change(1),
    change(2, { candidate: 'r2' }),
    change(3, { candidate: 'r2', candidateWeight: 0.1 }),
    change(4, { candidate: 'r2', candidateWeight: 0.5 }),
    change(5, { candidate: 'r2' }),
    change(6, { stable: 'r2' }),
  ];

  test('are the instances that were asked for while it stood: they grow with its share and never shrink', () => {
    // Half an hour with 1, 1, 2 and 2 instances.
    expect(candidateCosts('r2', spec, traffic, at(400))).toEqual({ candidateInstanceHours: 3 });
  });

  test('go on until the end where it still stands then', () => {
    expect(candidateCosts('r2', spec, traffic.slice(0, 2), at(120))).toEqual({ candidateInstanceHours: 1 });
  });

  test('take the price of the cost meter where no load gate was given one', () => {
    const metered = { perHour: 2, currency: 'USD' };
    const costs = { candidateInstanceHours: 3, pricePerInstanceHour: 2, amount: 6, currency: 'USD' };
    expect(candidateCosts('r2', spec, traffic, at(400), metered)).toEqual(costs);
    const given = { ...spec, gates: [{ kind: 'load', pricePerInstanceHour: 1.5 }] } as ReleaseSpec;
    expect(candidateCosts('r2', given, traffic, at(400), metered)).toMatchObject({ pricePerInstanceHour: 1.5 });
    expect(candidateCosts('r2', given, traffic, at(400), metered)).not.toHaveProperty('currency');
  });

  test('are money only where a price is known, and unknown where it never stood', () => {
    const priced = { ...spec, gates: [{ kind: 'custom' }, { kind: 'load', pricePerInstanceHour: 1.5 }] } as ReleaseSpec;
    // Under a load gate it stands with all instances from the beginning.
    expect(candidateCosts('r2', priced, traffic, at(400))).toEqual({ candidateInstanceHours: 8, pricePerInstanceHour: 1.5, amount: 12 });
    expect(candidateCosts('r3', priced, traffic, at(400))).toBeUndefined();
  });
});

describe('looks', () => {
  const look = (minute: number, decision: 'continue' | 'roll-back', rollbackEvidence: number) => ({
    at: at(minute),
    decision,
    rollbackEvidence,
    threshold: 20,
    reason: `at ${minute}`,
  });

  test('are told in runs of one decision, and one by one in an object named after its content', () => {
    const given = [look(1, 'continue', 0.5), look(2, 'continue', 3), look(3, 'continue', 2), look(4, 'roll-back', 25)];
    const { runs, object, text } = looksEvidence('r2-0a', given)!;
    expect(runs).toEqual([
      { decision: 'continue', from: at(1), to: at(3), looks: 3, highestRollbackEvidence: 3, threshold: 20, reason: 'at 3' },
      { decision: 'roll-back', from: at(4), to: at(4), looks: 1, highestRollbackEvidence: 25, threshold: 20, reason: 'at 4' },
    ]);
    expect(object).toMatchObject({ count: 4, key: `looks/r2-0a-${object.sha256.slice(0, 16)}.jsonl` });
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(given);
    expect(looksEvidence('r2-0a', [])).toBeUndefined();
  });
});

describe('what is known of a model', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  test('is what the release names', () => {
    const model = { image: `image@${digest}`, artefactUrl: 's3://models/1', environment: {} };
    expect(modelFacts({ model, artefactSha256: 'f'.repeat(64) })).toEqual({
      image: `image@${digest}`,
      imageDigest: digest,
      artefactUrl: 's3://models/1',
      artefactSha256: 'f'.repeat(64),
    });
  });

  test('is for a version of the registry what the registry says', () => {
    const described = {
      ModelApprovalStatus: 'Approved',
      InferenceSpecification: { Containers: [{ Image: 'image:1', ImageDigest: digest, ModelDataUrl: 's3://m', ModelDataETag: 'etag' }] },
    };
    expect(modelFacts({ model: { modelPackageArn: 'arn:package', environment: {} } }, described)).toEqual({
      packageArn: 'arn:package',
      image: 'image:1',
      imageDigest: digest,
      artefactUrl: 's3://m',
      artefactETag: 'etag',
      approvalStatus: 'Approved',
    });
  });
});
