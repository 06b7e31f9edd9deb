import type { PolicyDocument } from '../../cloud/types';
import type { MessageFilter } from './filter-policy';

export type Protocol = 'email' | 'email-json' | 'http' | 'https' | 'lambda' | 'sms' | 'sqs';

export interface Subscription {
  readonly arn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly raw: boolean;
  /** Missing: gets every message. */
  readonly accepts?: MessageFilter;
  /** Queue of what could not be delivered. */
  readonly deadLetterArn?: string;
}

export interface Topic {
  readonly name: string;
  readonly arn: string;
  displayName: string;
  /** Of a FIFO topic. */
  readonly fifo?: { deduplicatesByContent: boolean };
  policy: PolicyDocument | undefined;
  readonly subscriptions: Subscription[];
}

/** What AWS lets in until a TopicPolicy takes its place: the account's own alarms. */
export const defaultPolicy = (arn: string): PolicyDocument => ({
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: arn,
  },
});
