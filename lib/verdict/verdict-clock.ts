import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Ledger } from '../ledger/ledger';
import type { ShadowCaptures } from '../release/shadow-captures';
import { createHandler } from '../shared/handler-function';
import { createSchedule } from '../shared/handler-schedule';
import { sluiceMetric } from '../shared/metrics';
import { checkUseCaseName } from '../shared/names';

/** What a verdict clock judges. */
export interface VerdictClockProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where the open step and the counters are read. */
  readonly ledger: Ledger;

  /** The release workflow whose steps wait for a verdict. */
  readonly workflow: sfn.IStateMachine;

  /**
   * Where the answers of a shadow and of stable are captured.
   *
   * @default - the release workflow has no shadow phase
   */
  readonly captures?: ShadowCaptures;

  /**
   * How many items share the counting of one minute; the same as the intake's.
   *
   * @default 4
   */
  readonly counterShards?: number;

  /**
   * How long what each look measured is kept in the ledger, in days.
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

/**
 * Judges the open canary step every minute: a heartbeat while it bakes, then on, up or back. A verdict that stays away is a missed
 * heartbeat, which rolls back.
 *
 * @example
 * declare const ledger: Ledger;
 * declare const workflow: aws_stepfunctions.IStateMachine;
 * const verdict = new VerdictClock(this, 'Verdict', { useCaseName: 'support-triage', ledger, workflow });
 */
export class VerdictClock extends Construct {
  /** The handler that judges. */
  readonly handler: lambda.IFunction;

  private readonly function: lambda.Function;
  private readonly useCaseName: string;

  /**
   * @param scope where the clock belongs
   * @param id unique within the scope
   * @param props what is judged
   * @throws when the name is not allowed
   */
  constructor(scope: Construct, id: string, props: VerdictClockProps) {
    super(scope, id);
    this.useCaseName = checkUseCaseName(props.useCaseName);
    this.function = createHandler(this, 'Handler', {
      handler: 'verdict',
      description: 'judges the open canary step every minute',
      useCaseName: this.useCaseName,
      ledgerTableName: props.ledger.table.tableName,
      timeoutSeconds: 55,
      memoryMiB: 1024,
      encryptionKey: props.encryptionKey,
      environment: { COUNTER_SHARDS: String(props.counterShards ?? 4), RETENTION_DAYS: String(props.retentionDays ?? 365) },
    });
    this.handler = this.function;
    props.ledger.grant(
      this.function,
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    this.function.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['states:SendTaskSuccess', 'states:SendTaskHeartbeat'],
        resources: [props.workflow.stateMachineArn],
      }),
    );
    props.captures?._readBy(this.function);
    // No retries: a verdict that comes late is worthless, the next one is a minute away.
    createSchedule(this, {
      handler: this.function,
      description: `${this.useCaseName}: the verdict, every minute`,
      expression: 'rate(1 minute)',
      retries: 0,
      maxAgeSeconds: 60,
    });
  }

  /**
   * Evidence against "the candidate is no worse", as a power of ten: the candidate is rolled back when it passes the threshold.
   *
   * @param kpi name of the KPI
   * @param options period, label, colour
   */
  metricLog10Evidence(kpi: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('Log10Evidence', { UseCase: this.useCaseName, Kpi: kpi }, 'Maximum', options);
  }

  /**
   * The threshold of the evidence for a rollback, as a power of ten.
   *
   * @param kpi name of the KPI
   * @param options period, label, colour
   */
  metricLog10Threshold(kpi: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('Log10Threshold', { UseCase: this.useCaseName, Kpi: kpi }, 'Maximum', options);
  }

  /**
   * Evidence that the candidate is no worse than its margin allows, as a power of ten: gates promotion.
   *
   * @param kpi name of the KPI
   * @param options period, label, colour
   */
  metricLog10PromotionEvidence(kpi: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('Log10PromotionEvidence', { UseCase: this.useCaseName, Kpi: kpi }, 'Maximum', options);
  }

  /**
   * The threshold of the evidence for a promotion, as a power of ten.
   *
   * @param kpi name of the KPI
   * @param options period, label, colour
   */
  metricLog10PromotionThreshold(kpi: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('Log10PromotionThreshold', { UseCase: this.useCaseName, Kpi: kpi }, 'Maximum', options);
  }

  /**
   * Share of all units that the candidate answers, from 0 to 1.
   *
   * @param options period, label, colour
   */
  metricCandidateShare(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('CandidateShare', { UseCase: this.useCaseName }, 'Maximum', options);
  }

  /**
   * Share of a shadow's compared answers that agree with stable's, from 0 to 1.
   *
   * @param options period, label, colour
   */
  metricShadowAgreement(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('ShadowAgreement', { UseCase: this.useCaseName }, 'Maximum', options);
  }

  /**
   * Answers of a shadow that were compared with stable's so far.
   *
   * @param options period, label, colour
   */
  metricShadowAnswersCompared(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('ShadowAnswersCompared', { UseCase: this.useCaseName }, 'Maximum', options);
  }

  /**
   * How often a verdict was asked for: one a minute, or the schedule is broken.
   *
   * @param options period, label, colour
   */
  metricInvocations(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.function.metricInvocations(options);
  }
}
