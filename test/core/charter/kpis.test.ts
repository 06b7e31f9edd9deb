import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { kpiPolicies, parseCharter, type Problem, toReleaseSpec } from '../../../core/charter';
import { countValue, valueScaleOf } from '../../../core/verdict/value-scale';
import { accepted, changed, refused, SAMPLE } from './sample';

const SECOND = /- \{ name: wrongly-blocked.*\}/;
const THIRTY_DAYS = 'noBetterThanBaselineAfter: 30d';

/** The sample with another second KPI, beside the sample's binary goal. */
const withKpi = (keys: string, text = SAMPLE): string => changed(SECOND, `- { name: other, unit: case, ${keys} }`, text);

const MEAN = 'type: mean, better: lower, role: guard, window: 24h, cap: 3600, typical: { mean: 312.5, deviation: 540 }';
const COUNT = 'type: count, better: higher, role: goal, window: 7d, cap: 12, typical: { mean: 1.3, deviation: 1.9 }';
const LATENCY = 'type: latency, better: lower, role: guard, above: 800';
const BINARY = 'type: binary, better: lower, role: goal, window: 1h';

describe('each type says what the verdict and the counting need', () => {
  const common = { name: 'other', unit: 'case', margin: 0.2, weight: 1, delayDependsOnArm: true };
  const ofMean = { type: 'mean', better: 'lower', role: 'guard', windowMinutes: 1440, cap: 3600 };
  const typical = { mean: 312.5, standardDeviation: 540 };

  test.each<[string, string, Record<string, unknown>]>([
    ['binary', BINARY, { type: 'binary', better: 'lower', role: 'goal', windowMinutes: 60, attribution: 'decision', mustImprove: false }],
    ['latency, known with its answer', LATENCY, { type: 'latency', better: 'lower', role: 'guard', windowMinutes: 1, aboveMillis: 800 }],
    [
      'latency with a window',
      `${LATENCY}, window: 5m`,
      { type: 'latency', better: 'lower', role: 'guard', windowMinutes: 5, aboveMillis: 800 },
    ],
    ['mean', MEAN, { ...ofMean, typical, unobserved: 'left-out', attribution: 'decision' }],
    ['mean of all units', `${MEAN}, unobserved: zero`, { ...ofMean, typical, unobserved: 'zero', attribution: 'decision' }],
    ['mean by variant', `${MEAN}, attribution: variant`, { ...ofMean, typical, unobserved: 'left-out', attribution: 'variant' }],
    [
      'count',
      `${COUNT}, mustImprove: true`,
      {
        type: 'count',
        better: 'higher',
        role: 'goal',
        windowMinutes: 10080,
        cap: 12,
        typical: { mean: 1.3, standardDeviation: 1.9 },
        unobserved: 'zero',
        attribution: 'decision',
        mustImprove: true,
      },
    ],
  ])('%s', (_, keys, policy) => {
    expect(kpiPolicies(accepted(withKpi(keys)))[1]).toStrictEqual({ ...common, ...policy });
  });

  test('a count by variant knows only the units that have events', () => {
    expect(kpiPolicies(accepted(withKpi(`${COUNT}, attribution: variant`)))[1]).toMatchObject({ unobserved: 'left-out' });
  });

  test('targets of means and counts are values, up to the cap', () => {
    const keys = `${MEAN}, target: { value: 280, by: 2027-03-31 }`;
    expect(kpiPolicies(accepted(withKpi(keys)))[1]!.target).toEqual({ value: 280, by: '2027-03-31' });
    expect(accepted(withKpi(`${COUNT}, target: { value: 0, by: 2027-03-31 }`)).kpis[1]!.target!.value).toBe(0);
  });

  test('travels in the release as JSON without loss', () => {
    for (const keys of [MEAN, COUNT, LATENCY, BINARY]) {
      const spec = toReleaseSpec(accepted(withKpi(keys)), { behaviourFiles: {} });
      expect(JSON.parse(JSON.stringify(spec))).toStrictEqual(spec);
    }
  });
});

test('every scale that is accepted counts in whole numbers that add up exactly', () => {
  const size = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
  const better = fc.constantFrom('lower' as const, 'higher' as const);
  let counted = 0;
  fc.assert(
    fc.property(
      size,
      fc.double({ min: 1e-5, max: 1, noNaN: true }),
      fc.double({ min: 1e-4, max: 1, noNaN: true }),
      better,
      (cap, m, d, way) => {
        const keys = `type: mean, role: guard, window: 1h, better: ${way}, cap: ${cap}, typical: { mean: ${cap * m}, deviation: ${cap * d} }`;
        const result = parseCharter(withKpi(keys), 'f');
        if (!result.ok) return;
        counted++;
        const scale = valueScaleOf(kpiPolicies(result.charter)[1]!);
        for (const value of [0, cap * m, cap, 2 * cap]) {
          const { sum, squares, tilts } = countValue(scale, value);
          // Some 10 000 units a minute and arm still add up.
          for (const part of [sum, squares, ...tilts]) expect(Number.isSafeInteger(part * 10_000)).toBe(true);
        }
      },
    ),
    { numRuns: 100, seed: 5 },
  );
  expect(counted).toBeGreaterThan(20);
});

