import type { Cloud, TimerHandle } from '../../cloud/types';
import type { CompositeAlarm, SuppressedBy } from './alarm';
import type { AlarmState } from './missing-data';

interface Period {
  by: 'WaitPeriod' | 'ExtensionPeriod';
  timer: TimerHandle;
  end: () => void;
}

interface Status {
  /** A state was entered whose actions did not run yet. */
  pending: boolean;
  period?: Period;
}

/** Composite alarms whose actions another alarm suppresses, with its wait and extension periods. */
export class Suppression {
  private readonly statuses = new Map<CompositeAlarm, Status>();

  constructor(
    private readonly cloud: Cloud,
    private readonly stateOf: (alarm: string) => AlarmState,
    /** Suppression is over: the actions of the current state are due. */
    private readonly resume: (alarm: CompositeAlarm) => void,
  ) {}

  /** The composite alarm entered a state: what suppresses its actions, if anything does. */
  entered(alarm: CompositeAlarm): SuppressedBy | undefined {
    if (alarm.suppressor === undefined) return undefined;
    const status = this.statusOf(alarm);
    this.discard(status);
    status.pending = true;
    if (this.stateOf(alarm.suppressor.alarm) === 'ALARM') return 'Alarm';
    if (alarm.suppressor.waitMillis === 0) {
      status.pending = false;
      return undefined;
    }
    this.begin(alarm, status, 'WaitPeriod', alarm.suppressor.waitMillis);
    return 'WaitPeriod';
  }

  /** The suppressor changed its state. */
  suppressorChanged(alarm: CompositeAlarm, from: AlarmState, to: AlarmState): void {
    const status = this.statusOf(alarm);
    if (to === 'ALARM') {
      this.discard(status);
      if (status.pending) alarm.state.suppressedBy = 'Alarm';
    } else if (from === 'ALARM') {
      this.discard(status);
      this.begin(alarm, status, 'ExtensionPeriod', alarm.suppressor!.extensionMillis);
      if (status.pending) alarm.state.suppressedBy = 'ExtensionPeriod';
    }
  }

  /** The alarm is gone or put anew: its periods are discarded. */
  forget(alarm: CompositeAlarm): void {
    const status = this.statuses.get(alarm);
    if (status !== undefined) this.discard(status);
    this.statuses.delete(alarm);
  }

  private statusOf(alarm: CompositeAlarm): Status {
    let status = this.statuses.get(alarm);
    if (status === undefined) this.statuses.set(alarm, (status = { pending: false }));
    return status;
  }

  private begin(alarm: CompositeAlarm, status: Status, by: Period['by'], millis: number): void {
    const end = this.cloud.begin(`${by} of alarm ${alarm.name}`);
    const timer = this.cloud.clock.after(millis, () => {
      status.period = undefined;
      end();
      if (!status.pending) return;
      status.pending = false;
      this.resume(alarm);
    });
    status.period = { by, timer, end };
  }

  private discard(status: Status): void {
    if (status.period === undefined) return;
    this.cloud.clock.cancel(status.period.timer);
    status.period.end();
    status.period = undefined;
  }
}
