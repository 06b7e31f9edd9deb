import { AwsError, UnsupportedError } from '../../cloud/types';
import type { CreatedResource, Members, PolicyDocument, ResourceContext, ResourceType } from '../../cloud/types';
import { messageFilter } from './filter-policy';
import type { Sns } from './sns';

/** Encryption, tracing and tags change nothing that a handler sees. */
const topicProperties = new Set([
  'TopicName',
  'DisplayName',
  'Subscription',
  'KmsMasterKeyId',
  'SignatureVersion',
  'Tags',
  'TracingConfig',
  'FifoTopic',
  'ContentBasedDeduplication',
  'FifoThroughputScope',
  'DeliveryStatusLogging',
]);
const subscriptionProperties = new Set([
  'TopicArn',
  'Protocol',
  'Endpoint',
  'RawMessageDelivery',
  'Region',
  'FilterPolicy',
  'FilterPolicyScope',
  'RedrivePolicy',
  // Says how web hooks are tried again: no web hook is called.
  'DeliveryPolicy',
]);
const protocols: readonly string[] = ['email', 'email-json', 'http', 'https', 'lambda', 'sms', 'sqs'];

const othersOf = (properties: Members, understood: ReadonlySet<string>): string[] =>
  Object.entries(properties)
    .filter(([name, value]) => !(value === undefined || String(value) === 'false' || understood.has(name)))
    .map(([name]) => name);

function refuseOthers(type: string, properties: Members, understood: ReadonlySet<string>, { logicalId }: ResourceContext): void {
  const [name] = othersOf(properties, understood);
  if (name === undefined) return;
  throw new UnsupportedError(`${type} ${logicalId}: property ${name} is not supported. Allowed are ${[...understood].join(', ')}.`);
}

const sns = ({ cloud }: ResourceContext): Sns => cloud.double<Sns>('sns');

function subscribeInline(properties: Members, arn: string, context: ResourceContext): void {
  for (const entry of (properties['Subscription'] ?? []) as Members[]) {
    sns(context).subscribe(arn, entry['Protocol'] as string, entry['Endpoint'] as string);
  }
}

const topicResource: ResourceType = {
  type: 'AWS::SNS::Topic',
  create(properties, context) {
    refuseOthers('AWS::SNS::Topic', properties, topicProperties, context);
    const isFifo = String(properties['FifoTopic'] ?? false) === 'true';
    const name = (properties['TopicName'] as string | undefined) ?? `${context.physicalName(250)}${isFifo ? '.fifo' : ''}`;
    if (isFifo !== name.endsWith('.fifo'))
      throw new AwsError('InvalidParameterException', 'Invalid parameter: Topic Name (FIFO topics, and they alone, end with .fifo)');
    if (sns(context).has(context.cloud.arn('sns', name))) throw new AwsError('AlreadyExists', `Topic already exists: ${name}`);
    const deduplicatesByContent = String(properties['ContentBasedDeduplication'] ?? false) === 'true';
    const displayName = (properties['DisplayName'] ?? '') as string;
    const { arn } = sns(context).createTopic(name, displayName, isFifo ? { deduplicatesByContent } : undefined);
    subscribeInline(properties, arn, context);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
  update(properties, previous, created, context) {
    refuseOthers('AWS::SNS::Topic', properties, topicProperties, context);
    for (const name of ['TopicName', 'Subscription', 'FifoTopic', 'ContentBasedDeduplication']) {
      if (JSON.stringify(properties[name]) === JSON.stringify(previous[name])) continue;
      throw new UnsupportedError(`AWS::SNS::Topic ${context.logicalId}: a change of ${name} is not supported. Keep it as it is.`);
    }
    sns(context).topic(created.ref).displayName = (properties['DisplayName'] ?? '') as string;
    return created;
  },
  remove: (created, _properties, context) => sns(context).deleteTopic(created.ref),
  refuse: (properties) => othersOf(properties, topicProperties).map((name) => `the property ${name} of a topic`),
};

/** JSON properties arrive as an object, or as its text. */
const parsed = (value: unknown): Members => (typeof value === 'string' ? (JSON.parse(value) as Members) : (value as Members));

function subscribe(properties: Members, context: ResourceContext): CreatedResource {
  refuseOthers('AWS::SNS::Subscription', properties, subscriptionProperties, context);
  const raw = String(properties['RawMessageDelivery'] ?? false) === 'true';
  const { FilterPolicy: policy, FilterPolicyScope: scope, RedrivePolicy: redrive } = properties;
  const deadLetterArn = redrive === undefined ? undefined : (parsed(redrive)['deadLetterTargetArn'] as string);
  const { arn } = sns(context).subscribe(
    properties['TopicArn'] as string,
    properties['Protocol'] as string,
    properties['Endpoint'] as string,
    {
      raw,
      ...(policy === undefined ? {} : { accepts: messageFilter(policy, scope) }),
      ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    },
  );
  return { ref: arn, attributes: { Arn: arn } };
}

const subscriptionResource: ResourceType = {
  type: 'AWS::SNS::Subscription',
  create: subscribe,
  update(properties, _previous, created, context) {
    sns(context).unsubscribe(created.ref);
    return subscribe(properties, context);
  },
  remove: (created, _properties, context) => sns(context).unsubscribe(created.ref),
  refuse: (properties) => [
    ...othersOf(properties, subscriptionProperties).map((name) => `the property ${name} of a subscription`),
    ...(protocols.includes(properties['Protocol'] as string) ? [] : [`subscriptions by ${String(properties['Protocol'])}`]),
  ],
};

function setPolicy(properties: Members, context: ResourceContext, policy: PolicyDocument | undefined): void {
  for (const arn of properties['Topics'] as string[]) sns(context).topic(arn).policy = policy;
}

const policyResource: ResourceType = {
  type: 'AWS::SNS::TopicPolicy',
  create(properties, context) {
    setPolicy(properties, context, properties['PolicyDocument'] as PolicyDocument);
    return { ref: context.physicalName(), attributes: { Id: context.logicalId } };
  },
  update(properties, previous, created, context) {
    setPolicy(previous, context, undefined);
    setPolicy(properties, context, properties['PolicyDocument'] as PolicyDocument);
    return created;
  },
  remove: (_created, properties, context) => setPolicy(properties, context, undefined),
};

export const snsResources: ResourceType[] = [topicResource, subscriptionResource, policyResource];