test('the examples of the documentation hold', () => {
  const page = readFileSync(path.join(__dirname, '../../../constructs-docs/charter.md'), 'utf8');
  const [, example] = /```yaml\n(kpis:\n[^`]*)```/.exec(page) ?? [];
  const text = changed(/^kpis:\n(?: +.*\n)+/m, example!, changed('kpi: missed-spam', 'kpi: contacts'));
  expect(accepted(text).kpis.map(({ type }) => type)).toEqual(['binary', 'latency', 'mean', 'count']);
});

describe('what does not fit is refused with what to do', () => {
  const at = (key: string): string => `kpis[1].${key}`;
  const without = (key: RegExp, keys: string): string => {
    const rest = keys.replace(key, '');
    if (rest === keys) throw new Error(`${String(key)} is not in the KPI`);
    return rest;
  };

  test.each<[string, string, string, RegExp, string]>([
    ['a mean without cap', without(/ cap: 3600,/, MEAN), at('cap'), /99\.5 % quantile .*run `sluice backtest` on your history/, 'nothing'],
    ['a mean without typical', without(/, typical.*$/, MEAN), at('typical'), /\{ mean, deviation \}.*sluice backtest/, 'nothing'],
    ['a mean without window', without(/ window: 24h,/, MEAN), at('window'), /30m, 6h or 14d/, 'nothing'],
    ['a count without cap', without(/ cap: 12,/, COUNT), at('cap'), /sluice backtest/, 'nothing'],
    ['a binary KPI without window', without(/, window: 1h/, BINARY), at('window'), /30m, 6h or 14d/, 'nothing'],
    ['a latency without threshold', without(/, above: 800/, LATENCY), at('above'), /milliseconds such as 800/, 'nothing'],
    ['a threshold in words', without(/, above: 800/, `${LATENCY}`).concat(', above: 800ms'), at('above'), /from 1 to 25000/, '"800ms"'],
    ['a threshold of nothing', without(/, above: 800/, LATENCY).concat(', above: 0'), at('above'), /from 1 to 25000/, '0'],
    ['a threshold past any answer', without(/, above: 800/, LATENCY).concat(', above: 25001'), at('above'), /25000/, '25001'],
    ['slow answers as success', LATENCY.replace('lower', 'higher'), at('better'), /^lower: fewer slow answers/, '"higher"'],
    ['a latency with a cap', `${LATENCY}, cap: 5`, at('cap'), /^no cap where type is latency: only mean and count have one/, '5'],
    [
      'a latency with an attribution',
      `${LATENCY}, attribution: decision`,
      at('attribution'),
      /no attribution where type is latency/,
      '"decision"',
    ],
    ['a latency with unobserved', `${LATENCY}, unobserved: zero`, at('unobserved'), /only mean and count/, '"zero"'],
    [
      'a latency with a target in ms',
      `${LATENCY}, target: { value: 800, by: 2027-03-31 }`,
      at('target.value'),
      /above 0 and below 1/,
      '800',
    ],
    ['a binary KPI with a cap', `${BINARY}, cap: 1`, at('cap'), /no cap where type is binary/, '1'],
    [
      'a binary KPI with typical',
      `${BINARY}, typical: { mean: 1, deviation: 1 }`,
      at('typical'),
      /no typical where type is binary/,
      '{"mean":1,"deviation":1}',
    ],
    ['a binary KPI with unobserved', `${BINARY}, unobserved: zero`, at('unobserved'), /no unobserved where type is binary/, '"zero"'],
    ['a binary KPI with a threshold', `${BINARY}, above: 5`, at('above'), /no above where type is binary: only latency/, '5'],
    ['a mean with a threshold', `${MEAN}, above: 5`, at('above'), /no above where type is mean/, '5'],
    ['a cap of nothing', MEAN.replace('3600', '0'), at('cap'), /a number above 0/, '0'],
    ['an endless cap', MEAN.replace('3600', '.inf'), at('cap'), /a number above 0/, 'Infinity'],
    ['a broken cap of a count', COUNT.replace('12', '12.5'), at('cap'), /whole number/, '12.5'],
    ['a mean above its cap', MEAN.replace('312.5', '3600'), at('typical.mean'), /less than the cap \(3600\)/, '3600'],
    ['a negative mean', MEAN.replace('312.5', '-1'), at('typical.mean'), /above 0/, '-1'],
    ['a deviation of nothing', MEAN.replace('540', '0'), at('typical.deviation'), /above 0/, '0'],
    ['a deviation that the cap cannot hold', MEAN.replace('540', '1100'), at('typical.deviation'), /at most 1014.*backtest/, '1100'],
    ['a deviation too small to bet on', MEAN.replace('540', '5'), at('typical.deviation'), /at least 7\.071/, '5'],
    ['half of typical', MEAN.replace(', deviation: 540', ''), at('typical.deviation'), /above 0/, 'nothing'],
    ['a misspelt deviation', MEAN.replace('deviation', 'deviaton'), at('typical.deviaton'), /mean, deviation/, '"deviaton"'],
    [
      'a target above the cap',
      `${MEAN}, target: { value: 3601, by: 2027-03-31 }`,
      at('target.value'),
      /from 0 to the cap \(3600\)/,
      '3601',
    ],
    ['a negative target', `${MEAN}, target: { value: -1, by: 2027-03-31 }`, at('target.value'), /from 0/, '-1'],
    ['unobserved in other words', `${MEAN}, unobserved: nil`, at('unobserved'), /one of zero, left-out/, '"nil"'],
    ['an attribution in other words', `${MEAN}, attribution: user`, at('attribution'), /one of decision, variant/, '"user"'],
    [
      'zeros of units that nobody knows',
      `${COUNT}, attribution: variant, unobserved: zero`,
      at('unobserved'),
      /send an event with value 0/,
      '"zero"',
    ],
    ['a guard that must improve', `${MEAN}, mustImprove: true`, at('mustImprove'), /only where role is goal/, 'true'],
    ['an improvement in words', `${COUNT}, mustImprove: often`, at('mustImprove'), /true or false/, '"often"'],
  ])('%s', (_, keys, path, allowed, given) => {
    const problems: Problem[] = refused(withKpi(keys));
    const problem = problems.find((one) => one.path === path);
    expect(problems.map((one) => one.path)).toContain(path);
    expect(problem!.allowed).toMatch(allowed);
    expect(problem!.given).toBe(given);
    expect(problems.filter((one) => one !== problem).map((one) => one.path)).toEqual([]);
  });

  test('everything that is missing is said at once', () => {
    const bare = 'type: mean, better: lower, role: guard';
    expect(refused(withKpi(bare)).map(({ path }) => path)).toEqual([at('window'), at('cap'), at('typical')]);
  });

  test('a guard may say that it need not improve', () => {
    expect(kpiPolicies(accepted(withKpi(`${MEAN}, mustImprove: false`)))[1]).not.toHaveProperty('mustImprove');
  });
});

describe('early promotion', () => {
  test('is off unless asked for, and pinned in the release', () => {
    expect(toReleaseSpec(accepted(SAMPLE), { behaviourFiles: {} }).rollout.promoteEarly).toBe(false);
    const early = changed('strategy: canary', 'promoteEarly: true\n  strategy: canary');
    expect(toReleaseSpec(accepted(early), { behaviourFiles: {} }).rollout.promoteEarly).toBe(true);
  });

  test('belongs to a canary', () => {
    const atOnce = changed(/ {2}strategy: canary[^\n]*\n[^\n]*\n/, '  strategy: all-at-once\n  promoteEarly: true\n');
    expect(refused(atOnce)).toMatchObject([
      { path: 'rollout.promoteEarly', given: 'true', allowed: 'false where the strategy is all-at-once' },
    ]);
  });

  test('is true or false', () => {
    const early = changed('strategy: canary', 'promoteEarly: soon\n  strategy: canary');
    expect(refused(early)).toMatchObject([{ path: 'rollout.promoteEarly', given: '"soon"', allowed: 'true or false' }]);
  });
});

describe('kill criteria by KPI', () => {
  test('need a holdout', () => {
    const [problem, ...others] = refused(changed('holdout: 0.02', 'holdout: 0'));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ path: 'rollout.holdout', given: '0', message: 'leaves nothing to measure charter.killCriteria by' });
    expect(problem!.allowed).toMatch(/more than 0, such as 0\.02/);
  });

  test('need none where they are about cost', () => {
    const byCost = changed(/ {4}- \{ kpi: missed-spam.*\n/, '', changed('holdout: 0.02', 'holdout: 0'));
    expect(accepted(byCost).rollout.holdout).toBe(0);
  });

  test('are not about latency', () => {
    const slow = changed('kpi: missed-spam', 'kpi: other', withKpi(LATENCY));
    expect(refused(slow)).toMatchObject([{ path: 'charter.killCriteria[0].kpi', given: '"other"', message: 'names a latency' }]);
  });

  test('need outcomes of the baseline', () => {
    const byVariant = changed('kpi: missed-spam', 'kpi: other', withKpi(`${BINARY}, attribution: variant`));
    expect(refused(byVariant)).toMatchObject([
      { path: 'charter.killCriteria[0].kpi', message: 'names a KPI that the baseline does not have' },
    ]);
  });

  test.each([
    ['before an outcome counts', '6h', 'longer than the window of missed-spam (360m): before that no outcome counts'],
    ['when the counters are gone', '366d', 'at most 365d, as charter.data.retention says: what was counted is not kept for longer'],
  ])('do not end %s', (_, after, allowed) => {
    const problems = refused(changed(THIRTY_DAYS, `noBetterThanBaselineAfter: ${after}`));
    expect(problems).toMatchObject([{ path: 'charter.killCriteria[0].noBetterThanBaselineAfter', given: `"${after}"`, allowed }]);
  });

  test.each(['7h', '365d'])('may end after %s', (after) => {
    expect(() => accepted(changed(THIRTY_DAYS, `noBetterThanBaselineAfter: ${after}`))).not.toThrow();
  });
});
