import { UnsupportedError } from '../../cloud/types';
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
]);
const subscriptionProperties = new Set([
  'TopicArn',
  'Protocol',
  'Endpoint',
  'RawMessageDelivery',
  'Region',
  'FilterPolicy',
  'FilterPolicyScope',
]);

function refuseOthers(type: string, properties: Members, understood: ReadonlySet<string>, { logicalId }: ResourceContext): void {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || String(value) === 'false' || understood.has(name)) continue;
    throw new UnsupportedError(`${type} ${logicalId}: property ${name} is not supported. Allowed are ${[...understood].join(', ')}.`);
  }
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
    const name = (properties['TopicName'] as string | undefined) ?? context.physicalName(256);
    const { arn } = sns(context).createTopic(name, (properties['DisplayName'] ?? '') as string);
    subscribeInline(properties, arn, context);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
  update(properties, previous, created, context) {
    refuseOthers('AWS::SNS::Topic', properties, topicProperties, context);
    for (const name of ['TopicName', 'Subscription']) {
      if (JSON.stringify(properties[name]) === JSON.stringify(previous[name])) continue;
      throw new UnsupportedError(`AWS::SNS::Topic ${context.logicalId}: a change of ${name} is not supported. Keep it as it is.`);
    }
    sns(context).topic(created.ref).displayName = (properties['DisplayName'] ?? '') as string;
    return created;
  },
  remove: (created, _properties, context) => sns(context).deleteTopic(created.ref),
};

function subscribe(properties: Members, context: ResourceContext): CreatedResource {
  refuseOthers('AWS::SNS::Subscription', properties, subscriptionProperties, context);
  const raw = String(properties['RawMessageDelivery'] ?? false) === 'true';
  const { FilterPolicy: policy, FilterPolicyScope: scope = 'MessageAttributes' } = properties;
  const what = `AWS::SNS::Subscription ${context.logicalId}`;
  if (scope !== 'MessageAttributes')
    throw new UnsupportedError(`${what}: FilterPolicyScope ${String(scope)} is not supported. Use MessageAttributes.`);
  const { arn } = sns(context).subscribe(
    properties['TopicArn'] as string,
    properties['Protocol'] as string,
    properties['Endpoint'] as string,
    raw,
    policy === undefined ? undefined : messageFilter(policy, what),
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
