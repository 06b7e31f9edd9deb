import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';

export type DestinationKind = 'lambda' | 'queue' | 'topic';

/** Where one kind of change in a bucket is told, as S3 keeps it. */
export interface NotificationRule {
  id: string;
  kind: DestinationKind;
  arn: string;
  /** e.g. `s3:ObjectCreated:*`. */
  events: readonly string[];
  prefix: string;
  suffix: string;
}

export const noRules: readonly NotificationRule[] = [];

/** Lists of the API's configuration, and where each names its destination. */
const lists = [
  { kind: 'lambda', list: 'LambdaFunctionConfigurations', arn: 'LambdaFunctionArn' },
  { kind: 'queue', list: 'QueueConfigurations', arn: 'QueueArn' },
  { kind: 'topic', list: 'TopicConfigurations', arn: 'TopicArn' },
] as const;

const knownEvents = new Set([
  's3:ReducedRedundancyLostObject',
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Post',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:*',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
  's3:ObjectRestore:*',
  's3:ObjectRestore:Post',
  's3:ObjectRestore:Completed',
  's3:ObjectRestore:Delete',
  's3:Replication:*',
  's3:Replication:OperationFailedReplication',
  's3:Replication:OperationNotTracked',
  's3:Replication:OperationMissedThreshold',
  's3:Replication:OperationReplicatedAfterThreshold',
  's3:LifecycleTransition',
  's3:IntelligentTiering',
  's3:ObjectAcl:Put',
  's3:LifecycleExpiration:*',
  's3:LifecycleExpiration:Delete',
  's3:LifecycleExpiration:DeleteMarkerCreated',
  's3:ObjectTagging:*',
  's3:ObjectTagging:Put',
  's3:ObjectTagging:Delete',
]);

const invalid = (message: string): AwsError => new AwsError('InvalidArgument', message);

/** What `s3:ObjectCreated:*` stands for: all that begins so. */
const covers = (pattern: string, event: string): boolean =>
  pattern === event || (pattern.endsWith('*') && event.startsWith(pattern.slice(0, -1)));

const overlap = (one: string, other: string): boolean => covers(one, other) || covers(other, one);

/** The API's NotificationConfiguration, checked as S3 checks it. */
export function readRules(configuration: Members, newId: () => string): NotificationRule[] {
  const rules = lists.flatMap(({ kind, list, arn }) =>
    ((configuration[list] ?? []) as Members[]).map((entry) => readRule(kind, entry, entry[arn] as string, newId)),
  );
  rules.forEach((rule, index) => rules.slice(index + 1).forEach((other) => refuseOverlap(rule, other)));
  return rules;
}

function readRule(kind: DestinationKind, entry: Members, arn: string, newId: () => string): NotificationRule {
  const events = (entry['Events'] ?? []) as string[];
  for (const event of events) if (!knownEvents.has(event)) throw invalid(`The event '${event}' is not supported for notifications`);
  const given = (entry['Id'] ?? '') as string;
  const rules = ((entry['Filter'] as Members | undefined)?.['Key']?.['FilterRules'] ?? []) as { Name: string; Value: string }[];
  return {
    id: given === '' ? newId() : given,
    kind,
    arn,
    events,
    prefix: filterValue(rules, 'prefix'),
    suffix: filterValue(rules, 'suffix'),
  };
}

function filterValue(rules: { Name: string; Value: string }[], name: 'prefix' | 'suffix'): string {
  const unknown = rules.find((rule) => !['prefix', 'suffix'].includes(rule.Name.toLowerCase()));
  if (unknown !== undefined) throw invalid('filter rule name must be either prefix or suffix');
  const found = rules.filter((rule) => rule.Name.toLowerCase() === name);
  if (found.length > 1) throw invalid(`Cannot specify more than one ${name} rule in a filter.`);
  return found[0]?.Value ?? '';
}

/** One change may match one rule alone. */
function refuseOverlap(one: NotificationRule, other: NotificationRule): void {
  const sharesEvent = one.events.some((event) => other.events.some((second) => overlap(event, second)));
  const prefixes = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
  const suffixes = one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix);
  if (!sharesEvent || !prefixes || !suffixes) return;
  throw invalid(
    'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
  );
}

/** The rules that tell of this event at this key; `event` without its `s3:`. */
export function matchingRules(rules: readonly NotificationRule[], event: string, key: string): NotificationRule[] {
  return rules.filter(
    ({ events, prefix, suffix }) =>
      key.startsWith(prefix) && key.endsWith(suffix) && events.some((pattern) => covers(pattern, `s3:${event}`)),
  );
}

/** As GetBucketNotificationConfiguration answers. */
export function writeRules(rules: readonly NotificationRule[], eventBridge: boolean): Members {
  const answer: Members = {};
  for (const { kind, list, arn } of lists) {
    const own = rules.filter((rule) => rule.kind === kind);
    if (own.length === 0) continue;
    answer[list] = own.map((rule) => ({ Id: rule.id, [arn]: rule.arn, Events: [...rule.events], ...filterOf(rule) }));
  }
  return eventBridge ? { ...answer, EventBridgeConfiguration: {} } : answer;
}

function filterOf({ prefix, suffix }: NotificationRule): Members {
  const rules = [
    ...(prefix === '' ? [] : [{ Name: 'Prefix', Value: prefix }]),
    ...(suffix === '' ? [] : [{ Name: 'Suffix', Value: suffix }]),
  ];
  return rules.length === 0 ? {} : { Filter: { Key: { FilterRules: rules } } };
}

/** The NotificationConfiguration of a CloudFormation bucket, which words some of it in another way, as the API has it. */
export function configurationOfTemplate(properties: Members): Members {
  const convert = (list: unknown, from: string, to: string): Members[] =>
    ((list ?? []) as Members[]).map(({ Event, Filter, ...entry }) => ({
      Events: [Event as string],
      [to]: entry[from] as string,
      ...(Filter === undefined
        ? {}
        : { Filter: { Key: { FilterRules: ((Filter as Members)['S3Key'] as Members)['Rules'] as Members[] } } }),
    }));
  return {
    LambdaFunctionConfigurations: convert(properties['LambdaConfigurations'], 'Function', 'LambdaFunctionArn'),
    QueueConfigurations: convert(properties['QueueConfigurations'], 'Queue', 'QueueArn'),
    TopicConfigurations: convert(properties['TopicConfigurations'], 'Topic', 'TopicArn'),
    ...(sendsToEventBridge(properties) ? { EventBridgeConfiguration: {} } : {}),
  };
}

function sendsToEventBridge(properties: Members): boolean {
  const eventBridge = properties['EventBridgeConfiguration'] as Members | undefined;
  return eventBridge !== undefined && String(eventBridge['EventBridgeEnabled'] ?? true) === 'true';
}
