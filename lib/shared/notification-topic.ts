/* eslint-disable awscdk/require-passing-this, awscdk/no-variable-construct-id -- these functions construct for the construct that calls them */
import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/** A TLS-only topic to which CloudWatch alarms of this account may publish. */
export function createTopic(scope: Construct, id: string, displayName: string, emails: string[], key?: kms.IKey): sns.Topic {
  const topic = new sns.Topic(scope, id, { displayName, enforceSSL: true, masterKey: key });
  const cloudwatch = new iam.ServicePrincipal('cloudwatch.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
  topic.grants.publish(cloudwatch);
  key?.grant(cloudwatch, 'kms:Decrypt', 'kms:GenerateDataKey*');
  for (const email of new Set(emails)) topic.addSubscription(new EmailSubscription(email));
  return topic;
}
