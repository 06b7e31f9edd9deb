import fc from 'fast-check';
import { armWeights, assign } from '../../core/assignment';
import type { ControlRecord, DeployedRelease } from '../../core/contracts';

const deployed = (releaseId: string, variantName: string): DeployedRelease => ({
  releaseId,
  variantName,
  modelName: `model-${releaseId}`,
  endpointConfigName: `config-${releaseId}`,
});
const live: ControlRecord = {
  version: 3,
  mode: 'live',
  stable: deployed('r1-aaaaaaaa', 'a'),
  candidate: deployed('r2-bbbbbbbb', 'b'),
  candidateWeight: 0.25,
  holdout: 0.02,
  changedAt: '2026-03-02T09:00:00.000Z',
  changedBy: 'workflow',
  reason: 'step',
};
const first: ControlRecord = { ...live, mode: 'baseline', stable: undefined };
const units = Array.from({ length: 4000 }, (_, index) => `unit-${index}`);
const armsOf = (control: ControlRecord) => units.map((unit) => assign(control, 'triage', unit).arm);
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('armWeights', () => {
  test('the candidate gets its share of all units, the holdout the baseline, stable the rest', () => {
    expect(armWeights(live)).toEqual({ baseline: expect.closeTo(0.02), stable: expect.closeTo(0.73), candidate: 0.25 });
  });

  test('without stable the rest is the baseline', () => {
    expect(armWeights(first)).toEqual({ baseline: 0.75, stable: 0, candidate: 0.25 });
  });

  test('killed: all baseline', () => {
    expect(armWeights({ ...live, mode: 'killed' })).toEqual({ baseline: 1, stable: 0, candidate: 0 });
  });

  test('a full weight leaves the holdout alone', () => {
    expect(armWeights({ ...live, candidateWeight: 1 })).toEqual({
      baseline: expect.closeTo(0.02),
      stable: expect.closeTo(0),
      candidate: expect.closeTo(0.98),
    });
  });

  test('a weight without candidate means nothing', () => {
    expect(armWeights({ ...live, candidate: undefined }).candidate).toBe(0);
  });

  test('weights are shares that add up to 1', () => {
    fc.assert(
      fc.property(
        share,
        share,
        fc.constantFrom('baseline', 'live', 'killed'),
        fc.boolean(),
        (candidateWeight, holdout, mode, hasStable) => {
          const weights = armWeights({ ...live, candidateWeight, holdout, mode, stable: hasStable ? live.stable : undefined });
          const values = Object.values(weights);
          expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
          expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  test.each([-0.1, 1.2, Number.NaN])('refuses a share of %p', (candidateWeight) => {
    expect(() => armWeights({ ...live, candidateWeight })).toThrow('between 0 and 1');
  });
});

describe('assign', () => {
  test.each([live, first, { ...live, candidateWeight: 0.05 }, { ...live, holdout: 0.3, candidateWeight: 0.6 }])(
    'shares converge to the weights: %#',
    (control) => {
      const arms = armsOf(control);
      for (const [arm, weight] of Object.entries(armWeights(control))) {
        const seen = arms.filter((one) => one === arm).length / arms.length;
        expect(Math.abs(seen - weight)).toBeLessThanOrEqual(5 * Math.sqrt((weight * (1 - weight)) / arms.length));
      }
    },
  );

  test('a growing weight never takes a unit away from the candidate', () => {
    fc.assert(
      fc.property(share, share, share, fc.string(), fc.boolean(), (a, b, holdout, unit, hasStable) => {
        const control = { ...live, holdout, mode: hasStable ? ('live' as const) : ('baseline' as const) };
        const before = assign({ ...control, candidateWeight: Math.min(a, b) }, 'triage', unit).arm;
        const after = assign({ ...control, candidateWeight: Math.max(a, b) }, 'triage', unit).arm;
        expect(before === 'candidate' && after !== 'candidate').toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('the holdout is permanent: the same units under every release and weight', () => {
    const other = { ...live, candidate: deployed('r9-99999999', 'b'), candidateWeight: 0.98 };
    const heldOut = (control: ControlRecord) => units.filter((unit) => assign(control, 'triage', unit).arm === 'baseline');
    expect(heldOut(live).length).toBeGreaterThan(0);
    expect(heldOut(other)).toEqual(heldOut(live));
    expect(heldOut({ ...live, candidate: undefined })).toEqual(heldOut(live));
  });

  test('each release draws its own units', () => {
    const other = { ...live, candidate: deployed('r3-cccccccc', 'b') };
    const arms = armsOf(live);
    const both = units.filter((unit, index) => arms[index] === 'candidate' && assign(other, 'triage', unit).arm === 'candidate').length;
    // Independent draws share 0.25² of the units.
    expect(both / units.length).toBeLessThan(0.12);
  });

  test('killed: every unit gets the baseline', () => {
    expect(new Set(armsOf({ ...live, mode: 'killed' }))).toEqual(new Set(['baseline']));
  });

  test('a decision belongs to the comparison of the candidate, else of stable, else to none', () => {
    expect(assign(live, 'triage', 'u').releaseId).toBe('r2-bbbbbbbb');
    expect(assign({ ...live, candidate: undefined }, 'triage', 'u').releaseId).toBe('r1-aaaaaaaa');
    expect(assign({ ...first, candidate: undefined }, 'triage', 'u')).toEqual({
      arm: 'baseline',
      releaseId: 'none',
      servedRelease: 'baseline',
    });
  });

  test('names the release that serves and its variant', () => {
    const inArm = (arm: string) => units.map((unit) => assign(live, 'triage', unit)).find((one) => one.arm === arm);
    expect(inArm('candidate')).toEqual({
      arm: 'candidate',
      releaseId: 'r2-bbbbbbbb',
      servedRelease: 'r2-bbbbbbbb',
      deployed: live.candidate,
    });
    expect(inArm('stable')).toEqual({ arm: 'stable', releaseId: 'r2-bbbbbbbb', servedRelease: 'r1-aaaaaaaa', deployed: live.stable });
    expect(inArm('baseline')).toEqual({ arm: 'baseline', releaseId: 'r2-bbbbbbbb', servedRelease: 'baseline' });
  });
});
