import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Ledger } from '../ledger/ledger';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';
import { createHandler } from '../shared/handler-function';
import { sluiceMetric } from '../shared/metrics';
import { checkUseCaseName, resourcePrefixOf } from '../shared/names';

/** What a rollback controller watches, and whom it obeys. */
export interface RollbackControllerProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where the control record is written. */
  readonly ledger: Ledger;

  /** Role of the charter → ARNs of the IAM principals that may roll back, kill and revive. */
  readonly owners: Record<string, string[]>;

  /** Where rollbacks are announced. */
  readonly notifications: OwnerNotifications;

  /**
   * Key that encrypts the handler's environment.
   *
   * @default - a key managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Takes a candidate out of traffic with one conditional write: on a technical alarm, when the workflow fails, or when an owner says so.
 * Holds the kill switch too.
 *
 * @example
 * declare const ledger: Ledger;
 * declare const notifications: OwnerNotifications;
 * const rollback = new RollbackController(this, 'Rollback', {
 *   useCaseName: 'support-triage',
 *   ledger,
 *   notifications,
 *   owners: { platform: ['arn:aws:iam::111122223333:role/PlatformOnCall'] },
 * });
 */
export class RollbackController extends Construct {
  /** The handler that writes the control record. */
  readonly handler: lambda.IFunction;

  /** Where owners POST to `/rollback`, `/kill`, `/revive`, `/waive`, `/park`, `/wake`, `/acknowledge` and `/resolve`. */
  readonly url: string;

  /** Alarms whose name begins with this roll back the candidate as soon as they go into ALARM. */
  readonly alarmNamePrefix: string;

  private readonly useCaseName: string;
  private readonly function: lambda.Function;
  private readonly functionUrl: lambda.FunctionUrl;

  /**
   * @param scope where the controller belongs
   * @param id unique within the scope
   * @param props what it watches, and whom it obeys
   * @throws when the name is not allowed
   */
  constructor(scope: Construct, id: string, props: RollbackControllerProps) {
    super(scope, id);
    const useCaseName = checkUseCaseName(props.useCaseName);
    this.alarmNamePrefix = `${resourcePrefixOf(this, useCaseName)}-rollback-`;
    this.function = createHandler(this, 'Handler', {
      handler: 'rollback',
      description: 'takes a candidate out of traffic; the kill switch',
      useCaseName,
      ledgerTableName: props.ledger.table.tableName,
      encryptionKey: props.encryptionKey,
      environment: {
        OWNERS: JSON.stringify(props.owners),
        ...props.notifications._environment(),
      },
    });
    props.ledger.grant(
      this.function,
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
      'dynamodb:UpdateItem',
    );
    props.notifications._allow(this.function);
    this.handler = this.function;
    this.functionUrl = this.function.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
    this.url = this.functionUrl.url;
    this.useCaseName = useCaseName;
    this.createAlarmRule(useCaseName);
    this.allowAlarmActions();
  }

  /**
   * Allows calling the URL. Whoever calls must also be one of the owners to be obeyed.
   *
   * @param grantee an owner's principal
   */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.functionUrl.grantInvokeUrl(grantee);
  }

  /**
   * Allows a guard of your own to invoke the handler with `{ "source": "cost-guard", "reason": "…" }` (any source that ends with `-guard`):
   * whichever release is in progress is rolled back. With `"kill": true` the kill switch goes on.
   *
   * @param guard such as the role of a function that watches costs
   */
  grantGuard(guard: iam.IGrantable): iam.Grant {
    return this.function.grantInvoke(guard);
  }

  /**
   * How often SageMaker was asked to undo a blue/green deployment: what its rollback alarm watches.
   *
   * @param options period, label, colour
   */
  metricRollbackAsked(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('RollbackAsked', { UseCase: this.useCaseName }, 'Sum', options);
  }

  /**
   * Errors of the handler: a rollback that could not be written.
   *
   * @param options period, label, colour
   */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.function.metricErrors(options);
  }

  /** @internal Owners may switch the endpoint off and on: somebody looks after its capacity. */
  _useCapacity(): void {
    this.function.addEnvironment('CAPACITY', 'true');
  }

  /** @internal The teardown workflow is made after this controller, since it must not depend on it. */
  _useTeardown(teardown: sfn.IStateMachine): void {
    this.function.addEnvironment('TEARDOWN_STATE_MACHINE_ARN', teardown.stateMachineArn);
    this.function.addToRolePolicy(
      new iam.PolicyStatement({ actions: ['states:StartExecution', 'states:ListExecutions'], resources: [teardown.stateMachineArn] }),
    );
  }

  /**
   * @internal Answers the workflow's tokens, and cleans up after executions that are lost.
   * Kept apart from the role's own policy, on which the handler depends: the workflow depends on the handler.
   */
  _lookAfter(workflow: sfn.IStateMachine): void {
    const { role } = this.function;
    if (role === undefined) return;
    new iam.Policy(this, 'TaskTokens', {
      roles: [role],
      statements: [
        new iam.PolicyStatement({ actions: ['states:SendTaskSuccess', 'states:StartExecution'], resources: [workflow.stateMachineArn] }),
      ],
    });
    new events.Rule(this, 'LostExecutionRule', {
      description: 'releases whose workflow was aborted, failed or timed out are rolled back and cleaned up',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [workflow.stateMachineArn], status: ['ABORTED', 'FAILED', 'TIMED_OUT'] },
      },
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 3 })],
    });
  }

  private createAlarmRule(useCaseName: string): void {
    new events.Rule(this, 'AlarmRule', {
      description: `${useCaseName}: technical alarms roll back`,
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        detail: { alarmName: [{ prefix: this.alarmNamePrefix }], state: { value: ['ALARM'] } },
      },
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 3 })],
    });
  }

  /**
   * One permission for all alarms of the use case, which name the handler as their action. The handler reads the alarm and its metrics
   * again where they may go back to the candidate before.
   */
  private allowAlarmActions(): void {
    const stack = Stack.of(this);
    const alarms = stack.formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: `${this.alarmNamePrefix}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.function.addPermission('Alarms', {
      principal: new iam.ServicePrincipal('lambda.alarms.cloudwatch.amazonaws.com'),
      sourceAccount: stack.account,
      sourceArn: alarms,
    });
    this.function.addToRolePolicy(new iam.PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: [alarms] }));
    this.function.addToRolePolicy(new iam.PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
    const role = this.function.role ?? this.function;
    acknowledge(role, 'Reading metrics has no resource to name.', 'AwsSolutions-IAM5[Resource::*]');
    acknowledgeResources(role, 'Alarms of this use case only, your own among them.', alarms);
  }
}
