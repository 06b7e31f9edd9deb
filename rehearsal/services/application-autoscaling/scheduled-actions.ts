import { AwsError, type Cloud, type Members } from '../../cloud/types';
import { parseSchedule, type Recurrence } from '../scheduler/expression';
import { Recurring } from '../scheduler/recurring';
import { timeZoneOf, type TimeZone } from '../time-zone';
import { invalid, inWords, notFound, scopeOf, type ScalableTarget } from './targets';

interface ScheduledAction {
  arn: string;
  name: string;
  target: ScalableTarget;
  schedule: string;
  timeZone?: string;
  startMillis?: number;
  endMillis?: number;
  minCapacity?: number;
  maxCapacity?: number;
  createdAtMillis: number;
}

/** What a scheduled action does when its time comes. */
export type NewBounds = (target: ScalableTarget, bounds: { minCapacity?: number; maxCapacity?: number }, cause: string) => void;

const timeOf = (value: unknown): number | undefined =>
  value === undefined ? undefined : value instanceof Date ? value.getTime() : Date.parse(String(value));

const optional = <K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> =>
  value === undefined ? {} : ({ [key]: value } as Record<K, T>);

/** Scheduled scaling: new bounds at their times. */
export class ScheduledActions {
  private readonly actions = new Map<string, { action: ScheduledAction; recurring: Recurring }>();
  private readonly random;

  constructor(
    private readonly cloud: Cloud,
    private readonly setBounds: NewBounds,
  ) {
    this.random = cloud.random.fork('application-auto-scaling:scheduled');
  }

  put(input: Members, target: ScalableTarget): ScheduledAction {
    const name = String(input.ScheduledActionName);
    const key = keyOf(target, name);
    const known = this.actions.get(key)?.action;
    const action = this.read(input, name, target, known);
    const recurrence = recurrenceOf(action, this.cloud.clock.now());
    this.actions.get(key)?.recurring.stop();
    const untilMillis = action.endMillis ?? Number.POSITIVE_INFINITY;
    this.actions.set(key, { action, recurring: new Recurring(this.cloud.clock, recurrence, untilMillis, () => this.due(action)) });
    return action;
  }

  remove(input: Members): void {
    const key = [input.ResourceId, input.ScalableDimension, input.ScheduledActionName].map(String).join('|');
    const found = this.actions.get(key);
    if (found === undefined) throw notFound(`No scheduled action found for ${inWords(input)}: ${String(input.ScheduledActionName)}`);
    found.recurring.stop();
    this.actions.delete(key);
  }

  forget(target: ScalableTarget): void {
    for (const [key, { action, recurring }] of this.actions) {
      if (action.target !== target) continue;
      recurring.stop();
      this.actions.delete(key);
    }
  }

  namesOf(target: ScalableTarget): string[] {
    return [...this.actions.values()].flatMap(({ action }) => (action.target === target ? [action.name] : []));
  }

  describe(fits: (target: ScalableTarget, name: string) => boolean): Members[] {
    return [...this.actions.values()].flatMap(({ action }) => (fits(action.target, action.name) ? [describe(action)] : []));
  }

