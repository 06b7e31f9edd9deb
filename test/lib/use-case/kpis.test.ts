import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { ReleaseSpec } from '../../../core/contracts';
import {
  AiUseCase,
  type AiUseCaseProps,
  Baseline,
  KpiAttribution,
  KpiDirection,
  KpiRole,
  KpiType,
  KpiUnit,
  ModelSource,
  RiskClass,
  RolloutStrategy,
  UnobservedOutcome,
  type UseCaseKpi,
} from '../../../lib';
import { testStack } from '../../support/stacks';

const COMMON = { better: KpiDirection.LOWER, unit: KpiUnit.CASE, role: KpiRole.GUARD };
const TYPICAL = { mean: 312.5, standardDeviation: 540 };
const SLOW: UseCaseKpi = { ...COMMON, name: 'slow-answers', type: KpiType.LATENCY, aboveMillis: 800 };
const HANDLING: UseCaseKpi = {
  ...COMMON,
  name: 'handling-seconds',
  type: KpiType.MEAN,
  windowMinutes: 1440,
  cap: 3600,
  typical: TYPICAL,
  attribution: KpiAttribution.VARIANT,
};
const CONTACTS: UseCaseKpi = {
  ...COMMON,
  name: 'contacts',
  type: KpiType.COUNT,
  role: KpiRole.GOAL,
  windowMinutes: 10_080,
  cap: 12,
  typical: { mean: 1.3, standardDeviation: 1.9 },
  unobserved: UnobservedOutcome.LEFT_OUT,
  mustImprove: true,
};
const SPAM: UseCaseKpi = { ...COMMON, name: 'missed-spam', windowMinutes: 360 };

const propsWith = (kpis: UseCaseKpi[], more: Partial<AiUseCaseProps> = {}): AiUseCaseProps => ({
  name: 'support-triage',
  purpose: {
    problem: 'Agents lose time to spam.',
    users: 'support agents',
    hypothesis: 'Spam that reaches an agent falls from 8 % to 3 %.',
    reviewBy: '2027-03-31',
    risk: RiskClass.LIMITED,
    data: { sources: [], personal: true },
  },
  owners: { process: { principals: ['arn:aws:iam::111122223333:role/SupportLead'] } },
  kpis,
  baseline: Baseline.fixedAnswer({ label: 'ham' }),
  model: ModelSource.modelPackage('arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage/7'),
  serving: { instanceType: 'ml.g5.xlarge' },
  ...more,
});

const templateWith = (kpis: UseCaseKpi[], more: Partial<AiUseCaseProps> = {}): Template => {
  const stack = testStack();
  new AiUseCase(stack, 'X', propsWith(kpis, more));
  return Template.fromStack(stack);
};

const releaseOf = (template: Template): ReleaseSpec => {
  const [desired] = Object.values(template.findResources('Custom::SluiceDesiredRelease'));
  return JSON.parse(desired?.['Properties']['Release'] as string) as ReleaseSpec;
};

const countedBy = (template: Template): unknown => {
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  const variables = functions.map((one) => one['Properties']['Environment']?.['Variables'] as Record<string, string>);
  return JSON.parse(variables.find(({ POWERTOOLS_SERVICE_NAME: name }) => name === 'ingest')?.['KPIS'] ?? '');
};

test('every type of KPI reaches the release as the charter would say it', () => {
  const template = templateWith([SPAM, SLOW, HANDLING, CONTACTS], { rollout: { promoteEarly: true } });
  const { kpis, rollout } = releaseOf(template);
  const common = { better: 'lower', unit: 'case', margin: 0.2, weight: 1, delayDependsOnArm: true };
  expect(kpis).toStrictEqual([
    { ...common, name: 'missed-spam', type: 'binary', role: 'guard', windowMinutes: 360, attribution: 'decision' },
    { ...common, name: 'slow-answers', type: 'latency', role: 'guard', windowMinutes: 1, aboveMillis: 800 },
    {
      ...common,
      name: 'handling-seconds',
      type: 'mean',
      role: 'guard',
      windowMinutes: 1440,
      cap: 3600,
      typical: TYPICAL,
      unobserved: 'left-out',
      attribution: 'variant',
    },
    {
      ...common,
      name: 'contacts',
      type: 'count',
      role: 'goal',
      windowMinutes: 10_080,
      cap: 12,
      typical: { mean: 1.3, standardDeviation: 1.9 },
      unobserved: 'left-out',
      attribution: 'decision',
      mustImprove: true,
    },
  ]);
  expect(rollout.promoteEarly).toBe(true);
});

