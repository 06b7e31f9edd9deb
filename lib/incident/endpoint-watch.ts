import { Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Ledger } from '../ledger/ledger';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import type { ReleaseWorkflow } from '../release/release-workflow';
import type { RollbackController } from '../rollback/rollback-controller';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';
import { createHandler } from '../shared/handler-function';
import { createSchedule } from '../shared/handler-schedule';
import { sluiceMetric } from '../shared/metrics';
import { checkUseCaseName } from '../shared/names';
import { sagemakerArn } from '../shared/sagemaker-arn';

/** What an endpoint watch looks at, and whom it tells. */
export interface EndpointWatchProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where the control record is read, and incidents are kept. */
  readonly ledger: Ledger;

  /** The releases whose endpoint is watched. */
  readonly release: ReleaseWorkflow;

  /** What raised alarms are handed to. */
  readonly rollback: RollbackController;

  /** Who is told of incidents. */
  readonly notifications: OwnerNotifications;

  /**
   * The endpoint, where it was found and not made.
   *
   * @default - the endpoint that releases make
   */
  readonly existingEndpoint?: string;

  /**
   * Key that encrypts the handler's environment.
   *
   * @default - a key managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Looks every five minutes at what nobody else looks at: an endpoint that runs something else than what was released, a rollback window that
 * does not end, a kill switch whose teardown never ran, and alarms that were raised before the candidate came. Each opens an incident or is
 * put right.
 *
 * @example
 * declare const ledger: Ledger;
 * declare const release: ReleaseWorkflow;
 * declare const rollback: RollbackController;
 * declare const notifications: OwnerNotifications;
 * const watch = new EndpointWatch(this, 'Watch', { useCaseName: 'support-triage', ledger, release, rollback, notifications });
 */
export class EndpointWatch extends Construct {
  /** The handler that looks. */
  readonly handler: lambda.IFunction;

  private readonly function: lambda.Function;
  private readonly useCaseName: string;

  /**
   * @param scope where the watch belongs
   * @param id unique within the scope
   * @param props what it looks at, and whom it tells
   * @throws when the name is not allowed
   */
  constructor(scope: Construct, id: string, props: EndpointWatchProps) {
    super(scope, id);
    this.useCaseName = checkUseCaseName(props.useCaseName);
    this.function = createHandler(this, 'Handler', {
      handler: 'watch',
      description: 'looks for drift of the endpoint, and for what was left undone',
      useCaseName: this.useCaseName,
      ledgerTableName: props.ledger.table.tableName,
      encryptionKey: props.encryptionKey,
      environment: {
        TEARDOWN_STATE_MACHINE_ARN: props.release.teardown.stateMachineArn,
        ALARM_PREFIX: props.rollback.alarmNamePrefix,
        ROLLBACK_FUNCTION: props.rollback.handler.functionArn,
        ...props.notifications._environment(),
      },
    });
    this.handler = this.function;
    props.ledger.grant(this.function, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    props.notifications._allow(this.function);
    const { release, rollback, existingEndpoint } = props;
    this.allow(release, rollback, existingEndpoint);
    // A look that comes late is worthless, the next one is five minutes away.
    createSchedule(this, {
      handler: this.function,
      description: `${this.useCaseName}: the watch, every five minutes`,
      expression: 'rate(5 minutes)',
      retries: 0,
      maxAgeSeconds: 240,
    });
  }

  /**
   * Errors of the watch.
   *
   * @param options period, label, colour
   */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.function.metricErrors(options);
  }

  /**
   * Incidents that were opened.
   *
   * @param options period, label, colour
   */
  metricIncidentsOpened(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('IncidentsOpened', { UseCase: this.useCaseName }, 'Sum', options);
  }

  /**
   * From when a trouble began to when its incident was opened; the longest by default.
   *
   * @param options period, label, colour, statistic
   */
  metricTimeToDetectInSeconds(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('TimeToDetectSeconds', { UseCase: this.useCaseName }, 'Maximum', options);
  }

  /**
   * From when a trouble began, or was found, to when traffic was safe again; the longest by default.
   *
   * @param options period, label, colour, statistic
   */
  metricTimeToRecoverInSeconds(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('TimeToRecoverSeconds', { UseCase: this.useCaseName }, 'Maximum', options);
  }

  private allow(release: ReleaseWorkflow, rollback: RollbackController, existingEndpoint: string | undefined): void {
    const stack = Stack.of(this);
    const made = sagemakerArn(stack, 'endpoint', `${release.resourcePrefix}-*`);
    const endpoint = existingEndpoint === undefined ? made : sagemakerArn(stack, 'endpoint', existingEndpoint.toLowerCase());
    const statements: [string[], string[]][] = [
      [['sagemaker:DescribeEndpoint'], [endpoint]],
      [
        ['states:ListExecutions', 'states:StartExecution'],
        [release.teardown.stateMachineArn, release.workflow.stateMachineArn],
      ],
      [['lambda:InvokeFunction'], [rollback.handler.functionArn]],
      [['cloudwatch:DescribeAlarms'], ['*']],
    ];
    for (const [actions, resources] of statements) this.function.addToRolePolicy(new iam.PolicyStatement({ actions, resources }));
    if (existingEndpoint === undefined) {
      const why = 'Where releases have endpoints of their own these are named after releases, which are not known before.';
      acknowledgeResources(this.function.role ?? this.function, why, made);
    }
    acknowledgeResources(this.function.role ?? this.function, 'Made at run time by releases, under names of this use case only.', made);
    acknowledge(
      this.function.role ?? this.function,
      'Alarms are found by the beginning of their names, which only a look at all of them can do.',
      'AwsSolutions-IAM5[Resource::*]',
    );
  }
}