  /** Of one that is there, what is not given stays; but for its start and its end, which go. */
  private read(input: Members, name: string, target: ScalableTarget, known: ScheduledAction | undefined): ScheduledAction {
    const given = input.ScalableTargetAction as Members | undefined;
    const schedule = (input.Schedule ?? known?.schedule) as string | undefined;
    if (schedule === undefined) throw invalid('Schedule must be specified for a new scheduled action.');
    if (given === undefined && known === undefined) throw invalid('ScalableTargetAction must be specified for a new scheduled action.');
    const minCapacity = (given === undefined ? known?.minCapacity : given.MinCapacity) as number | undefined;
    const maxCapacity = (given === undefined ? known?.maxCapacity : given.MaxCapacity) as number | undefined;
    if (minCapacity === undefined && maxCapacity === undefined)
      throw invalid('ScalableTargetAction must specify MinCapacity, MaxCapacity, or both.');
    if (minCapacity !== undefined && maxCapacity !== undefined && minCapacity > maxCapacity)
      throw invalid('Maximum capacity cannot be less than minimum capacity');
    return {
      arn: known?.arn ?? this.arnOf(target, name),
      name,
      target,
      schedule,
      ...optional('timeZone', (input.Timezone ?? known?.timeZone) as string | undefined),
      ...optional('startMillis', timeOf(input.StartTime)),
      ...optional('endMillis', timeOf(input.EndTime)),
      ...optional('minCapacity', minCapacity),
      ...optional('maxCapacity', maxCapacity),
      createdAtMillis: known?.createdAtMillis ?? this.cloud.clock.now(),
    };
  }

  private arnOf({ resourceId }: ScalableTarget, name: string): string {
    return this.cloud.arn(
      'autoscaling',
      `scheduledAction:${this.random.uuid()}:resource/sagemaker/${resourceId}:scheduledActionName/${name}`,
    );
  }

  private due({ target, name, minCapacity, maxCapacity }: ScheduledAction): void {
    if (target.suspended.scheduled) return;
    const bounds = { ...optional('minCapacity', minCapacity), ...optional('maxCapacity', maxCapacity) };
    this.setBounds(target, bounds, `scheduled action name ${name} was triggered`);
  }
}

const keyOf = ({ resourceId, dimension }: ScalableTarget, name: string): string => [resourceId, dimension, name].join('|');

function recurrenceOf({ schedule, timeZone, startMillis, endMillis }: ScheduledAction, nowMillis: number): Recurrence {
  if (startMillis !== undefined && endMillis !== undefined && endMillis <= startMillis)
    throw invalid('The end time of a scheduled action must be later than its start time.');
  let recurrence: Recurrence;
  try {
    recurrence = parseSchedule(schedule, startMillis ?? nowMillis);
  } catch (error) {
    throw error instanceof AwsError ? invalid(`Schedule expression is not valid: ${schedule}. Use at(…), rate(…) or cron(…).`) : error;
  }
  const zone = timeZoneOf(timeZone ?? 'UTC');
  if (zone === undefined) throw invalid(`Timezone ${timeZone} is not known. Use a canonical name, such as Etc/GMT+9 or Pacific/Tahiti.`);
  const local = recurrence.kind === 'rate' ? recurrence : inZone(recurrence, zone);
  // Without a start a rate's first time is one period ahead.
  const fromMillis = startMillis === undefined ? nowMillis : startMillis - 1;
  return { ...local, next: (afterMillis) => local.next(Math.max(afterMillis, fromMillis)) };
}

/** Fixed points of a wall clock. What the clock skips comes when it has been put forward; what it shows twice comes once. */
function inZone(recurrence: Recurrence, zone: TimeZone): Recurrence {
  const next = (afterMillis: number): number | undefined => {
    let wall = afterMillis + zone.aheadOf(afterMillis);
    for (;;) {
      const found = recurrence.next(wall);
      if (found === undefined) return undefined;
      const utc = zone.toUtc(found);
      if (utc > afterMillis) return utc;
      wall = found;
    }
  };
  return { ...recurrence, next };
}

const describe = (action: ScheduledAction): Members => ({
  ...scopeOf(action.target),
  ScheduledActionName: action.name,
  ScheduledActionARN: action.arn,
  Schedule: action.schedule,
  ...optional('Timezone', action.timeZone),
  ...(action.startMillis === undefined ? {} : { StartTime: new Date(action.startMillis) }),
  ...(action.endMillis === undefined ? {} : { EndTime: new Date(action.endMillis) }),
  ScalableTargetAction: { ...optional('MinCapacity', action.minCapacity), ...optional('MaxCapacity', action.maxCapacity) },
  CreationTime: new Date(action.createdAtMillis),
});
