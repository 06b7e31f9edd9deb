import {
  AwsError,
  type Caller,
  type Cloud,
  type Members,
  type Operation,
  type Permission,
  type PolicyDocument,
  type PolicyStatement,
  type Random,
  type ServiceDouble,
  type ServiceEventSink,
} from '../../cloud/types';
import { parseSchedule } from '../scheduler/expression';
import { Recurring } from '../scheduler/recurring';
import { fire, makeRule, route, type Bus, type EventEnvelope, type Rule, type RuleSettings } from './bus';
import { pageOf } from '../pages';
import { compilePattern } from './pattern';

const ENTRIES_LIMIT = 10;
const REQUEST_LIMIT_BYTES = 1_048_576;

function busName(nameOrArn: string | undefined): string {
  return (nameOrArn ?? 'default').replace(/^arn:[^/]*event-bus\//, '');
}

export type EventListener = (busName: string, event: EventEnvelope) => void;

/** Amazon EventBridge: buses, rules, targets. Also where the other services' own events come in. */
export class EventBridge implements ServiceDouble, ServiceEventSink {
  readonly service = 'eventbridge';
  readonly operations: Record<string, Operation>;
  private readonly buses = new Map<string, Bus>();
  private readonly recurring = new Map<Rule, Recurring>();
  private readonly random: Random;
  private readonly listeners: EventListener[] = [];

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('eventbridge');
    this.addBus('default');
    const onRule = (action: string) => (input: Members) => [
      { action: `events:${action}`, resource: this.ruleArn(input.EventBusName, input.Name ?? input.Rule) },
    ];
    this.operations = {
      PutEvents: { permissions: (input) => this.putPermissions(input), run: (input) => this.putEvents(input) },
      TestEventPattern: { permissions: () => [{ action: 'events:TestEventPattern', resource: '*' }], run: testEventPattern },
      DescribeRule: { permissions: onRule('DescribeRule'), run: (input) => describeRule(this.rule(input.EventBusName, input.Name)) },
      ListTargetsByRule: {
        permissions: onRule('ListTargetsByRule'),
        run: (input) => listTargets(this.rule(input.EventBusName, input.Rule), input),
      },
      EnableRule: { permissions: onRule('EnableRule'), run: (input) => this.switchRule(input, true) },
      DisableRule: { permissions: onRule('DisableRule'), run: (input) => this.switchRule(input, false) },
      DescribeEventBus: {
        permissions: (input) => [{ action: 'events:DescribeEventBus', resource: this.busArn(busName(input.Name as string | undefined)) }],
        run: (input) => describeBus(this.bus(busName(input.Name as string | undefined))),
      },
    };
  }

  resourcePolicy(resourceArn: string): PolicyDocument | undefined {
    return this.buses.get(busName(resourceArn))?.policy;
  }

  emitServiceEvent(event: { source: string; detailType: string; detail: Record<string, unknown>; resources: string[] }): void {
    this.dispatch('default', {
      source: event.source,
      detailType: event.detailType,
      detail: JSON.parse(JSON.stringify(event.detail)) as unknown,
      resources: event.resources,
    });
  }

  /** Hears of every event that a bus takes, of applications and of services. */
  onEvent(listener: EventListener): void {
    this.listeners.push(listener);
  }

  /** An event of one bus that a rule sends on to another, as it is. */
  forward(busArn: string, event: EventEnvelope, caller: Caller): void {
    const context = { 'events:source': event.source, 'events:detail-type': event['detail-type'] };
    this.cloud.iam.authorise(caller, { action: 'events:PutEvents', resource: busArn, context }, this.resourcePolicy(busArn));
    const bus = this.bus(busName(busArn));
    for (const listener of this.listeners) listener(bus.name, event);
    route(this.cloud, bus, event);
  }

  addBus(name: string): Bus {
    if (this.buses.has(name)) throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    const bus: Bus = { name, arn: this.busArn(name), rules: new Map(), policy: undefined };
    this.buses.set(name, bus);
    return bus;
  }

  removeBus(name: string): void {
    const bus = this.buses.get(name);
    if (bus === undefined) return;
    if (bus.rules.size > 0) throw new AwsError('ValidationException', `Rules must be deleted before the event bus ${name}.`);
    this.buses.delete(name);
  }

  bus(name: string): Bus {
    const bus = this.buses.get(name);
    if (bus === undefined) throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
    return bus;
  }

  /** Adds, replaces or (without statement) removes one statement of a bus's policy. */
  putBusStatement(name: string, statementId: string, statement: PolicyStatement | undefined): void {
    const bus = this.bus(name);
    const earlier = (bus.policy?.Statement ?? []) as (PolicyStatement & { Sid?: string })[];
    const kept = earlier.filter(({ Sid }) => Sid !== statementId);
    if (statement !== undefined) kept.push({ ...statement, Sid: statementId });
    bus.policy = kept.length === 0 ? undefined : { Version: '2012-10-17', Statement: kept };
  }

  putRule(nameOrArn: string | undefined, settings: RuleSettings): Rule {
    const bus = this.bus(busName(nameOrArn));
    this.stopRule(bus.rules.get(settings.name));
    const rule = makeRule(this.cloud, bus, settings);
    bus.rules.set(rule.name, rule);
    this.startRule(rule);
    return rule;
  }

  hasRule(busOf: string | undefined, name: string): boolean {
    return this.buses.get(busName(busOf))?.rules.has(name) === true;
  }

  removeRule(busOf: string | undefined, name: string): void {
    const bus = this.buses.get(busName(busOf));
    this.stopRule(bus?.rules.get(name));
    bus?.rules.delete(name);
  }

  private startRule(rule: Rule): void {
    if (!rule.enabled || rule.scheduleExpression === undefined) return;
    const { clock } = this.cloud;
    const createdMillis = clock.now();
    const recurrence = parseSchedule(rule.scheduleExpression, createdMillis);
    if (recurrence.kind === 'at')
      throw new AwsError('ValidationException', `Parameter ScheduleExpression is not valid: ${rule.scheduleExpression}`);
    // Unlike Scheduler's, a rule's rate counts its first period from its creation.
    const afterCreation = { ...recurrence, next: (afterMillis: number) => recurrence.next(Math.max(afterMillis, createdMillis)) };
    const due = (): void =>
      fire(this.cloud, rule, this.envelope({ source: 'aws.events', detailType: 'Scheduled Event', detail: {}, resources: [rule.arn] }));
    this.recurring.set(rule, new Recurring(clock, afterCreation, Number.POSITIVE_INFINITY, due));
  }

  private stopRule(rule: Rule | undefined): void {
    if (rule === undefined) return;
    this.recurring.get(rule)?.stop();
    this.recurring.delete(rule);
  }

  private switchRule(input: Members, enabled: boolean): Members {
    const rule = this.rule(input.EventBusName, input.Name);
    this.stopRule(rule);
    rule.enabled = enabled;
    this.startRule(rule);
    return {};
  }

  private putPermissions(input: Members): Permission[] {
    const entries = input.Entries as Members[];
    return entries.map((entry) => ({
      action: 'events:PutEvents',
      resource: this.busArn(busName(entry.EventBusName as string | undefined)),
      context: { 'events:source': String(entry.Source), 'events:detail-type': String(entry.DetailType) },
    }));
  }

  private putEvents(input: Members): Members {
    const entries = input.Entries as Members[];
    if (entries.length < 1 || entries.length > ENTRIES_LIMIT)
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${ENTRIES_LIMIT}, got ${entries.length}`,
      );
    const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0);
    if (bytes > REQUEST_LIMIT_BYTES)
      throw new AwsError(
        'ValidationException',
        `Total size of the entries in the request is over the limit: ${bytes} > ${REQUEST_LIMIT_BYTES}`,
      );
    const results = entries.map((entry) => this.putEntry(entry));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }

  private putEntry(entry: Members): Members {
    const problem = this.problemOf(entry);
    if (problem !== undefined) {
      // The call succeeds all the same: whoever does not look at the answer loses the event.
      const { ErrorCode: error, ErrorMessage: message } = problem;
      const target = this.busArn(busName(entry.EventBusName as string | undefined));
      this.cloud.record('eventbridge', 'delivery-failed', {
        from: `PutEvents of ${String(entry.Source)}`,
        target,
        error,
        message,
        retries: 0,
      });
      return problem;
    }
    const event = this.dispatch(busName(entry.EventBusName as string | undefined), {
      source: entry.Source as string,
      detailType: entry.DetailType as string,
      detail: JSON.parse(entry.Detail as string) as unknown,
      resources: (entry.Resources as string[] | undefined) ?? [],
      time: entry.Time as Date | undefined,
    });
    return { EventId: event.id };
  }

  private problemOf(entry: Members): { ErrorCode: string; ErrorMessage: string } | undefined {
    for (const member of ['Source', 'DetailType', 'Detail'])
      if (!entry[member])
        return {
          ErrorCode: 'InvalidArgument',
          ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
        };
    if (String(entry.Source).startsWith('aws.'))
      return { ErrorCode: 'NotAuthorizedForSource', ErrorMessage: `Not authorized for the source ${String(entry.Source)}.` };
    const name = busName(entry.EventBusName as string | undefined);
    if (!this.buses.has(name)) return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${name} does not exist.` };
    try {
      const detail: unknown = JSON.parse(entry.Detail as string);
      if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return undefined;
    } catch {
      // Falls through: what does not parse is malformed as well.
    }
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }

  private dispatch(
    busOf: string,
    event: { source: string; detailType: string; detail: unknown; resources: string[]; time?: Date | undefined },
  ): EventEnvelope {
    const envelope = this.envelope(event);
    const bus = this.bus(busOf);
    for (const listener of this.listeners) listener(bus.name, envelope);
    route(this.cloud, bus, envelope);
    return envelope;
  }

  private envelope(event: {
    source: string;
    detailType: string;
    detail: unknown;
    resources: string[];
    time?: Date | undefined;
  }): EventEnvelope {
    return {
      version: '0',
      id: this.random.uuid(),
      'detail-type': event.detailType,
      source: event.source,
      account: this.cloud.accountId,
      time: (event.time ?? new Date(this.cloud.clock.now())).toISOString().replace(/\.\d+Z$/, 'Z'),
      region: this.cloud.region,
      resources: event.resources,
      detail: event.detail,
    };
  }

  private rule(nameOrArn: unknown, name: unknown): Rule {
    const rule = this.bus(busName(nameOrArn as string | undefined)).rules.get(String(name));
    if (rule === undefined)
      throw new AwsError(
        'ResourceNotFoundException',
        `Rule ${String(name)} does not exist on EventBus ${busName(nameOrArn as string | undefined)}.`,
      );
    return rule;
  }

  private busArn(name: string): string {
    return this.cloud.arn('events', `event-bus/${name}`);
  }

  private ruleArn(nameOrArn: unknown, name: unknown): string {
    const bus = busName(nameOrArn as string | undefined);
    return this.cloud.arn('events', `rule/${bus === 'default' ? '' : `${bus}/`}${String(name)}`);
  }
}

