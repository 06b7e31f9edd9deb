import { UnsupportedError, type Cloud, type Random, type ServiceDouble, type ServiceEventSink } from '../../cloud/types';
import type { Activities } from './activities';
import type { Definition, Json, MachineType } from './definition';
import { Cancelled, StateError } from './errors';
import { History, type Thread } from './history';
import { runFlow } from './interpreter';
import { stepFunctionsLibrary } from './jsonata';
import type { MapRuns } from './map-run';
import { countExecution } from './metrics';
import { CancelScope, Variables } from './scope';
import type { TaskTokens } from './tokens';
import type { Run } from './visit';
import type { WaitingTask } from './waiting-task';

/** The longest that an express execution runs. */
const EXPRESS_LIMIT_SECONDS = 300;

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface StateMachine {
  arn: string;
  name: string;
  roleArn: string;
  type: MachineType;
  definition: Definition;
  definitionText: string;
  createdAtMillis: number;
}

export interface ExecutionRequest {
  arn: string;
  name: string;
  machine: StateMachine;
  /** JSON text. */
  input: string;
  /** Of a Map Run's child. */
  mapRun?: { arn: string; itemCount: number };
}

export interface Surroundings {
  cloud: Cloud;
  random: Random;
  tokens: TaskTokens;
  mapRuns: MapRuns;
  activities: Activities;
  waiting(task: WaitingTask): void;
  find(executionArn: string): Execution | undefined;
}

/** One run of a state machine, from its start to its end. It keeps the definition and role it was started with. */
export class Execution {
  readonly arn: string;
  readonly name: string;
  readonly input: string;
  readonly machine: StateMachine;
  readonly mapRun: { arn: string; itemCount: number } | undefined;
  readonly startedAtMillis: number;
  readonly history: History;
  /** Settles when the execution ends, however it ends. */
  readonly ended: Promise<void>;
  status: Status = 'RUNNING';
  stoppedAtMillis: number | undefined;
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  private readonly scope = new CancelScope();
  private readonly thread: Thread = { previousEventId: 0 };
  private readonly finishWork: () => void;
  private announceEnd: () => void = () => undefined;

  constructor(
    request: ExecutionRequest,
    private readonly around: Surroundings,
  ) {
    const { cloud } = around;
    this.arn = request.arn;
    this.name = request.name;
    this.input = request.input;
    this.machine = { ...request.machine };
    this.mapRun = request.mapRun;
    this.startedAtMillis = cloud.clock.now();
    this.history = new History(cloud.clock, this.isExpress ? Number.POSITIVE_INFINITY : undefined);
    this.ended = new Promise((resolve) => (this.announceEnd = resolve));
    this.finishWork = cloud.begin(`execution ${this.arn}`);
    this.history.add(this.thread, 'ExecutionStarted', { input: this.input, roleArn: this.machine.roleArn });
    this.announce();
    countExecution(cloud, this);
    this.run().catch((failure: unknown) => this.surface(failure));
  }

  get isExpress(): boolean {
    return this.machine.type === 'EXPRESS';
  }

  stop(error: string | undefined, cause: string | undefined): void {
    this.close('ABORTED', { error, cause });
  }

  private async run(): Promise<void> {
    const { definition } = this.machine;
    const { clock } = this.around.cloud;
    const seconds = Math.min(
      definition.TimeoutSeconds ?? Number.POSITIVE_INFINITY,
      this.isExpress ? EXPRESS_LIMIT_SECONDS : Number.POSITIVE_INFINITY,
    );
    if (Number.isFinite(seconds)) {
      const timer = clock.after(seconds * 1000, () => this.close('TIMED_OUT', { error: 'States.Timeout' }));
      this.scope.onCancel(() => clock.cancel(timer));
    }
    try {
      const frame = { scope: this.scope, variables: new Variables(), thread: this.thread, active: new Set<never>() };
      const output = await this.scope.race(runFlow(this.interpreterRun(), definition, JSON.parse(this.input) as Json, frame));
      this.close('SUCCEEDED', { output: JSON.stringify(output) });
    } catch (failure) {
      if (failure instanceof Cancelled) return;
      if (!(failure instanceof StateError)) throw failure;
      this.close('FAILED', { error: failure.error, cause: failure.causeText });
    }
  }

