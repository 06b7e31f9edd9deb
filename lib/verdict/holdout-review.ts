import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Ledger } from '../ledger/ledger';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import { createHandler } from '../shared/handler-function';
import { createSchedule } from '../shared/handler-schedule';
import { sluiceMetric } from '../shared/metrics';
import { checkUseCaseName } from '../shared/names';
import type { KillCriterion } from '../use-case/ai-use-case-props';

/** What a holdout review looks at, and whom it tells. */
export interface HoldoutReviewProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where counters are read, and reviews are kept. */
  readonly ledger: Ledger;

  /**
   * The kill criteria of the charter.
   *
   * @default - none: nobody is told anything, but lift and money are measured all the same
   */
  readonly criteria?: KillCriterion[];

  /** Where a criterion that is met is told: the owners' topic. */
  readonly notifications: OwnerNotifications;

  /**
   * How many items share the counting of one minute; the same as the intake's.
   *
   * @default 4
   */
  readonly counterShards?: number;

  /**
   * How long reviews are kept in the ledger, in days.
   *
   * @default 365
   */
  readonly retentionDays?: number;

  /**
   * Key that encrypts the handler's environment.
   *
   * @default - a key managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}

/** At night in Europe and early in the evening in America: yesterday is whole. */
const DAILY = 'cron(10 2 * * ? *)';
const PERIOD = Duration.days(1);

/**
 * Compares the stable release with the units that stay with the baseline for good, once a day: the trend of every KPI, the lift with an
 * interval that holds at every look, money per month, and the kill criteria of the charter. It tells; it never kills.
 *
 * @example
 * declare const ledger: Ledger;
 * declare const notifications: OwnerNotifications;
 * new HoldoutReview(this, 'Holdout', {
 *   useCaseName: 'support-triage',
 *   ledger,
 *   notifications,
 *   criteria: [{ kpi: 'missed-spam', noBetterThanBaselineAfterDays: 30 }],
 * });
 */
export class HoldoutReview extends Construct {
  /** The handler that reviews. */
  readonly handler: lambda.IFunction;

  private readonly function: lambda.Function;
  private readonly useCaseName: string;

  /**
   * @param scope where the review belongs
   * @param id unique within the scope
   * @param props what it looks at, and whom it tells
   * @throws when the name or a criterion is not allowed
   */
  constructor(scope: Construct, id: string, props: HoldoutReviewProps) {
    super(scope, id);
    this.useCaseName = checkUseCaseName(props.useCaseName);
    const criteria = (props.criteria ?? []).map(written);
    this.function = createHandler(this, 'Handler', {
      handler: 'holdout',
      description: 'compares the stable release with the permanent holdout, daily',
      useCaseName: this.useCaseName,
      ledgerTableName: props.ledger.table.tableName,
      timeoutSeconds: 900,
      memoryMiB: 1024,
      encryptionKey: props.encryptionKey,
      environment: {
        COUNTER_SHARDS: String(props.counterShards ?? 4),
        RETENTION_DAYS: String(props.retentionDays ?? 365),
        KILL_CRITERIA: JSON.stringify(criteria),
        ...props.notifications._environment(),
      },
    });
    this.handler = this.function;
    props.ledger.grant(this.function, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
    if (criteria.some((criterion) => 'kpi' in criterion)) this.allowTelling(props);
    createSchedule(this, {
      handler: this.function,
      description: `${this.useCaseName}: the review of the holdout, daily`,
      expression: DAILY,
      retries: 3,
      maxAgeSeconds: 6 * 3600,
    });
  }

  /**
   * The stable release's rate or mean over the baseline's: 1 is no difference.
   *
   * @param kpi name of the KPI
   * @param options period, label, colour
   */
  metricKpiLift(kpi: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.ofKpi('KpiLift', kpi, options);
  }

  /**
   * The lower end of the lift's interval, which holds at every look.
   *
   * @param kpi name of the KPI
   * @param options period, label, colour
   */
  metricKpiLiftLower(kpi: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.ofKpi('KpiLiftLower', kpi, options);
  }

  /**
   * The upper end of the lift's interval, which holds at every look.
   *
   * @param kpi name of the KPI
   * @param options period, label, colour
   */
  metricKpiLiftUpper(kpi: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.ofKpi('KpiLiftUpper', kpi, options);
  }

  /**
   * What the stable release earns (above 0) or costs (below) in a month beside the baseline, in the KPI's currency.
   *
   * @param kpi name of the KPI
   * @param options period, label, colour
   */
  metricMoneyPerMonth(kpi: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.ofKpi('MoneyPerMonth', kpi, options);
  }

  /**
   * The KPI's rate or mean on the last day that is whole, by arm.
   *
   * @param kpi name of the KPI
   * @param arm `baseline`, `stable` or `candidate`
   * @param options period, label, colour
   */
  metricKpiDaily(kpi: string, arm: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('KpiDaily', { UseCase: this.useCaseName, Kpi: kpi, Arm: arm }, 'Average', { period: PERIOD, ...options });
  }

  /**
   * 1 while a kill criterion of the KPI is met, else 0; no data where it could not be compared.
   *
   * @param kpi name of the KPI
   * @param options period, label, colour
   */
  metricKillCriterionMet(kpi: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('KillCriterionMet', { UseCase: this.useCaseName, Kpi: kpi }, 'Maximum', { period: PERIOD, ...options });
  }

  /**
   * Errors of the handler: a review that was not made.
   *
   * @param options period, label, colour
   */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.function.metricErrors(options);
  }

  private ofKpi(name: string, kpi: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric(name, { UseCase: this.useCaseName, Kpi: kpi }, 'Average', { period: PERIOD, ...options });
  }

  private allowTelling({ ledger, notifications }: HoldoutReviewProps): void {
    ledger.grant(this.function, 'dynamodb:UpdateItem');
    notifications._allow(this.function);
  }
}

const minutes = (days: number): number => Math.round(days * 1440);

/** As the handler reads it. */
function written(criterion: KillCriterion): Record<string, unknown> {
  const { kpi, noBetterThanBaselineAfterDays: afterDays, costPerDecisionAbove, forDays } = criterion;
  const byKpi = kpi !== undefined && afterDays !== undefined;
  const byCost = costPerDecisionAbove !== undefined && forDays !== undefined;
  if (byKpi === byCost) {
    throw new Error(
      `The kill criterion ${JSON.stringify(criterion)} is neither kpi with noBetterThanBaselineAfterDays nor costPerDecisionAbove with forDays.`,
    );
  }
  return byKpi
    ? { kpi, noBetterThanBaselineAfterMinutes: minutes(afterDays) }
    : { costPerDecisionAbove, forMinutes: minutes(forDays ?? 0) };
}
