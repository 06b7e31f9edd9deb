import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { KpiPolicy } from '../observation/kpi-policy';
import type { KillCriterion } from '../use-case/ai-use-case-props';
import type { HoldoutReview } from '../verdict/holdout-review';
import { widthOf } from './kpi-widgets';

const PERIOD = Duration.days(1);
/** Points are a day apart. */
const START = '-P28D';
const LIFT_COLOUR = '#1f77b4';
const BOUND_COLOUR = '#aec7e8';

/** What the use case is worth beside its baseline, day by day. */
export function holdoutWidgets(holdout: HoldoutReview, kpis: KpiPolicy[], criteria: KillCriterion[]): cloudwatch.IWidget[][] {
  return [
    kpis.map((kpi) => liftWidget(holdout, kpi, widthOf(kpis))),
    [...moneyWidgets(holdout, kpis), ...criteriaWidgets(holdout, criteria)],
  ].filter((row) => row.length > 0);
}

function liftWidget(holdout: HoldoutReview, { name, better }: KpiPolicy, width: number): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title: `${name}: stable over baseline (below 1 is ${better === 'lower' ? 'better' : 'worse'})`,
    width,
    start: START,
    period: PERIOD,
    left: [
      holdout.metricKpiLift(name, { label: 'lift', color: LIFT_COLOUR }),
      holdout.metricKpiLiftLower(name, { label: '95 % sure: at least', color: BOUND_COLOUR }),
      holdout.metricKpiLiftUpper(name, { label: '95 % sure: at most', color: BOUND_COLOUR }),
    ],
    leftYAxis: { showUnits: false },
    leftAnnotations: [{ value: 1, label: 'as the baseline', color: '#7f7f7f' }],
  });
}

function moneyWidgets(holdout: HoldoutReview, kpis: KpiPolicy[]): cloudwatch.IWidget[] {
  const priced = kpis.flatMap(({ name, money }) => (money === undefined ? [] : [{ name, currency: money.currency }]));
  if (priced.length === 0) return [];
  return [
    new cloudwatch.GraphWidget({
      title: 'Money per month beside the baseline (above 0: earned)',
      width: 12,
      start: START,
      period: PERIOD,
      left: priced.map(({ name, currency }) => holdout.metricMoneyPerMonth(name, { label: `${name} (${currency})` })),
      leftYAxis: { showUnits: false },
      leftAnnotations: [{ value: 0, color: '#7f7f7f' }],
    }),
  ];
}

function criteriaWidgets(holdout: HoldoutReview, criteria: KillCriterion[]): cloudwatch.IWidget[] {
  if (criteria.length === 0) return [];
  const names = [...new Set(criteria.flatMap(({ kpi }) => (kpi === undefined ? [] : [kpi])))];
  const lines = criteria.map(sentence);
  return [
    new cloudwatch.TextWidget({
      markdown: ['**The use case ends when**', ...lines.map((line) => `- ${line}`)].join('\n'),
      width: 6,
      height: 6,
    }),
    ...(names.length === 0
      ? []
      : [
          new cloudwatch.SingleValueWidget({
            title: 'Kill criteria (1: met)',
            width: 6,
            height: 6,
            metrics: names.map((kpi) => holdout.metricKillCriterionMet(kpi, { label: kpi })),
          }),
        ]),
  ];
}

function sentence({ kpi, noBetterThanBaselineAfterDays, costPerDecisionAbove, forDays }: KillCriterion): string {
  return kpi === undefined
    ? `a decision costs more than ${costPerDecisionAbove} for ${forDays} days`
    : `${kpi} is not proven better than the baseline ${noBetterThanBaselineAfterDays} days after going live`;
}
