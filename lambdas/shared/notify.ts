import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Notification, Notifier } from '../../core/contracts';
import { CLIENT, lean } from './client';
import { discreet } from '../../core/notification/discreet';
import { required } from './env';

const MAX_SUBJECT_CHARACTERS = 99;
const SOURCE = 'sluice';

/** Tells the owners over the topic, and every tool that listens over the event bus: without secrets and personal data, whatever was said. */
export function notifierFromEnvironment(): Notifier {
  const sns = lean(new SNSClient(CLIENT));
  const events = lean(new EventBridgeClient(CLIENT));
  const useCase = required('USE_CASE');
  const topicArn = required('NOTIFICATION_TOPIC_ARN');
  const eventBus = required('EVENT_BUS_NAME');
  const runbooks = required('RUNBOOKS_URL');
  return async (said) => {
    const notification = discreet(said);
    const sent = await Promise.allSettled([
      publish(sns, topicArn, useCase, runbooks, notification),
      announce(events, eventBus, useCase, runbooks, notification),
    ]);
    const failed = sent.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  };
}

async function publish(sns: SNSClient, TopicArn: string, useCase: string, runbooks: string, notification: Notification): Promise<void> {
  const { severity, roles, subject, runbook, releaseId, facts } = notification;
  const line = `${useCase}: ${subject}`;
  const Message = [
    line,
    '',
    JSON.stringify({ useCase, severity, ...(releaseId === undefined ? {} : { releaseId }), ...facts }, undefined, 2),
    '',
    `What to do: ${runbooks}/${runbook}.md`,
  ].join('\n');
  await sns.send(
    new PublishCommand({
      TopicArn,
      Subject: line.replace(/[^\x20-\x7e]/g, ' ').slice(0, MAX_SUBJECT_CHARACTERS),
      Message,
      MessageAttributes: {
        severity: { DataType: 'String', StringValue: severity },
        roles: { DataType: 'String.Array', StringValue: JSON.stringify(roles.length === 0 ? ['all'] : roles) },
      },
    }),
  );
}

async function announce(
  events: EventBridgeClient,
  EventBusName: string,
  useCase: string,
  runbooks: string,
  notification: Notification,
): Promise<void> {
  const { event, severity, roles, subject, runbook, releaseId, facts } = notification;
  const own = {
    useCase,
    ...(releaseId === undefined ? {} : { releaseId }),
    severity,
    roles,
    subject,
    runbook: `${runbooks}/${runbook}.md`,
  };
  const Detail = JSON.stringify({ ...facts, ...own });
  const entry = { EventBusName, Source: SOURCE, DetailType: event, Detail };
  const { FailedEntryCount = 0, Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  if (FailedEntryCount > 0) {
    throw new Error(`The event bus ${EventBusName} refused ${event}: ${Entries?.[0]?.ErrorCode} ${Entries?.[0]?.ErrorMessage}`);
  }
}
