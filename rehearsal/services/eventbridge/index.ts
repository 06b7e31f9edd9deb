import {
  AwsError,
  UnsupportedError,
  type Cloud,
  type CreatedResource,
  type Members,
  type PolicyStatement,
  type ResourceContext,
  type ResourceType,
} from '../../cloud/types';
import { TARGET_FIELDS, type Target } from './bus';
import { EventBridge } from './double';
import { unknownTarget } from './targets';

export { EventBridge } from './double';

export function createEventBridge(cloud: Cloud): EventBridge {
  return new EventBridge(cloud);
}

function eventBridge(context: ResourceContext): EventBridge {
  return context.cloud.double<EventBridge>('eventbridge');
}

function refuseUnknown(type: string, properties: Members, known: readonly string[], context: ResourceContext): void {
  for (const property of Object.keys(properties))
    if (!known.includes(property))
      throw new UnsupportedError(`${context.constructPath}: property ${property} of ${type} is not supported by the rehearsal`);
}

function refuseReplacement(properties: Members, previous: Members, replacing: readonly string[], context: ResourceContext): void {
  for (const property of replacing)
    if (properties[property] !== previous[property])
      throw new UnsupportedError(`${context.constructPath}: replacing it by changing its ${property} is not supported by the rehearsal`);
}

const RULE_PROPERTIES = [
  'Name',
  'Description',
  'EventBusName',
  'EventPattern',
  'ScheduleExpression',
  'State',
  'Targets',
  'RoleArn',
  'Tags',
];

function ruleProblems(properties: Members): string[] {
  const targets = (properties.Targets ?? []) as Members[];
  return [
    ...unknownOf('AWS::Events::Rule', properties, RULE_PROPERTIES),
    ...targets
      .flatMap((target) => Object.keys(target).filter((field) => !TARGET_FIELDS.includes(field)))
      .map((field) => `${field} of a rule's target`),
    ...targets.flatMap(({ Arn }) => unknownTarget(String(Arn), 'rule') ?? []).map((service) => `a rule's target of the service ${service}`),
  ];
}

const unknownOf = (type: string, properties: Members, known: readonly string[]): string[] =>
  Object.keys(properties)
    .filter((property) => !known.includes(property))
    .map((property) => `the property ${property} of ${type}`);

function putRule(properties: Members, name: string, context: ResourceContext): CreatedResource {
  refuseUnknown('AWS::Events::Rule', properties, RULE_PROPERTIES, context);
  const rule = eventBridge(context).putRule(properties.EventBusName as string | undefined, {
    name,
    eventPattern: properties.EventPattern as unknown,
    scheduleExpression: properties.ScheduleExpression as string | undefined,
    description: properties.Description as string | undefined,
    enabled: properties.State !== 'DISABLED',
    targets: (properties.Targets as Target[] | undefined) ?? [],
  });
  return { ref: rule.bus.name === 'default' ? name : `${rule.bus.name}|${name}`, attributes: { Arn: rule.arn, Name: name } };
}

const ruleResource: ResourceType = {
  type: 'AWS::Events::Rule',
  create: (properties, context) => {
    const name = (properties.Name as string | undefined) ?? context.physicalName(64);
    if (eventBridge(context).hasRule(properties.EventBusName as string | undefined, name))
      throw new AwsError('AlreadyExists', `Rule ${name} already exists on event bus ${String(properties.EventBusName ?? 'default')}.`);
    return putRule(properties, name, context);
  },
  update: (properties, previous, created, context) => {
    refuseReplacement(properties, previous, ['Name', 'EventBusName'], context);
    return putRule(properties, created.attributes.Name as string, context);
  },
  remove: (created, properties, context) =>
    eventBridge(context).removeRule(properties.EventBusName as string | undefined, created.attributes.Name as string),
  refuse: ruleProblems,
};

/** Kept by AWS beside the bus: they change nothing in a rehearsal. */
const BUS_PROPERTIES = ['Name', 'Description', 'Policy', 'KmsKeyIdentifier', 'DeadLetterConfig', 'LogConfig', 'Tags'];

const busResource: ResourceType = {
  type: 'AWS::Events::EventBus',
  create: (properties, context) => {
    refuseUnknown('AWS::Events::EventBus', properties, BUS_PROPERTIES, context);
    const bus = eventBridge(context).addBus(properties.Name as string);
    setPolicy(properties, bus.name, context);
    return { ref: bus.name, attributes: { Arn: bus.arn, Name: bus.name } };
  },
  update: (properties, previous, created, context) => {
    refuseUnknown('AWS::Events::EventBus', properties, BUS_PROPERTIES, context);
    refuseReplacement(properties, previous, ['Name'], context);
    setPolicy(properties, created.ref, context);
    return created;
  },
  remove: (created, _properties, context) => eventBridge(context).removeBus(created.ref),
  refuse: (properties) => unknownOf('AWS::Events::EventBus', properties, BUS_PROPERTIES),
};

function setPolicy(properties: Members, name: string, context: ResourceContext): void {
  const bus = eventBridge(context).bus(name);
  if (properties.Policy !== undefined) bus.policy = properties.Policy as NonNullable<typeof bus.policy>;
}

function putBusPolicy(properties: Members, context: ResourceContext): CreatedResource {
  refuseUnknown('AWS::Events::EventBusPolicy', properties, ['EventBusName', 'StatementId', 'Statement'], context);
  if (properties.Statement === undefined)
    throw new UnsupportedError(`${context.constructPath}: an event bus policy without Statement is not supported by the rehearsal`);
  const bus = (properties.EventBusName as string | undefined) ?? 'default';
  const statementId = properties.StatementId as string;
  eventBridge(context).putBusStatement(bus, statementId, properties.Statement as PolicyStatement);
  return { ref: `${bus}|${statementId}`, attributes: {} };
}

const busPolicyResource: ResourceType = {
  type: 'AWS::Events::EventBusPolicy',
  create: putBusPolicy,
  update: (properties, previous, _created, context) => {
    refuseReplacement(properties, previous, ['EventBusName', 'StatementId'], context);
    return putBusPolicy(properties, context);
  },
  remove: (_created, properties, context) =>
    eventBridge(context).putBusStatement(
      (properties.EventBusName as string | undefined) ?? 'default',
      properties.StatementId as string,
      undefined,
    ),
};

export const eventBridgeResources: ResourceType[] = [ruleResource, busResource, busPolicyResource];
