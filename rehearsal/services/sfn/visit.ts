import type { Cloud, Random } from '../../cloud/types';
import type { Activities } from './activities';
import type { Json, State } from './definition';
import { exceedsPayloadLimit, tooLarge, VARIABLES_LIMIT_BYTES, type StateError } from './errors';
import type { StateMachine } from './execution';
import type { History, Thread } from './history';
import type { MapRun, MapRuns } from './map-run';
import { languageOf, type Exit, type Given, type QueryLanguage } from './query-language';
import type { CancelScope, Variables } from './scope';
import type { TaskTokens } from './tokens';
import type { WaitingTask } from './waiting-task';

/** One execution, as its states see it. */
export interface Run {
  readonly cloud: Cloud;
  readonly random: Random;
  readonly history: History;
  readonly tokens: TaskTokens;
  readonly mapRuns: MapRuns;
  readonly activities: Activities;
  readonly library: Record<string, unknown>;
  readonly roleArn: string;
  readonly executionArn: string;
  readonly executionName: string;
  readonly machine: StateMachine;
  /** `Execution` and `StateMachine` of the context object. */
  readonly context: Record<string, Json>;
  /** Told of every state entered. */
  entered(stateName: string): void;
  /** Waits for the end of another execution, for startExecution.sync:2. */
  childEnded(executionArn: string): Promise<void>;
  /** Told of every task that waits for somebody's answer. */
  waiting(task: WaitingTask): void;
  /** Ends a child whose parent stopped waiting. */
  stopChild(executionArn: string): void;
}

/** Where a flow runs. */
export interface Frame {
  readonly scope: CancelScope;
  readonly variables: Variables;
  readonly thread: Thread;
  /** `Map` of the context object, inside an iteration. */
  readonly mapContext?: Record<string, Json>;
  /** States entered and not yet left, to be reported as aborted when the frame's scope ends. */
  readonly active: Set<Visit>;
}

export interface Step {
  output: Json;
  /** Absent: the flow ends here. */
  next: string | undefined;
}

/** One pass through one state. */
export class Visit {
  readonly enteredId: number;
  readonly enteredAt: string;
  readonly language: QueryLanguage;
  retryCount = 0;
  taskToken: string | undefined;
  /** A distributed Map's, while it runs. */
  mapRun: MapRun | undefined;
  /** A Parallel whose failed branches were reported as aborted writes no failure of its own. */
  abortedBranches = false;

  constructor(
    readonly run: Run,
    readonly frame: Frame,
    readonly name: string,
    readonly state: State,
    readonly input: Json,
  ) {
    this.language = languageOf(state);
    this.enteredId = this.event(`${state.Type}StateEntered`, { name, input: JSON.stringify(input) });
    this.enteredAt = new Date(run.cloud.clock.now()).toISOString();
    run.entered(name);
  }

  event(type: string, details?: Record<string, unknown>): number {
    return this.run.history.add(this.frame.thread, type, details);
  }

  tellWaiting(task: Pick<WaitingTask, 'arguments' | 'token' | 'activityArn'>): void {
    const { executionArn, executionName, machine } = this.run;
    this.run.waiting({ executionArn, executionName, stateMachineArn: machine.arn, state: this.name, input: this.input, ...task });
  }

  /** The context object. */
  context(): Record<string, Json> {
    return {
      ...this.run.context,
      State: {
        EnteredTime: this.enteredAt,
        Name: this.name,
        ...(this.language.countsRetries(this.state) ? { RetryCount: this.retryCount } : {}),
      },
      ...(this.taskToken === undefined ? {} : { Task: { Token: this.taskToken } }),
      ...(this.frame.mapContext === undefined ? {} : { Map: this.frame.mapContext }),
    };
  }

  /** A positive whole number, as timeouts are. */
  async positiveInteger(owner: object, field: string, within = ''): Promise<number | undefined> {
    const value = await this.language.number(this, { owner, field, within });
    if (value !== undefined && (!Number.isInteger(value) || value < 1))
      throw this.failure(`The ${within}${field} field must be a positive integer but was: ${value}`, `${within}${field}`);
    return value;
  }

  /** The error of a field whose value is not allowed, for the state's own Retry and Catch. */
  failure(message: string, location: string): StateError {
    return this.language.failure(this, message, location);
  }

  explain(message: string): string {
    return `An error occurred while executing the state '${this.name}' (entered at the event id #${this.enteredId}). ${message}`;
  }

  /**
   * Assigns variables, evaluates the output and leaves the state. Both see the variables as they were.
   * What is assigned may together be no larger than an output, and what is stored no larger than 10 MiB.
   */
  async leave(exit: Exit, given: Given): Promise<Json> {
    const { assigned, output } = await this.language.leave(this, exit, given);
    const text = JSON.stringify(output);
    if (exceedsPayloadLimit(text)) throw tooLarge(this.name, true);
    const texts = assigned === undefined ? [] : Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)] as const);
    if (assigned !== undefined) {
      const { variables } = this.frame;
      if (exceedsPayloadLimit(texts.map(([, value]) => value).join(''))) throw tooLarge(this.name, true);
      if (variables.bytesWith(texts) > VARIABLES_LIMIT_BYTES) throw tooLarge(this.name, true);
      variables.assign(assigned, texts);
    }
    this.event(`${this.state.Type}StateExited`, {
      name: this.name,
      output: text,
      ...(texts.length === 0 ? {} : { assignedVariables: Object.fromEntries(texts) }),
    });
    return output;
  }
}
