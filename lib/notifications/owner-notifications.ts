import { Aws } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { checkUseCaseName } from '../shared/names';
import { RUNBOOKS_URL } from '../shared/runbooks-url';
import { type Recipient, recipientsOf } from './recipients';

/** Whom a use case tells, and where. */
export interface OwnerNotificationsProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /**
   * Role of the charter → e-mail addresses that are told what concerns the role, what concerns everybody, and of alarms. The process
   * owner is told everything.
   *
   * @default - nobody by e-mail
   */
  readonly emails?: Record<string, string[]>;

  /**
   * Bus on which everything is announced as well, with source `sluice`.
   *
   * @default - the account's default bus
   */
  readonly eventBus?: events.IEventBus;

  /**
   * Where the runbooks are that notifications link to, without a slash at the end.
   *
   * @default - the guides of this package
   */
  readonly runbooksUrl?: string;

  /**
   * Key that encrypts the topic.
   *
   * @default - not encrypted at rest
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Tells the owners of a use case: a topic for people, an event bus for tools.
 *
 * @example
 * new OwnerNotifications(this, 'Notifications', {
 *   useCaseName: 'support-triage',
 *   emails: { process: ['support-lead@example.com'] },
 * });
 */
export class OwnerNotifications extends Construct {
  /** Where everybody is told: alarms, and pages of the workflow. They carry no roles. */
  readonly topic: sns.ITopic;

  /**
   * Where each role is told what concerns it: the same topic where nobody is told less than another, else one of its own, to which
   * addresses are subscribed with a filter.
   */
  readonly roleTopic: sns.ITopic;

  /** Where tools are told. */
  readonly eventBus: events.IEventBus;

  /** Where the runbooks are, without a slash at the end. */
  readonly runbooksUrl: string;

  /**
   * @param scope where the notifications belong
   * @param id unique within the scope
   * @param props whom to tell, and where
   * @throws when the name is not allowed
   */
  constructor(scope: Construct, id: string, props: OwnerNotificationsProps) {
    super(scope, id);
    const useCaseName = checkUseCaseName(props.useCaseName);
    this.eventBus = props.eventBus ?? events.EventBus.fromEventBusName(this, 'DefaultBus', 'default');
    this.runbooksUrl = props.runbooksUrl ?? RUNBOOKS_URL;
    const { emails = {}, encryptionKey } = props;
    const recipients = recipientsOf(emails);
    const topic = this.createTopic('Topic', `${useCaseName}: releases`, encryptionKey);
    // Alarms carry no attributes, and a message without any passes no filter: everybody is subscribed to them without one.
    for (const { address } of recipients) topic.addSubscription(new EmailSubscription(address));
    this.letAlarmsTell(topic, encryptionKey);
    this.topic = topic;
    const isFiltered = recipients.some(({ roles }) => roles !== undefined);
    this.roleTopic = isFiltered ? this.createRoleTopic(`${useCaseName}: releases, by role`, recipients, encryptionKey) : topic;
  }

  /** @internal Environment of a handler that tells. */
  _environment(): Record<string, string> {
    return { NOTIFICATION_TOPIC_ARN: this.roleTopic.topicArn, EVENT_BUS_NAME: this.eventBus.eventBusName, RUNBOOKS_URL: this.runbooksUrl };
  }

  /** @internal */
  _allow(handler: lambda.IFunction): void {
    this.roleTopic.grantPublish(handler);
    this.eventBus.grantPutEventsTo(handler);
  }

  private createRoleTopic(displayName: string, recipients: Recipient[], encryptionKey: kms.IKey | undefined): sns.Topic {
    const topic = this.createTopic('RoleTopic', displayName, encryptionKey);
    for (const { address, roles } of recipients) {
      const filterPolicy = roles && { roles: sns.SubscriptionFilter.stringFilter({ allowlist: ['all', ...roles] }) };
      topic.addSubscription(new EmailSubscription(address, { filterPolicy }));
    }
    return topic;
  }

  private createTopic(id: string, displayName: string, masterKey: kms.IKey | undefined): sns.Topic {
    return new sns.Topic(this, id, { displayName, enforceSSL: true, masterKey });
  }

  private letAlarmsTell(topic: sns.Topic, encryptionKey: kms.IKey | undefined): void {
    const cloudwatch = new iam.ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    });
    topic.grants.publish(cloudwatch);
    encryptionKey?.grant(cloudwatch, 'kms:Decrypt', 'kms:GenerateDataKey*');
  }
}
