import { Stack } from 'aws-cdk-lib';
import type * as budgets from 'aws-cdk-lib/aws-budgets';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { BudgetPolicy } from '../../core/contracts/cost';
import { decidingGoal } from '../../core/cost/unit-cost';
import type { KpiPolicy } from '../../core/contracts/release';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';
import { createHandler } from '../shared/handler-function';
import { createSchedule } from '../shared/handler-schedule';
import { sluiceMetric } from '../shared/metrics';
import { checkUseCaseName, resourcePrefixOf } from '../shared/names';
import { sagemakerArn } from '../shared/sagemaker-arn';
import { createAwsBudget } from './aws-budget';
import { kills, policyOf } from './budget-policy';
import { type CostMeterProps, criteriaOf, priceFileOf } from './cost-meter-props';
import { pricesOf } from './price-file';

/**
 * Counts the instances of a use case's endpoints every five minutes, and whenever an endpoint changes, and prices them: cost by arm, the
 * month so far and its forecast, cost per decision. With a budget it does what the budget says, whoever finds it exceeded first: the meter,
 * or AWS Budgets some hours later.
 *
 * @example
 * declare const ledger: Ledger;
 * declare const notifications: OwnerNotifications;
 * declare const rollback: RollbackController;
 * new CostMeter(this, 'Cost', {
 *   useCaseName: 'support-triage',
 *   ledger,
 *   notifications,
 *   rollback,
 *   budget: { monthly: 1500, onForecastExceeded: CostAction.BLOCK_RELEASES, onExceeded: CostAction.KILL },
 * });
 */
export class CostMeter extends Construct {
  /** The handler that meters, and does what the budget says. */
  readonly handler: lambda.IFunction;

  /** AWS's own budget; only where there is a budget, and it is in USD. */
  readonly awsBudget?: budgets.CfnBudget;

  /** Where AWS Budgets tells; only where there is an AWS budget. */
  readonly budgetTopic?: sns.ITopic;

  /** Currency of all amounts. */
  readonly currency: string;

  /** Amount that the use case may cost in a month; only where there is a budget. */
  readonly monthlyBudget?: number;

  private readonly function: lambda.Function;
  private readonly useCaseName: string;

  /**
   * @param scope where the meter belongs
   * @param id unique within the scope
   * @param props what is metered, and what it may cost
   * @throws when the name, the budget, a criterion or the file of prices is not allowed, or a budget kills and there is nothing to ask for it
   */
  constructor(scope: Construct, id: string, props: CostMeterProps) {
    super(scope, id);
    this.useCaseName = checkUseCaseName(props.useCaseName);
    const { budget, rollback, encryptionKey } = props;
    const policy = budget && policyOf(budget);
    const prices = pricesOf(this, priceFileOf(props));
    this.currency = prices.book.currency;
    if (policy !== undefined) checkFits(policy, this.currency, rollback !== undefined);
    const prefix = resourcePrefixOf(this, this.useCaseName);
    const budgetName = `${prefix}-monthly`;
    const goal = decidingGoal((props.kpis ?? []) as KpiPolicy[]);
    this.function = createHandler(this, 'Handler', {
      handler: 'cost',
      description: 'meters what the use case costs, and does what its budget says',
      useCaseName: this.useCaseName,
      ledgerTableName: props.ledger.table.tableName,
      timeoutSeconds: 60,
      encryptionKey,
      environment: {
        RESOURCE_PREFIX: prefix,
        CRITERIA: JSON.stringify(criteriaOf(props.criteria ?? [])),
        GOALS: JSON.stringify(goal === undefined ? [] : [goal]),
        ...prices.environment,
        ...(policy === undefined ? {} : { BUDGET: JSON.stringify(policy), BUDGET_NAME: budgetName }),
        ...(policy !== undefined && rollback !== undefined && kills(policy) ? { ROLLBACK_FUNCTION: rollback.handler.functionArn } : {}),
        ...(props.release === undefined ? {} : { WAKES_RELEASES: 'true' }),
        ...props.notifications._environment(),
      },
    });
    this.handler = this.function;
    this.allow(props, prefix, policy);
    this.watchEndpoints(prefix, props.existingEndpoint);
    // Each look counts from the one before it: one that does not come is made up for by the next.
    createSchedule(this, {
      handler: this.function,
      description: `${this.useCaseName}: what it costs, every five minutes`,
      expression: 'rate(5 minutes)',
      retries: 0,
      maxAgeSeconds: 240,
    });
    if (policy === undefined) return;
    this.monthlyBudget = policy.monthly;
    const aws = createAwsBudget(this, { useCaseName: this.useCaseName, budgetName, policy, emails: budget?.emails ?? [], encryptionKey });
    aws?.topic.addSubscription(new LambdaSubscription(this.function));
    this.awsBudget = aws?.budget;
    this.budgetTopic = aws?.topic;
  }