test('promotion waits for the last step unless told otherwise', () => {
  expect(releaseOf(templateWith([SPAM])).rollout.promoteEarly).toBe(false);
});

test('the handler that counts is told what it needs, and no more: its environment is small', () => {
  expect(countedBy(templateWith([SPAM, SLOW, HANDLING]))).toStrictEqual([
    { name: 'missed-spam', type: 'binary', better: 'lower', windowMinutes: 360 },
    { name: 'slow-answers', type: 'latency', better: 'lower', windowMinutes: 1, aboveMillis: 800 },
    { name: 'handling-seconds', type: 'mean', better: 'lower', windowMinutes: 1440, cap: 3600, typical: TYPICAL, attribution: 'variant' },
  ]);
});

test('as many KPIs as a charter may have fit, with names of everyday length', () => {
  const kpis = Array.from({ length: 20 }, (_, index): UseCaseKpi => ({
    ...HANDLING,
    name: `handling-seconds-of-${index}`,
    attribution: undefined,
  }));
  expect(countedBy(templateWith(kpis))).toHaveLength(20);
});

test('KPIs that do not fit the environment are refused with what to shorten', () => {
  const longName = (index: number): string => `k${index}-${'x'.repeat(40)}`.slice(0, 40);
  const kpis = Array.from({ length: 20 }, (_, index): UseCaseKpi => ({ ...HANDLING, name: longName(index) }));
  expect(() => templateWith(kpis)).toThrow(
    /The 20 KPIs take \d+ bytes .* shorten their names \(the longest is 'k\d+-x+'\), round cap and typical/,
  );
});

test.each<[string, UseCaseKpi, RegExp]>([
  ['a mean without cap', { ...HANDLING, cap: undefined }, /kpis\[0\]\.cap: is missing[\s\S]*sluice backtest/],
  ['a latency without threshold', { ...SLOW, aboveMillis: undefined }, /kpis\[0\]\.above: is missing/],
  ['a binary KPI without window', { ...SPAM, windowMinutes: undefined }, /kpis\[0\]\.window: is missing/],
  ['a guard that must improve', { ...SPAM, mustImprove: true }, /kpis\[0\]\.mustImprove: is not allowed/],
  [
    'a spread beyond the cap',
    { ...CONTACTS, typical: { mean: 1.3, standardDeviation: 9 } },
    /kpis\[0\]\.typical\.deviation: is not allowed/,
  ],
])('%s is refused by the rules of the charter', (_, kpi, message) => {
  expect(() => templateWith([kpi])).toThrow(message);
});

test('an answer slower than the gateway ever waits is no threshold', () => {
  const patient = { ...SLOW, aboveMillis: 5000 };
  expect(() => templateWith([patient])).toThrow(/kpis\[0\]\.above of slow-answers is 5000 ms, but the gateway .* after 5000 ms/);
  expect(releaseOf(templateWith([patient], { invokeTimeoutMillis: 6000 })).kpis[0]!.aboveMillis).toBe(5000);
});

test('kill criteria by KPI need a holdout', () => {
  const { purpose } = propsWith([SPAM]);
  const killCriteria = [{ kpi: 'missed-spam', noBetterThanBaselineAfterDays: 30 }];
  const build = (holdout: number): Template => templateWith([SPAM], { purpose: { ...purpose, killCriteria }, rollout: { holdout } });
  expect(() => build(0)).toThrow(/rollout\.holdout: leaves nothing to measure charter\.killCriteria by/);
  expect(releaseOf(build(0.02)).rollout.holdout).toBe(0.02);
});

test('an improvement that nothing waits for is named at synth', () => {
  const stack = testStack();
  new AiUseCase(stack, 'X', propsWith([CONTACTS], { rollout: { strategy: RolloutStrategy.allAtOnce() } }));
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('^kpis\\[0\\]\\.mustImprove has no effect yet: all-at-once'));
});
