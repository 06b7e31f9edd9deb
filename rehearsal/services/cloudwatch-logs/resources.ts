import { UnsupportedError } from '../../cloud/types';
import type { Members, PolicyDocument, ResourceContext, ResourceType } from '../../cloud/types';
import { checkPolicy } from '../../kernel/iam/policy';
import type { CloudWatchLogs } from './cloudwatch-logs';

const logs = ({ cloud }: ResourceContext): CloudWatchLogs => cloud.double<CloudWatchLogs>('cloudwatch-logs');

const retentionOf = (properties: Members): number | undefined =>
  properties['RetentionInDays'] === undefined ? undefined : Number(properties['RetentionInDays']);

const groupResource: ResourceType = {
  type: 'AWS::Logs::LogGroup',
  create(properties, context) {
    const name = (properties['LogGroupName'] as string | undefined) ?? context.physicalName(512);
    const { arn } = logs(context).createGroup(name, retentionOf(properties));
    return { ref: name, attributes: { Arn: `${arn}:*` } };
  },
  update(properties, previous, created, context) {
    if (properties['LogGroupName'] !== previous['LogGroupName']) {
      throw new UnsupportedError(
        `AWS::Logs::LogGroup ${context.logicalId}: a change of LogGroupName replaces the group, which is not supported. Keep the name.`,
      );
    }
    logs(context).setRetention(created.ref, retentionOf(properties));
    return created;
  },
  remove: (created, _properties, context) => logs(context).deleteGroup(created.ref),
};

/** A stream is made by whoever writes to it; nothing of a log is kept here. */
const streamResource: ResourceType = {
  type: 'AWS::Logs::LogStream',
  create: (properties, context) => ({
    ref: (properties['LogStreamName'] as string | undefined) ?? context.physicalName(512),
    attributes: {},
  }),
  update: (_properties, _previous, created) => created,
  remove: () => undefined,
};

function setPolicy(name: string, { PolicyDocument: text }: Members, context: ResourceContext): void {
  const document = (typeof text === 'string' ? JSON.parse(text) : text) as PolicyDocument;
  checkPolicy(document, `Policy of ${context.constructPath || context.logicalId}`);
  logs(context).setPolicy(name, document);
}

/** Whom log groups of the account let in. */
const policyResource: ResourceType = {
  type: 'AWS::Logs::ResourcePolicy',
  create(properties, context) {
    const name = properties['PolicyName'] as string;
    setPolicy(name, properties, context);
    return { ref: name, attributes: {} };
  },
  update(properties, _previous, created, context) {
    setPolicy(created.ref, properties, context);
    return created;
  },
  remove: (created, _properties, context) => logs(context).deletePolicy(created.ref),
  replacedOnChange: (properties, previous) => properties['PolicyName'] !== previous['PolicyName'],
};

const metricFilterResource: ResourceType = {
  type: 'AWS::Logs::MetricFilter',
  refuse: () => ['a metric filter on logs (print the metric in embedded metric format instead)'],
  create(_properties, { logicalId }) {
    throw new UnsupportedError(
      `AWS::Logs::MetricFilter ${logicalId} is not supported. Print the metric in embedded metric format instead of filtering the log.`,
    );
  },
  remove: () => undefined,
};

export const cloudwatchLogsResources: ResourceType[] = [groupResource, metricFilterResource, policyResource, streamResource];
