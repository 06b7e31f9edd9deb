import type { CloudEvent } from '../cloud/types';
import type { EventBridge } from '../services/eventbridge';
import type { Lambda } from '../services/lambda';
import type { Sns } from '../services/sns';
import type { Laptop } from '../world/laptop';

export interface InvocationCount {
  /** Construct path, or the name of a function that no stack holds. */
  function: string;
  invocations: number;
  errors: number;
  standIn: boolean;
}

export interface SeenEvent {
  bus: string;
  source: string;
  detailType: string;
  detail: unknown;
}

export interface SeenNotification {
  topicArn: string;
  message: string;
  subject: string | undefined;
}

export interface AlarmChange {
  alarm: string;
  atMillis: number;
  state: string;
}

/** Sees what leaves no trace in the cloud at the end: invocations, events, notifications and changes of alarms since the start. */
export class Watch {
  readonly invocations = new Map<string, InvocationCount>();
  readonly events: SeenEvent[] = [];
  readonly notifications: SeenNotification[] = [];
  readonly alarmChanges: AlarmChange[] = [];

  /** `begun`: the scenario's start is reached. */
  constructor({ cloud }: Laptop, begun: () => boolean) {
    cloud.double<Lambda>('lambda').onInvoked(({ name, constructPath, failed, standIn }) => {
      if (begun()) this.count(constructPath === '' ? name : constructPath, failed, standIn);
    });
    cloud.double<EventBridge>('eventbridge').onEvent((bus, event) => {
      if (begun()) this.events.push({ bus, source: event.source, detailType: event['detail-type'], detail: event.detail });
    });
    cloud.double<Sns>('sns').onPublished(({ topicArn, message, subject }) => {
      if (begun()) this.notifications.push({ topicArn, message, subject });
    });
    cloud.onRecord((event) => this.noteAlarm(event));
  }

  private noteAlarm({ source, event, detail, atMillis }: CloudEvent): void {
    if (source !== 'alarm' || event !== 'state-changed') return;
    this.alarmChanges.push({ alarm: String(detail['alarmName']), atMillis, state: String(detail['state']) });
  }

  get allInvocations(): number {
    return [...this.invocations.values()].reduce((sum, { invocations }) => sum + invocations, 0);
  }

  get allCompleted(): number {
    return [...this.invocations.values()].reduce((sum, { invocations, errors }) => sum + invocations - errors, 0);
  }

  private count(name: string, failed: boolean, standIn: boolean): void {
    const known = this.invocations.get(name) ?? { function: name, invocations: 0, errors: 0, standIn };
    known.invocations += 1;
    if (failed) known.errors += 1;
    this.invocations.set(name, known);
  }
}
