import { AwsError, type Members } from '../../../../rehearsal/cloud/types';
import { createStepFunctions } from '../../../../rehearsal/services/sfn';
import { FakeCloud, world } from '../../support/fake-cloud';
import type { Answer, AslCase, Callback } from './types';

const ROLE = 'arn:aws:iam::111111111111:role/machine';

/** What came of a case. */
export interface Observed {
  refused?: string;
  status?: string;
  output?: unknown;
  outputText?: string;
  error?: string;
  cause?: string;
  history: string[];
  seconds: number;
  retryWaits: number[];
  calls: unknown[];
  children: string[];
  callbackErrors: string[];
  written: Record<string, unknown>;
}

/** The one activity there is, for machines that have one. */
const ACTIVITY = 'HelloActivity';
const FAILED_ATTEMPT = /^(Task|LambdaFunction)(Failed|TimedOut)$|^EvaluationFailed$/;
/** The part of a result's key that is made up. */
const MAP_RUN_ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const NEXT_ATTEMPT = /^(Task|LambdaFunction)Scheduled$/;

/** Stands in for AWS Lambda and Amazon S3; its calls take no time unless a case says so. */
class World {
  readonly cloud = new FakeCloud();
  readonly sfn = this.cloud.add(createStepFunctions(this.cloud));
  readonly calls: unknown[] = [];
  readonly tokens: string[] = [];
  readonly written: Record<string, unknown> = {};
  private readonly answered = new Map<string, number>();

  constructor(private readonly row: AslCase) {
    this.stub('eventbridge', {});
    this.stub('lambda', { Invoke: (input) => this.invoke(input) });
    this.stub('s3', {
      GetObject: ({ Key }) => this.read(String(Key)),
      PutObject: ({ Bucket, Key, Body }) => this.write(String(Bucket), String(Key), Body),
      ListObjectsV2: () => ({}),
    });
  }

  private stub(service: string, operations: Record<string, (input: Members) => Members | Promise<Members>>): void {
    const made = Object.entries(operations).map(([name, run]) => [name, { permissions: () => [], latencyMillis: () => 0, run }]);
    this.cloud.add({ service, operations: Object.fromEntries(made), emitServiceEvent: () => undefined } as never);
  }

  private async invoke(input: Members): Promise<Members> {
    const name = String(input.FunctionName).replace(/^.*:function:/, '');
    const given = JSON.parse(Buffer.from(input.Payload as Uint8Array).toString()) as unknown;
    this.calls.push(given);
    const token = (given as { token?: string } | null)?.token;
    if (token !== undefined) this.tokens.push(token);
    const answers: Answer[] = this.row.functions?.[name] ?? [];
    const turn = this.answered.get(name) ?? 0;
    this.answered.set(name, turn + 1);
    const answer = answers[Math.min(turn, answers.length - 1)] ?? {};
    if (answer.takesSeconds !== undefined) await this.cloud.clock.sleep(answer.takesSeconds * 1000);
    const failure = { errorType: answer.error, errorMessage: answer.message ?? 'failed' };
    const result = answer.error === undefined ? ('output' in answer ? answer.output : given) : failure;
    return {
      StatusCode: 200,
      ...(answer.error === undefined ? {} : { FunctionError: 'Unhandled' }),
      Payload: Buffer.from(JSON.stringify(result)),
    };
  }

