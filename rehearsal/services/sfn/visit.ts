import type { Cloud, Random } from '../../cloud/types';
import type { Json, State } from './definition';
import { exceedsPayloadLimit, QueryError, StateError, tooLarge, VARIABLES_LIMIT_BYTES } from './errors';
import type { StateMachine } from './execution';
import type { History, Thread } from './history';
import type { Bindings } from './jsonata';
import { evaluate, evaluateAs } from './jsonata';
import type { MapRun, MapRuns } from './map-run';
import type { CancelScope, Variables } from './scope';
import type { TaskTokens } from './tokens';

/** One execution, as its states see it. */
export interface Run {
  readonly cloud: Cloud;
  readonly random: Random;
  readonly history: History;
  readonly tokens: TaskTokens;
  readonly mapRuns: MapRuns;
  readonly library: Record<string, unknown>;
  readonly roleArn: string;
  readonly executionArn: string;
  readonly machine: StateMachine;
  /** `Execution` and `StateMachine` of the context object. */
  readonly context: Record<string, Json>;
  /** Told of every state entered. */
  entered(stateName: string): void;
  /** Waits for the end of another execution, for startExecution.sync:2. */
  childEnded(executionArn: string): Promise<void>;
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
    this.enteredId = this.event(`${state.Type}StateEntered`, { name, input: JSON.stringify(input) });
    this.enteredAt = new Date(run.cloud.clock.now()).toISOString();
    run.entered(name);
  }

  event(type: string, details?: Record<string, unknown>): number {
    return this.run.history.add(this.frame.thread, type, details);
  }

  private bindings(more: Record<string, unknown>): Bindings {
    const context: Record<string, unknown> = {
      ...this.run.context,
      State: { EnteredTime: this.enteredAt, Name: this.name, RetryCount: this.retryCount },
      ...(this.taskToken === undefined ? {} : { Task: { Token: this.taskToken } }),
      ...(this.frame.mapContext === undefined ? {} : { Map: this.frame.mapContext }),
    };
    const { context: moreContext, ...rest } = more;
    const states = { input: this.input, context: { ...context, ...(moreContext as object | undefined) }, ...rest };
    return { ...this.run.library, ...this.frame.variables.all(), states };
  }

  /** Evaluates a field; `more` adds to `$states` (result, errorOutput, further context). */
  async evaluate(template: Json, field: string, more: Record<string, unknown> = {}): Promise<Json> {
    return this.failing(() => evaluate(template, field, this.bindings(more)));
  }

  async evaluateAs(type: string | readonly string[], template: Json, field: string, more: Record<string, unknown> = {}): Promise<Json> {
    return this.failing(() => evaluateAs([type].flat(), template, field, this.bindings(more)));
  }

  /** A positive whole number, as timeouts are. */
  async positiveInteger(template: Json | undefined, field: string): Promise<number | undefined> {
    if (template === undefined) return undefined;
    const value = (await this.evaluateAs('number', template, field)) as number;
    if (!Number.isInteger(value) || value < 1)
      throw this.queryFailure(`The ${field} field must be a positive integer but was: ${value}`, field);
    return value;
  }

  private async failing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (failure) {
      if (failure instanceof QueryError) throw this.queryFailure(failure.message, failure.location);
      throw failure;
    }
  }

  /** Records that an expression failed, and returns the error for the state's own Retry and Catch. */
  queryFailure(message: string, location: string): StateError {
    const cause = this.explain(message);
    const failure = new StateError('States.QueryEvaluationError', cause, { location });
    this.event('EvaluationFailed', { state: this.name, location, error: failure.error, cause });
    return failure;
  }

  explain(message: string): string {
    return `An error occurred while executing the state '${this.name}' (entered at the event id #${this.enteredId}). ${message}`;
  }

  /**
   * Assigns variables, evaluates the output and leaves the state. Both see the variables as they were.
   * What is assigned may together be no larger than an output, and what is stored no larger than 10 MiB.
   */
  async leave(
    fields: { Assign?: Record<string, Json>; Output?: Json; location?: string },
    fallback: Json,
    more: Record<string, unknown> = {},
  ): Promise<Json> {
    const prefix = fields.location ?? '';
    const assigned =
      fields.Assign === undefined ? undefined : ((await this.evaluate(fields.Assign, `${prefix}Assign`, more)) as Record<string, Json>);
    const output = fields.Output === undefined ? fallback : await this.evaluate(fields.Output, `${prefix}Output`, more);
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