  private interpreterRun(): Run {
    const { cloud, random, tokens, mapRuns, activities, find } = this.around;
    const { machine } = this;
    const own = random.fork(this.arn);
    return {
      cloud,
      random: own,
      tokens,
      mapRuns,
      activities,
      history: this.history,
      library: stepFunctionsLibrary(cloud.clock, own),
      roleArn: machine.roleArn,
      executionArn: this.arn,
      executionName: this.name,
      machine,
      context: {
        Execution: {
          Id: this.arn,
          Input: JSON.parse(this.input) as Json,
          Name: this.name,
          RoleArn: machine.roleArn,
          StartTime: new Date(this.startedAtMillis).toISOString(),
          RedriveCount: 0,
        },
        StateMachine: { Id: machine.arn, Name: machine.name },
      },
      entered: (state) => cloud.record('states', 'entered', { stateMachine: machine.name, execution: this.name, state }),
      waiting: (task) => this.around.waiting(task),
      childEnded: (arn) => find(arn)?.ended ?? Promise.resolve(),
      stopChild: (arn) => find(arn)?.stop('States.Timeout', 'The parent execution stopped waiting'),
    };
  }

  private close(status: Status, end: { output?: string; error?: string | undefined; cause?: string | undefined }): void {
    if (this.status !== 'RUNNING') return;
    this.status = status;
    this.stoppedAtMillis = this.around.cloud.clock.now();
    ({ output: this.output, error: this.error, cause: this.cause } = { output: undefined, error: undefined, cause: undefined, ...end });
    const type = { RUNNING: '', SUCCEEDED: 'Succeeded', FAILED: 'Failed', TIMED_OUT: 'TimedOut', ABORTED: 'Aborted' }[status];
    const details = Object.fromEntries(Object.entries(end).filter(([, value]) => value !== undefined));
    this.history.add(this.thread, `Execution${type}`, details);
    this.scope.cancel();
    this.announce();
    countExecution(this.around.cloud, this);
    this.finishWork();
    this.announceEnd();
  }

  /** The event that the service puts on the default bus, and the entry in the rehearsal's log. */
  private announce(): void {
    const { cloud } = this.around;
    const { status, machine, error, cause } = this;
    cloud.record('states', status.toLowerCase().replace('_', '-'), {
      stateMachine: machine.name,
      execution: this.name,
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
    });
    // Express workflows announce nothing.
    if (this.isExpress) return;
    cloud.double<ServiceDouble & ServiceEventSink>('eventbridge').emitServiceEvent({
      source: 'aws.states',
      detailType: 'Step Functions Execution Status Change',
      resources: [this.arn],
      detail: {
        executionArn: this.arn,
        executionName: this.name,
        stateMachineArn: machine.arn,
        name: this.name,
        status,
        startDate: this.startedAtMillis,
        stopDate: this.stoppedAtMillis ?? null,
        input: this.input,
        output: this.output ?? null,
        inputDetails: { included: true },
        outputDetails: this.output === undefined ? null : { included: true },
        error: error ?? null,
        cause: cause ?? null,
      },
    });
  }

  /** What the laptop cloud does not support, and its own faults, stop the rehearsal: they are thrown on the clock. */
  private surface(failure: unknown): void {
    this.finishWork();
    this.around.cloud.clock.after(0, () => {
      if (failure instanceof UnsupportedError)
        throw new UnsupportedError(`State machine ${this.machine.name}: ${failure.message}`, { cause: failure });
      throw failure;
    });
  }
}
