/* eslint-disable awscdk/require-passing-this -- this function constructs for the construct that calls it */
import { createHash } from 'node:crypto';
import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as budgets from 'aws-cdk-lib/aws-budgets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { BudgetPolicy } from '../../core/contracts/cost';

/** What AWS Budgets counts in. */
const AWS_CURRENCY = 'USD';

export interface AwsBudgetProps {
  readonly useCaseName: string;
  /** What the name begins with. */
  readonly budgetName: string;
  readonly policy: BudgetPolicy;
  readonly emails: string[];
  readonly encryptionKey?: kms.IKey;
}

export interface AwsBudget {
  readonly budget: budgets.CfnBudget;
  readonly topic: sns.Topic;
}

/** AWS's own count of the bill, hours later but with everything in it; undefined where it counts in another currency. */
export function createAwsBudget(scope: Construct, props: AwsBudgetProps): AwsBudget | undefined {
  const { useCaseName, budgetName, policy, emails, encryptionKey } = props;
  if (policy.currency !== AWS_CURRENCY) return undefined;
  const topic = new sns.Topic(scope, 'BudgetTopic', {
    displayName: `${useCaseName}: AWS Budgets`,
    enforceSSL: true,
    masterKey: encryptionKey,
  });
  const letIn = letBudgetsPublish(topic, encryptionKey);
  const notificationsWithSubscribers = [
    ...policy.actualThresholds.map((share) => ['ACTUAL', share] as const),
    ...policy.forecastThresholds.map((share) => ['FORECASTED', share] as const),
  ].map(([notificationType, share]): budgets.CfnBudget.NotificationWithSubscribersProperty => ({
    notification: { notificationType, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE', threshold: percentOf(share) },
    subscribers: [
      { subscriptionType: 'SNS', address: topic.topicArn },
      ...emails.map((address) => ({ subscriptionType: 'EMAIL', address })),
    ],
  }));
  const budget = new budgets.CfnBudget(scope, 'Budget', {
    budget: {
      // CloudFormation replaces a budget whose notifications change, and makes the new one first: under the same name that fails.
      budgetName: `${budgetName}-${fingerprint(policy, emails)}`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: policy.monthly, unit: AWS_CURRENCY },
      costFilters: { TagKeyValue: [`user:sluice:use-case$${useCaseName}`] },
    },
    notificationsWithSubscribers,
  });
  // AWS Budgets tries the topic as soon as the budget is made.
  budget.node.addDependency(letIn);
  return { budget, topic };
}

function fingerprint({ actualThresholds, forecastThresholds }: BudgetPolicy, emails: string[]): string {
  const told = JSON.stringify([actualThresholds, forecastThresholds, emails]);
  return createHash('sha256').update(told).digest('hex').slice(0, 6);
}

const percentOf = (share: number): number => Math.round(share * 10_000) / 100;

function letBudgetsPublish(topic: sns.Topic, encryptionKey: kms.IKey | undefined): sns.TopicPolicy | sns.Topic {
  const stack = Stack.of(topic);
  const ofThisAccount = stack.formatArn({
    service: 'budgets',
    region: '',
    resource: '*',
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
  const service = new iam.ServicePrincipal('budgets.amazonaws.com');
  const result = topic.addToResourcePolicy(
    new iam.PolicyStatement({
      actions: ['sns:Publish'],
      principals: [service],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account }, ArnLike: { 'aws:SourceArn': ofThisAccount } },
    }),
  );
  encryptionKey?.grant(
    new iam.ServicePrincipal('budgets.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
    'kms:Decrypt',
    'kms:GenerateDataKey*',
  );
  return (result.policyDependable as sns.TopicPolicy | undefined) ?? topic;
}
