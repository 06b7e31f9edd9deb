import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { allowScaling } from '../endpoint/scaling/scaling-permissions';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';
import { createHandler } from '../shared/handler-function';
import { createSchedule } from '../shared/handler-schedule';
import { sluiceMetric } from '../shared/metrics';
import { checkUseCaseName } from '../shared/names';
import { sagemakerArn } from '../shared/sagemaker-arn';
import type { EndpointCapacityProps } from './endpoint-capacity-props';
import { policyOf } from './policy-of';

/**
 * Looks after the capacity of the endpoint that releases answer on: it scales the stable release's instances, takes nothing away while a
 * release is under way, switches the endpoint off outside of office hours, when nobody asks or when its time is over, and on again. While it is
 * off the baseline answers.
 *
 * @example
 * declare const ledger: Ledger;
 * declare const release: ReleaseWorkflow;
 * declare const notifications: OwnerNotifications;
 * new EndpointCapacity(this, 'Capacity', {
 *   useCaseName: 'support-triage',
 *   ledger,
 *   release,
 *   notifications,
 *   scaling: { target: ScalingTarget.invocationsPerMinute(600) },
 *   officeHours: { from: '08:00', to: '18:00', timeZone: 'Europe/Dublin' },
 *   idle: { after: Duration.hours(2), action: IdleAction.OFF },
 * });
 */
export class EndpointCapacity extends Construct {
  /** The handler that looks every five minutes, whenever the endpoint changes, and when it is invoked. */
  readonly handler: lambda.IFunction;

  private readonly useCaseName: string;
  private readonly function: lambda.Function;

  /**
   * @param scope where it belongs
   * @param id unique within the scope
   * @param props what capacity goes by
   * @throws when the name, hours, or times are not allowed
   */
  constructor(scope: Construct, id: string, props: EndpointCapacityProps) {
    super(scope, id);
    this.useCaseName = checkUseCaseName(props.useCaseName);
    const { release, encryptionKey } = props;
    this.function = createHandler(this, 'Handler', {
      handler: 'capacity',
      description: 'scales the endpoint, switches it off and on again',
      useCaseName: this.useCaseName,
      ledgerTableName: props.ledger.table.tableName,
      timeoutSeconds: 60,
      encryptionKey,
      environment: {
        RESOURCE_PREFIX: release.resourcePrefix,
        TAGS: JSON.stringify(props.runtimeTags ?? {}),
        CAPACITY_POLICY: JSON.stringify(policyOf(props)),
        ...props.notifications._environment(),
      },
    });
    this.handler = this.function;
    props.ledger.grant(
      this.function,
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    );
    props.notifications._allow(this.function);
    this.allow(props);
    this.listen(props);
    // A look that comes late is worthless, the next one is five minutes away.
    createSchedule(this, {
      handler: this.function,
      description: `${this.useCaseName}: capacity, every five minutes`,
      expression: 'rate(5 minutes)',
      retries: 0,
      maxAgeSeconds: 240,
    });
  }

  /**
   * Errors of the handler: nothing is switched on or off, and nothing is scaled anew.
   *
   * @param options period, label, colour
   */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.function.metricErrors(options);
  }

  /**
   * Fewest instances, or copies, that are to run at the time; 0 while the endpoint is off.
   *
   * @param options period, label, colour, statistic
   */
  metricInstancesWanted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('InstancesWanted', { UseCase: this.useCaseName }, 'Maximum', options);
  }

  /**
   * 1 while the endpoint is switched off, else 0.
   *
   * @param options period, label, colour, statistic
   */
  metricParked(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('Parked', { UseCase: this.useCaseName }, 'Maximum', options);
  }

  /**
   * Minutes since the stable release was asked last; only where something follows from idleness.
   *
   * @param options period, label, colour, statistic
   */
  metricIdleMinutes(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('IdleMinutes', { UseCase: this.useCaseName }, 'Maximum', options);
  }

  private allow({ release, existingEndpoint, encryptionKey }: EndpointCapacityProps): void {
    const stack = Stack.of(this);
    const { resourcePrefix, workflow } = release;
    const role = this.function.role;
    if (role === undefined) return;
    const made = sagemakerArn(stack, 'endpoint', `${resourcePrefix}-*`);
    const configs = sagemakerArn(stack, 'endpoint-config', `${resourcePrefix}-*`);
    const adopted = existingEndpoint === undefined ? [] : [existingEndpoint];
    const found = adopted.map((name) => sagemakerArn(stack, 'endpoint', name.toLowerCase()));
    const statements: [string[], string[]][] = [
      [['sagemaker:DescribeEndpoint'], [made, ...found]],
      [['sagemaker:CreateEndpoint'], [made, configs]],
      [['sagemaker:DeleteEndpoint', 'sagemaker:AddTags'], [made]],
      [['cloudwatch:GetMetricData'], ['*']],
      [['states:SendTaskSuccess'], [workflow.stateMachineArn]],
    ];
    for (const [actions, resources] of statements) this.function.addToRolePolicy(new iam.PolicyStatement({ actions, resources }));
    allowScaling(role, {
      endpointNames: [`${resourcePrefix}-*`, ...adopted],
      endpointArns: [made, ...found],
      componentNames: [`${resourcePrefix}-*`],
    });
    // An endpoint whose config names a key is created with a grant on it.
    encryptionKey?.grant(this.function, 'kms:CreateGrant', 'kms:DescribeKey');
    const components = stack.formatArn({
      service: 'sagemaker',
      resource: 'inference-component',
      resourceName: `${resourcePrefix}-*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    acknowledgeResources(role, 'Made at run time by releases, under names of this use case only.', made, configs, components);
    acknowledge(role, 'Reading metrics has no resource to name.', 'AwsSolutions-IAM5[Resource::*]');
  }

  private listen({ release, existingEndpoint, notifications }: EndpointCapacityProps): void {
    const adopted = existingEndpoint === undefined ? [] : [existingEndpoint];
    new events.Rule(this, 'EndpointRule', {
      description: `${this.useCaseName}: the endpoint came into service, or failed to`,
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Endpoint State Change'],
        detail: {
          EndpointName: [{ prefix: `${release.resourcePrefix}-` }, ...adopted],
          EndpointStatus: ['IN_SERVICE', 'FAILED'],
        },
      },
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 3 })],
    });
    new events.Rule(this, 'ByHandRule', {
      description: `${this.useCaseName}: an owner switches the endpoint off, or on again`,
      eventBus: notifications.eventBus,
      eventPattern: {
        source: ['sluice'],
        detailType: ['EndpointParked', 'EndpointWakeAsked'],
        detail: { useCase: [this.useCaseName] },
      },
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 3 })],
    });
  }
}
