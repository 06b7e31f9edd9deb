import { AwsError, type Members, type Operation, type Permission } from '../../cloud/types';
import type { Alarm } from './alarm';
import type { Alarms } from './alarms';
import { suppressionReason } from './event-detail';
import { paged } from './paging';
import { readDimensions } from './queries';

const DEFAULT_ALARMS_PAGE = 50;
const MAX_DELETED = 100;

const wrong = (message: string): AwsError => new AwsError('ValidationError', message);

function describe(alarm: Alarm): Members {
  const input = { ...alarm.input };
  delete input.Tags;
  const { suppressedBy, reasonData } = alarm.state;
  return {
    ...input,
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    ActionsEnabled: alarm.actionsEnabled,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.updatedAtMillis),
    StateValue: alarm.state.value,
    StateReason: alarm.state.reason,
    ...(reasonData === undefined ? {} : { StateReasonData: reasonData }),
    StateUpdatedTimestamp: new Date(alarm.state.atMillis),
    StateTransitionedTimestamp: new Date(alarm.state.enteredAtMillis),
    ...(suppressedBy === undefined ? {} : { ActionsSuppressedBy: suppressedBy, ActionsSuppressedReason: suppressionReason(suppressedBy) }),
  };
}

const typeOf = ({ kind }: Alarm): string => (kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm');
const nameOf = ({ name }: Alarm): string => name;

const answer = (page: Alarm[], render: (alarm: Alarm) => Members): Members => ({
  MetricAlarms: page.filter(({ kind }) => kind === 'metric').map(render),
  CompositeAlarms: page.filter(({ kind }) => kind === 'composite').map(render),
});

function describeAlarms(alarms: Alarms, input: Members): Members {
  if (input.ChildrenOfAlarmName !== undefined || input.ParentsOfAlarmName !== undefined) return describeKin(alarms, input);
  const names = input.AlarmNames as string[] | undefined;
  if (names !== undefined && input.AlarmNamePrefix !== undefined) throw wrong('AlarmNames and AlarmNamePrefix cannot be given together.');
  // Without AlarmTypes only metric alarms are described.
  const types = (input.AlarmTypes ?? ['MetricAlarm']) as string[];
  const prefix = String(input.ActionPrefix ?? '');
  const hasAction = ({ input: { AlarmActions, OKActions, InsufficientDataActions } }: Alarm): boolean =>
    [AlarmActions, OKActions, InsufficientDataActions]
      .flatMap((list: unknown) => (list ?? []) as string[])
      .some((one) => one.startsWith(prefix));
  const matching = alarms
    .all()
    .filter(({ name }) => names === undefined || names.includes(name))
    .filter(({ name }) => name.startsWith(String(input.AlarmNamePrefix ?? '')))
    .filter(({ state }) => input.StateValue === undefined || state.value === input.StateValue)
    .filter((alarm) => prefix === '' || hasAction(alarm))
    .filter((alarm) => types.includes(typeOf(alarm)));
  const { page, next } = paged('DescribeAlarms', input, { items: matching, keyOf: nameOf, size: DEFAULT_ALARMS_PAGE });
  return { ...answer(page, describe), ...next };
}

/** The alarms that a composite alarm watches, or those that watch an alarm. */
function describeKin(alarms: Alarms, input: Members): Members {
  const others = Object.keys(input).filter((member) => input[member] !== undefined && member !== 'MaxRecords' && member !== 'NextToken');
  if (others.length > 1) throw wrong(`DescribeAlarms: ${others.join(' and ')} cannot be given together.`);
  const name = String(input.ChildrenOfAlarmName ?? input.ParentsOfAlarmName);
  const alarm = alarms.find(name);
  if (alarm === undefined) throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist.`, 404);
  const children = input.ChildrenOfAlarmName !== undefined;
  const kin = children
    ? (alarm.kind === 'composite' ? alarm.children : []).flatMap((child) => alarms.find(child) ?? [])
    : alarms.all().filter((other) => other.kind === 'composite' && other.children.some((child) => alarms.find(child) === alarm));
  const { page, next } = paged('DescribeAlarms', input, { items: kin, keyOf: nameOf, size: DEFAULT_ALARMS_PAGE });
  const render = ({ name: AlarmName, arn: AlarmArn, state }: Alarm): Members => ({
    AlarmName,
    AlarmArn,
    ...(children ? { StateValue: state.value, StateUpdatedTimestamp: new Date(state.atMillis) } : {}),
  });
  return { ...answer(page, render), ...next };
}

const key = (dimensions: unknown): string => JSON.stringify(Object.entries(readDimensions(dimensions)).sort());

function describeForMetric(alarms: Alarms, input: Members): Members {
  const wanted = key(input.Dimensions);
  const optional = ['Statistic', 'ExtendedStatistic', 'Period', 'Unit'];
  const matching = alarms
    .all()
    .filter(({ kind }) => kind === 'metric')
    .filter(({ input: own }) => own.MetricName === input.MetricName && own.Namespace === input.Namespace && key(own.Dimensions) === wanted)
    .filter(({ input: own }) => optional.every((member) => input[member] === undefined || String(own[member]) === String(input[member])));
  return { MetricAlarms: matching.map(describe) };
}

function enableActions(alarms: Alarms, input: Members, enabled: boolean): Members {
  for (const name of input.AlarmNames as string[]) {
    const alarm = alarms.find(name);
    if (alarm !== undefined) alarm.actionsEnabled = enabled;
  }
  return {};
}

function deleteAlarms(alarms: Alarms, names: string[]): Members {
  if (names.length > MAX_DELETED) throw wrong(`DeleteAlarms got ${names.length} names, at most ${MAX_DELETED}.`);
  const missing = names.filter((name) => alarms.find(name) === undefined);
  if (missing.length > 0) throw new AwsError('ResourceNotFound', `Alarm ${missing.join(', ')} does not exist.`, 404);
  for (const name of names) alarms.remove(name);
  return {};
}

export function alarmOperations(alarms: Alarms): Record<string, Operation> {
  const onAlarms = (action: string, names: unknown): Permission[] =>
    (names as string[]).map((name) => ({ action: `cloudwatch:${action}`, resource: alarms.arn(name) }));
  const onAll = (action: string): Permission[] => [{ action: `cloudwatch:${action}`, resource: alarms.arn('*') }];
  const named = (action: string, run: (input: Members) => unknown): Operation => ({
    permissions: (input) => onAlarms(action, input.AlarmNames ?? [input.AlarmName]),
    run: (input) => {
      run(input);
      return {};
    },
  });
  return {
    DescribeAlarms: {
      permissions: (input) =>
        input.AlarmNames === undefined
          ? [{ action: 'cloudwatch:DescribeAlarms', resource: '*' }]
          : onAlarms('DescribeAlarms', input.AlarmNames),
      run: (input) => describeAlarms(alarms, input),
    },
    DescribeAlarmsForMetric: { permissions: () => onAll('DescribeAlarmsForMetric'), run: (input) => describeForMetric(alarms, input) },
    DescribeAlarmHistory: {
      permissions: (input) =>
        input.AlarmName === undefined ? onAll('DescribeAlarmHistory') : onAlarms('DescribeAlarmHistory', [input.AlarmName]),
      run: (input) => alarms.history.describe(input),
    },
    PutMetricAlarm: named('PutMetricAlarm', (input) => alarms.putMetricAlarm(input)),
    PutCompositeAlarm: named('PutCompositeAlarm', (input) => alarms.putCompositeAlarm(input)),
    SetAlarmState: named('SetAlarmState', ({ AlarmName, StateValue, StateReason, StateReasonData }) =>
      alarms.setState(AlarmName, StateValue, StateReason, StateReasonData),
    ),
    DeleteAlarms: named('DeleteAlarms', ({ AlarmNames }) => deleteAlarms(alarms, AlarmNames as string[])),
    EnableAlarmActions: named('EnableAlarmActions', (input) => enableActions(alarms, input, true)),
    DisableAlarmActions: named('DisableAlarmActions', (input) => enableActions(alarms, input, false)),
  };
}

export function muteOperations(alarms: Alarms): Record<string, Operation> {
  const { mutes } = alarms;
  const onRule = (action: string, name: unknown): Permission => ({ action: `cloudwatch:${action}`, resource: mutes.arn(String(name)) });
  return {
    PutAlarmMuteRule: {
      // The rule itself, and each alarm that it targets.
      permissions: (input) => [
        onRule('PutAlarmMuteRule', input.Name),
        ...(((input.MuteTargets as Members | undefined)?.AlarmNames ?? []) as string[]).map((name) => ({
          action: 'cloudwatch:PutAlarmMuteRule',
          resource: alarms.arn(name),
        })),
      ],
      run: (input) => {
        mutes.put(input);
        return {};
      },
    },
    GetAlarmMuteRule: {
      permissions: (input) => [onRule('GetAlarmMuteRule', input.AlarmMuteRuleName)],
      run: (input) => mutes.describe(String(input.AlarmMuteRuleName)),
    },
    ListAlarmMuteRules: { permissions: () => [onRule('ListAlarmMuteRules', '*')], run: (input) => mutes.list(input) },
    DeleteAlarmMuteRule: {
      permissions: (input) => [onRule('DeleteAlarmMuteRule', input.AlarmMuteRuleName)],
      run: (input) => {
        mutes.remove(String(input.AlarmMuteRuleName));
        return {};
      },
    },
  };
}
