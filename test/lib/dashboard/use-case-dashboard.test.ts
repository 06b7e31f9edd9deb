import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AiUseCase, type AiUseCaseProps, Baseline, KpiDirection, KpiRole, KpiType, KpiUnit, ModelSource, RiskClass } from '../../../lib';
import { testStack } from '../../support/stacks';
import { sharedUseCase } from '../../support/use-case-template';

const { stack, template, useCase } = sharedUseCase();
const textOf = (of: Stack, from: Template): string => {
  const [dashboard] = Object.values(from.findResources('AWS::CloudWatch::Dashboard'));
  return JSON.stringify(of.resolve(dashboard?.['Properties']));
};
const text = textOf(stack, template);

describe('UseCaseDashboard', () => {
  test.each([
    ['every KPI against its target', 'target by 2027-03-31'],
    ['the KPI without target too', 'wrongly-blocked'],
    ['the share of the candidate', 'CandidateShare'],
    ['evidence against its threshold', 'Log10Threshold'],
    ['evidence of the error rate too', 'error-rate'],
    ['evidence for promotion', 'Log10PromotionEvidence'],
    ['what it is held against', 'Log10PromotionThreshold'],
    ['model errors per variant', 'InvocationModelErrors'],
    ['the hypothesis', 'Spam that reaches an agent'],
    ['the lift over the baseline', 'KpiLift'],
    ['how low it may be', 'KpiLiftLower'],
    ['how high it may be', 'KpiLiftUpper'],
    ['alarms', 'CandidateFailures'],
    ['releases', 'ExecutionsSucceeded'],
    ['incidents', 'IncidentsOpened'],
    ['how long they lasted', 'TimeToRecoverSeconds'],
  ])('shows %s', (_what, expected) => {
    expect(text).toContain(expected);
  });

  test('shows the latency of both variants in milliseconds: SageMaker says microseconds', () => {
    expect(text).toContain('micros_a / 1000');
    expect(text).toContain('micros_b / 1000');
    expect(text).toContain(`${useCase.release.resourcePrefix}-endpoint`);
  });

  test('says nothing of money and of kill criteria where the charter has none', () => {
    expect(text).not.toContain('MoneyPerMonth');
    expect(text).not.toContain('KillCriterionMet');
  });
});

describe('with money, means and kill criteria', () => {
  const kpi = { better: KpiDirection.LOWER, unit: KpiUnit.CASE, role: KpiRole.GUARD, windowMinutes: 60 };
  const props: AiUseCaseProps = {
    name: 'support-triage',
    purpose: {
      problem: 'Agents lose time to spam.',
      users: 'support agents',
      hypothesis: 'Spam falls.',
      reviewBy: '2027-03-31',
      risk: RiskClass.LIMITED,
      data: { sources: ['mailbox'], personal: false },
      killCriteria: [
        { kpi: 'missed-spam', noBetterThanBaselineAfterDays: 30 },
        { costPerDecisionAbove: 0.02, forDays: 7 },
      ],
    },
    owners: { process: { principals: ['arn:aws:iam::111122223333:role/SupportLead'] } },
    kpis: [
      { ...kpi, name: 'missed-spam', role: KpiRole.GOAL, money: { perUnit: -2.5, currency: 'USD' } },
      { ...kpi, name: 'handling-time', type: KpiType.MEAN, cap: 3600, typical: { mean: 400, standardDeviation: 500 } },
      { ...kpi, name: 'contacts', type: KpiType.COUNT, cap: 20, typical: { mean: 2, standardDeviation: 2 } },
      { ...kpi, name: 'slow', type: KpiType.LATENCY, aboveMillis: 800 },
    ],
    baseline: Baseline.fixedAnswer({ label: 'ham' }),
    model: ModelSource.modelPackage('arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage/7'),
    serving: { instanceType: 'ml.g5.xlarge' },
  };
  const own = testStack();
  new AiUseCase(own, 'SupportTriage', props);
  const ownTemplate = Template.fromStack(own);
  const shown = textOf(own, ownTemplate);

  test.each([
    ['money in its currency', 'missed-spam (USD)'],
    ['whether a criterion is met', 'KillCriterionMet'],
    ['what the criterion is', 'missed-spam is not proven better than the baseline 30 days after going live'],
    ['what is not evaluated', 'a decision costs more than 0.02 for 7 days'],
    ['sums of values', 'KpiValue'],
  ])('shows %s', (_what, expected) => {
    expect(shown).toContain(expected);
  });

  test.each([
    ['handling-time', 'KpiValue', 'KpiEvents'],
    ['contacts', 'KpiValue', 'UnitsExposed'],
    ['slow', 'KpiOutcomes', 'KpiEvents'],
    ['missed-spam', 'KpiOutcomes', 'UnitsExposed'],
  ])('%s is %s over %s', (name, numerator, denominator) => {
    const [dashboard] = Object.values(ownTemplate.findResources('AWS::CloudWatch::Dashboard'));
    const body = bodyOf(dashboard?.['Properties']);
    const widget = body.widgets.find(({ properties }) => properties.title === `${name} (lower is better)`);
    const used = JSON.stringify(widget?.properties.metrics);
    expect(used).toContain(`"${numerator}"`);
    expect(used).toContain(`"${denominator}"`);
    expect(used).not.toContain(numerator === 'KpiValue' ? '"KpiOutcomes"' : '"KpiValue"');
  });

  test('no widget lies on another, and none beyond the page', () => {
    const [dashboard] = Object.values(ownTemplate.findResources('AWS::CloudWatch::Dashboard'));
    const taken = new Set<string>();
    for (const { x, y, width, height } of bodyOf(dashboard?.['Properties']).widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column += 1) {
        for (let row = y; row < y + height; row += 1) {
          expect(taken).not.toContain(`${column},${row}`);
          taken.add(`${column},${row}`);
        }
      }
    }
  });
});

interface Body {
  widgets: { x: number; y: number; width: number; height: number; properties: { title?: string; metrics?: unknown } }[];
}

/** The body with its references written as names. */
function bodyOf(properties: unknown): Body {
  const { DashboardBody } = properties as { DashboardBody: { 'Fn::Join': [string, unknown[]] } | string };
  const parts = typeof DashboardBody === 'string' ? [DashboardBody] : DashboardBody['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'reference')).join('')) as Body;
}
