import type { Clock, Members } from '../../cloud/types';
import type { Alarm } from './alarm';
import { paged } from './paging';
import { timestamp } from './reason';

const DAY = 86_400_000;
const KEPT_MILLIS = 30 * DAY;
const DEFAULT_PAGE = 100;

type ItemType = 'ConfigurationUpdate' | 'StateUpdate' | 'Action';

interface Item {
  /** In order of what happened. */
  place: number;
  alarmName: string;
  alarmType: 'MetricAlarm' | 'CompositeAlarm';
  atMillis: number;
  itemType: ItemType;
  summary: string;
  data: Members;
}

const stateData = ({ value, reason, reasonData, atMillis }: Alarm['state']): Members => ({
  stateValue: value,
  stateReason: reason,
  ...(reasonData === undefined ? {} : { stateReasonData: JSON.parse(reasonData) as unknown }),
  stateUpdatedTimestamp: timestamp(atMillis),
});

/** What happened to alarms. It outlives the alarm itself. */
export class AlarmHistory {
  private readonly items: Item[] = [];

  constructor(private readonly clock: Clock) {}

  configured(alarm: Alarm, what: 'created' | 'updated' | 'deleted'): void {
    const type = { created: 'Create', updated: 'Update', deleted: 'Delete' }[what];
    this.add(alarm, 'ConfigurationUpdate', `Alarm "${alarm.name}" ${what}`, { version: '1.0', type });
  }

  stateChanged(alarm: Alarm): void {
    const old = alarm.previous;
    this.add(alarm, 'StateUpdate', `Alarm updated from ${old?.value ?? 'INSUFFICIENT_DATA'} to ${alarm.state.value}`, {
      version: '1.0',
      ...(old === undefined ? {} : { oldState: stateData(old) }),
      newState: stateData(alarm.state),
    });
  }

  acted(alarm: Alarm, action: string, problem?: string): void {
    const summary = problem === undefined ? `Successfully executed action ${action}` : `Failed to execute action ${action}. ${problem}`;
    const actionState = problem === undefined ? 'Succeeded' : 'Failed';
    this.add(alarm, 'Action', summary, { actionState, stateUpdateTimestamp: alarm.state.atMillis, notificationResource: action });
  }

  /** An action that did not run, with why. */
  held(alarm: Alarm, why: string): void {
    this.add(alarm, 'Action', why, { actionState: 'Suppressed', stateUpdateTimestamp: alarm.state.atMillis });
  }

  /** DescribeAlarmHistory. */
  describe(input: Members): Members {
    const types = (input.AlarmTypes ?? ['MetricAlarm']) as string[];
    const from = input.StartDate instanceof Date ? input.StartDate.getTime() : Number.NEGATIVE_INFINITY;
    const until = input.EndDate instanceof Date ? input.EndDate.getTime() : Number.POSITIVE_INFINITY;
    const oldest = this.clock.now() - KEPT_MILLIS;
    const matching = this.items.filter(
      ({ alarmName, alarmType, atMillis, itemType }) =>
        (input.AlarmName === undefined || alarmName === input.AlarmName) &&
        (input.HistoryItemType === undefined || itemType === input.HistoryItemType) &&
        types.includes(alarmType) &&
        atMillis >= Math.max(from, oldest) &&
        atMillis <= until,
    );
    const { page, next } = paged('DescribeAlarmHistory', input, {
      items: matching,
      keyOf: ({ place }) => place,
      descending: input.ScanBy !== 'TimestampAscending',
      size: DEFAULT_PAGE,
    });
    return { AlarmHistoryItems: page.map(describeItem), ...next };
  }

  private add(alarm: Alarm, itemType: ItemType, summary: string, data: Members): void {
    const alarmType = alarm.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm';
    this.items.push({ place: this.items.length, alarmName: alarm.name, alarmType, atMillis: this.clock.now(), itemType, summary, data });
  }
}

const describeItem = ({ alarmName, alarmType, atMillis, itemType, summary, data }: Item): Members => ({
  AlarmName: alarmName,
  AlarmType: alarmType,
  Timestamp: new Date(atMillis),
  HistoryItemType: itemType,
  HistorySummary: summary,
  HistoryData: JSON.stringify(data),
});
