import { AwsError, type Clock, type Members, type Random } from '../../cloud/types';
import type { Execution, StateMachine, Status } from './execution';
import type { ChildInput } from './item-batcher';
import type { MapLimits } from './map-fields';

/** One child execution of a Map Run, from before it starts. */
export interface MapRunChild extends ChildInput {
  readonly name: string;
  readonly mapRun: MapRun;
  execution?: Execution;
}

export type MapRunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

export interface MapRunRequest {
  arn: string;
  /** The execution that the Map stands in. */
  parent: { arn: string; machineArn: string };
  /** What the children are executions of. */
  machine: StateMachine;
  limits: MapLimits;
}

/** One pass through a distributed Map. */
export class MapRun {
  readonly startedAtMillis: number;
  stoppedAtMillis: number | undefined;
  status: MapRunStatus = 'RUNNING';
  children: readonly MapRunChild[] = [];
  resultsWritten = false;
  private itemTotal = 0;
  private itemsFailed = 0;

  constructor(
    readonly request: MapRunRequest,
    private readonly clock: Clock,
  ) {
    this.startedAtMillis = clock.now();
  }

  get arn(): string {
    return this.request.arn;
  }

  /** The last part of the ARN, under which results are written. */
  get id(): string {
    return this.arn.slice(this.arn.lastIndexOf(':') + 1);
  }

  plan(children: readonly MapRunChild[]): void {
    this.children = children;
    this.itemTotal = children.reduce((sum, child) => sum + child.itemCount, 0);
  }

  /** Counts a child that ended other than well; all of its items failed. */
  failed(child: MapRunChild): void {
    this.itemsFailed += child.itemCount;
  }

  get exceedsTolerance(): boolean {
    const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = this.request.limits;
    if (count === undefined && percentage === undefined) return this.itemsFailed > 0;
    if (count !== undefined && this.itemsFailed > count) return true;
    return percentage !== undefined && this.itemTotal > 0 && (this.itemsFailed / this.itemTotal) * 100 > percentage;
  }

  close(status: MapRunStatus): void {
    if (this.status !== 'RUNNING') return;
    this.status = status;
    this.stoppedAtMillis = this.clock.now();
  }

  stopChildren(): void {
    for (const { execution } of this.children) execution?.stop(undefined, undefined);
  }

  describe(): Members {
    const { parent, limits } = this.request;
    return {
      mapRunArn: this.arn,
      executionArn: parent.arn,
      status: this.status,
      startDate: new Date(this.startedAtMillis),
      ...(this.stoppedAtMillis === undefined ? {} : { stopDate: new Date(this.stoppedAtMillis) }),
      maxConcurrency: limits.concurrency,
      toleratedFailureCount: limits.toleratedFailureCount ?? 0,
      toleratedFailurePercentage: limits.toleratedFailurePercentage ?? 0,
      itemCounts: this.counts((child) => child.itemCount),
      executionCounts: this.counts(() => 1),
      redriveCount: 0,
    };
  }

  listed(): Members {
    const { parent, machine } = this.request;
    return {
      executionArn: parent.arn,
      mapRunArn: this.arn,
      stateMachineArn: machine.arn,
      startDate: new Date(this.startedAtMillis),
      ...(this.stoppedAtMillis === undefined ? {} : { stopDate: new Date(this.stoppedAtMillis) }),
    };
  }

  private counts(weight: (child: MapRunChild) => number): Members {
    const by: Record<Status | 'PENDING', number> = { PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, ABORTED: 0 };
    for (const child of this.children) by[child.execution?.status ?? 'PENDING'] += weight(child);
    const ended = by.SUCCEEDED + by.FAILED + by.TIMED_OUT + by.ABORTED;
    return {
      pending: by.PENDING,
      running: by.RUNNING,
      succeeded: by.SUCCEEDED,
      failed: by.FAILED,
      timedOut: by.TIMED_OUT,
      aborted: by.ABORTED,
      total: ended + by.PENDING + by.RUNNING,
      resultsWritten: this.resultsWritten ? ended : 0,
    };
  }
}

/** All Map Runs, and the children that are about to start. */
export class MapRuns {
  private readonly runs = new Map<string, MapRun>();
  private readonly awaited = new Map<string, MapRunChild>();

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** `label`: the Map state's own, which AWS makes up where it has none. */
  open(parent: MapRunRequest['parent'], base: StateMachine, label: string | undefined, path: string, limits: MapLimits): MapRun {
    const named = label ?? this.random.fork(`label ${base.arn} ${path}`).uuid();
    const machine = { ...base, arn: `${base.arn}/${named}`, name: `${base.name}/${named}` };
    const arn = `${machine.arn.replace(':stateMachine:', ':mapRun:')}:${this.random.uuid()}`;
    const mapRun = new MapRun({ arn, parent, machine, limits }, this.clock);
    this.runs.set(arn, mapRun);
    return mapRun;
  }

  /** Lets StartExecution know that this name is a child's. */
  expect(child: MapRunChild): void {
    this.awaited.set(`${child.mapRun.request.machine.arn} ${child.name}`, child);
  }

  /** The child that a StartExecution starts; undefined where it is no child. */
  take(stateMachineArn: string, name: string | undefined): MapRunChild | undefined {
    if (this.awaited.size === 0) return undefined;
    const key = `${stateMachineArn} ${name}`;
    const child = this.awaited.get(key);
    this.awaited.delete(key);
    return child;
  }

  get(arn: string): MapRun {
    const found = this.runs.get(arn);
    if (found === undefined) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
    return found;
  }

  of(executionArn: string): MapRun[] {
    return [...this.runs.values()].filter((mapRun) => mapRun.request.parent.arn === executionArn);
  }
}