  private read(key: string): Members {
    const text = this.row.objects?.[key];
    if (text === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    return { Body: Buffer.from(text), ContentLength: Buffer.byteLength(text) };
  }

  private write(bucket: string, key: string, body: unknown): Members {
    if (bucket === 'missing') throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    const text = Buffer.from(body as Uint8Array).toString('utf8');
    this.written[key.replace(MAP_RUN_ID, '<id>')] = key.endsWith('.json') ? (JSON.parse(text) as unknown) : text;
    return {};
  }

  async call(operation: string, input: Members): Promise<Members> {
    const answer = this.cloud.call('sfn', operation, input, world);
    answer.catch(() => undefined);
    await this.cloud.clock.run(this.cloud.clock.now() + 5);
    return answer;
  }

  private async take(): Promise<undefined> {
    const { taskToken } = await this.call('GetActivityTask', { activityArn: this.cloud.arn('states', `activity:${ACTIVITY}`) });
    this.tokens.push(taskToken as string);
    return undefined;
  }

  async send(callback: Callback, startMillis: number): Promise<string | undefined> {
    await this.cloud.clock.run(startMillis + callback.atSeconds * 1000);
    if (callback.send === 'take') return this.take();
    const taskToken = callback.literalToken ?? this.tokens[callback.token ?? 0];
    const { output, error, cause } = callback;
    const [operation, more]: [string, Members] = {
      success: ['SendTaskSuccess', { output }] as [string, Members],
      failure: ['SendTaskFailure', { error, cause }] as [string, Members],
      heartbeat: ['SendTaskHeartbeat', {}] as [string, Members],
    }[callback.send];
    try {
      await this.call(operation, { taskToken, ...more });
      return undefined;
    } catch (failure) {
      if (failure instanceof AwsError) return failure.code;
      throw failure;
    }
  }
}

function definitionOf(states: Members | undefined, more: Members = {}): string {
  const machine = {
    QueryLanguage: 'JSONata',
    ...(states === undefined ? {} : { StartAt: Object.keys(states)[0], States: states }),
    ...more,
  };
  return JSON.stringify(machine);
}

function retryWaits(events: { type: string; atMillis: number }[]): number[] {
  const waits: number[] = [];
  let failedAtMillis: number | undefined;
  for (const { type, atMillis } of events) {
    if (NEXT_ATTEMPT.test(type) && failedAtMillis !== undefined) waits.push((atMillis - failedAtMillis) / 1000);
    failedAtMillis = FAILED_ATTEMPT.test(type) ? atMillis : undefined;
  }
  return waits;
}

/** Loads the case's machines, runs one execution on virtual time and tells what came of it. */
export async function observe(row: AslCase): Promise<Observed> {
  const made = new World(row);
  const { cloud, sfn } = made;
  const nothing = { history: [], seconds: 0, retryWaits: [], calls: [], children: [], callbackErrors: [], written: {} };
  let arn: string;
  try {
    for (const [name, states] of Object.entries(row.children ?? {})) sfn.putStateMachine(name, definitionOf(states), ROLE);
    ({ arn } = sfn.putStateMachine('machine', definitionOf(row.states, row.machine), ROLE));
  } catch (failure) {
    return { ...nothing, refused: (failure as Error).message };
  }
  if (JSON.stringify(row.states ?? {}).includes(`:activity:${ACTIVITY}`)) await made.call('CreateActivity', { name: ACTIVITY });
  const input = 'input' in row ? { input: JSON.stringify(row.input) } : {};
  const { executionArn } = await made.call('StartExecution', { stateMachineArn: arn, name: 'run', ...input });
  const execution = sfn.allExecutions().find((candidate) => candidate.arn === executionArn);
  if (execution === undefined) throw new Error('the execution did not start');
  const callbackErrors: string[] = [];
  for (const callback of row.callbacks ?? []) {
    const code = await made.send(callback, execution.startedAtMillis);
    if (code !== undefined) callbackErrors.push(code);
  }
  await cloud.clock.run();
  const { status, output, error, cause, history } = execution;
  return {
    status,
    ...(output === undefined ? {} : { output: JSON.parse(output) as unknown, outputText: output }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    history: history.events.map((event) => event.type),
    seconds: Math.round(((execution.stoppedAtMillis ?? cloud.clock.now()) - execution.startedAtMillis) / 100) / 10,
    retryWaits: retryWaits(history.events),
    calls: made.calls,
    children: sfn
      .allExecutions()
      .filter((other) => other !== execution)
      .map((other) => other.status),
    callbackErrors,
    written: made.written,
  };
}
