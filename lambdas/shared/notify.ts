import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

const MAX_SUBJECT_CHARACTERS = 99;

export interface Notifier {
  (subject: string, facts: object): Promise<void>;
}

/** Tells the owners: a line for people as subject, the facts as JSON. */
export function notifierOf(sns: SNSClient, topicArn: string): Notifier {
  return async (subject, facts) => {
    const line = subject.replace(/[^\x20-\x7e]/g, ' ').slice(0, MAX_SUBJECT_CHARACTERS);
    await sns.send(new PublishCommand({ TopicArn: topicArn, Subject: line, Message: JSON.stringify(facts, undefined, 2) }));
  };
}