  /**
   * What an hour costs at the moment, in the meter's currency: instances that have a price.
   *
   * @param arm `stable`, `candidate` or `warm`
   * @param options period, label, colour
   */
  metricCostPerHour(arm: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('CostPerHour', { UseCase: this.useCaseName, Arm: arm }, 'Average', options);
  }

  /**
   * What was spent in the period, in the meter's currency: instances that have a price.
   *
   * @param arm `stable`, `candidate` or `warm`
   * @param options period, label, colour
   */
  metricCost(arm: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('Cost', { UseCase: this.useCaseName, Arm: arm }, 'Sum', options);
  }

  /**
   * What the calendar month (UTC) has cost so far, in the meter's currency.
   *
   * @param options period, label, colour
   */
  metricMonthToDate(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.ofUseCase('MonthToDate', 'Maximum', options);
  }

  /**
   * What the calendar month will have cost when it is over, in the meter's currency; no data in the first six hours.
   *
   * @param options period, label, colour
   */
  metricMonthForecast(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.ofUseCase('MonthForecast', 'Average', options);
  }

  /**
   * What a decision of the model cost in the last 24 whole hours, in the meter's currency; published once an hour.
   *
   * @param options period, label, colour
   */
  metricCostPerDecision(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.ofUseCase('CostPerDecision', 'Average', options);
  }

  /**
   * What a unit that went well cost in the last 24 whole hours, in the meter's currency; published once an hour where a goal KPI says of a
   * unit whether it went well.
   *
   * @param options period, label, colour
   */
  metricCostPerGoodOutcome(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.ofUseCase('CostPerGoodOutcome', 'Average', options);
  }

  /**
   * Instance hours whose price is not known, in hours: what all other amounts leave out.
   *
   * @param options period, label, colour
   */
  metricUnpricedInstanceHours(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.ofUseCase('UnpricedInstanceHours', 'Sum', options);
  }

  /**
   * Errors of the handler.
   *
   * @param options period, label, colour
   */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.function.metricErrors(options);
  }

  private ofUseCase(name: string, statistic: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric(name, { UseCase: this.useCaseName }, statistic, options);
  }

  private watchEndpoints(prefix: string, existingEndpoint: string | undefined): void {
    new events.Rule(this, 'EndpointRule', {
      description: `${this.useCaseName}: instances are counted when an endpoint changes`,
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Endpoint State Change', 'SageMaker Endpoint Deployment State Change'],
        detail: { EndpointName: [{ prefix }, ...(existingEndpoint === undefined ? [] : [existingEndpoint])] },
      },
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 2 })],
    });
  }

  private allow(
    { ledger, notifications, rollback, release, existingEndpoint }: CostMeterProps,
    prefix: string,
    policy?: BudgetPolicy,
  ): void {
    const stack = Stack.of(this);
    ledger.grant(this.function, 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    notifications._allow(this.function);
    const configs = sagemakerArn(stack, 'endpoint-config', existingEndpoint === undefined ? `${prefix}-*` : '*');
    const endpoints = sagemakerArn(stack, 'endpoint', `${prefix}-*`);
    const found = existingEndpoint === undefined ? [] : [sagemakerArn(stack, 'endpoint', existingEndpoint.toLowerCase())];
    const statements: [string[], string[]][] = [
      [['sagemaker:DescribeEndpoint'], [endpoints, ...found]],
      [['sagemaker:DescribeEndpointConfig'], [configs]],
      [['sagemaker:ListEndpoints'], ['*']],
      [['cloudwatch:GetMetricData'], ['*']],
    ];
    if (policy !== undefined && kills(policy) && rollback !== undefined) {
      statements.push([['lambda:InvokeFunction'], [rollback.handler.functionArn]]);
    }
    // Also without a budget: the one that was taken away may have barred releases.
    if (release !== undefined) {
      ledger.grant(this.function, 'dynamodb:Query');
      statements.push([['states:SendTaskSuccess'], [release.workflow.stateMachineArn]]);
    }
    for (const [actions, resources] of statements) this.function.addToRolePolicy(new iam.PolicyStatement({ actions, resources }));
    const role = this.function.role ?? this.function;
    acknowledge(
      role,
      'Endpoints are found by the beginning of their names, and metrics have no resource to name.',
      'AwsSolutions-IAM5[Resource::*]',
    );
    acknowledgeResources(
      role,
      'Endpoints and configs that releases of this use case make, or that an adopted endpoint came with.',
      endpoints,
      configs,
    );
  }
}

function checkFits({ currency, ...policy }: BudgetPolicy, priceCurrency: string, hasRollback: boolean): void {
  if (currency !== priceCurrency) {
    throw new Error(
      `The budget is in ${currency}, and prices are in ${priceCurrency}: give the budget in ${priceCurrency}, or a file of prices in ${currency} (platform.prices).`,
    );
  }
  if (kills({ currency, ...policy }) && !hasRollback) {
    throw new Error('The budget kills, and there is no rollback controller to ask for the kill switch: give rollback.');
  }
}