function testEventPattern(input: Members): Members {
  return { Result: compilePattern(input.EventPattern)(JSON.parse(input.Event as string)) };
}

function listTargets(rule: Rule, input: Members): Members {
  const page = pageOf({
    items: rule.targets,
    keyOf: ({ Id }) => Id,
    limit: (input.Limit as number | undefined) ?? 100,
    token: input.NextToken as string | undefined,
    listing: `ListTargetsByRule ${rule.arn}`,
    invalidToken: () => new AwsError('ValidationException', 'The token provided is invalid.'),
  });
  return { Targets: page.items, ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }) };
}

function describeRule(rule: Rule): Members {
  return {
    Name: rule.name,
    Arn: rule.arn,
    ...(rule.eventPattern === undefined ? {} : { EventPattern: JSON.stringify(rule.eventPattern) }),
    ...(rule.scheduleExpression === undefined ? {} : { ScheduleExpression: rule.scheduleExpression }),
    ...(rule.description === undefined ? {} : { Description: rule.description }),
    State: rule.enabled ? 'ENABLED' : 'DISABLED',
    EventBusName: rule.bus.name,
  };
}

function describeBus(bus: Bus): Members {
  return { Name: bus.name, Arn: bus.arn, ...(bus.policy === undefined ? {} : { Policy: JSON.stringify(bus.policy) }) };
}
