import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnsupportedError, type Members } from '../../../../rehearsal/cloud/types';
import { createStepFunctions } from '../../../../rehearsal/services/sfn';
import { FakeCloud, world } from '../../support/fake-cloud';

/** Answers that AWS Step Functions gave, from LocalStack's AWS-validated snapshots (Apache-2.0, LocalStack contributors). */
const file = join(__dirname, '../../../../../shared/conformance/stepfunctions.jsonl');

interface Row {
  id: string;
  queryLanguage: string;
  definition: unknown;
  input: unknown;
  submittedInput?: unknown;
  lambdas: Record<string, string>;
  end: Record<string, unknown>;
  history: Record<string, unknown>[];
}

/** These mix JSONPath states with JSONata ones. JSONPath is refused at load, with the state's name: the test checks that too. */
const REFUSED: Record<string, string> = {
  'arguments/test_arguments.py::TestArgumentsBase::test_base_cases[BASE_LAMBDA_EXPRESSION]': 'Init assigns with a JSONPath',
  'query_language/test_mixed_query_language.py::TestMixedQueryLanguageFlow::test_lambda_task_resource_data_flow[TASK_LAMBDA_LEGACY_RESOURCE_JSONPATH_TO_JSONATA]':
    'JsonPathState is a JSONPath Task',
  'query_language/test_mixed_query_language.py::TestMixedQueryLanguageFlow::test_lambda_task_resource_data_flow[TASK_LAMBDA_SDK_RESOURCE_JSONPATH_TO_JSONATA]':
    'JsonPathState is a JSONPath Task',
  'query_language/test_mixed_query_language.py::TestMixedQueryLanguageFlow::test_output_to_state[JSONPATH_OUTPUT_TO_JSONATA]':
    'JSONataState is a JSONPath Pass with Parameters',
  'query_language/test_mixed_query_language.py::TestMixedQueryLanguageFlow::test_task_dataflow_to_state':
    'StateJsonPath is a JSONPath Pass with ResultPath',
};

/** Members whose recorded values are placeholders, where they are text. */
const PLACEHOLDERS = /^(requestId|Bucket|FunctionName|functionName|CredentialsRoleArn|TimestampValue)$/;
/** Headers of an HTTP answer: placeholders, dates and ids. */
const HTTP = /^Sdk(Http|Response)Metadata$/;
const FUNCTION_ARN = /^arn:[^:]+:lambda:[^:]+:\d+:function:.+$/;

function isVolatile(key: string, value: unknown): boolean {
  return HTTP.test(key) || (typeof value === 'string' && (PLACEHOLDERS.test(key) || FUNCTION_ARN.test(value)));
}

function handler(source: string, payload: Uint8Array, requestId: string): Members {
  if (source === 'id_function.py') return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: payload };
  if (source !== 'raise_exception.py') throw new Error(`no handler for ${source}`);
  const stackTrace = ['  File "/var/task/handler.py", line 2, in handler\n    raise Exception("Some exception was raised.")\n'];
  const report = { errorMessage: 'Some exception was raised.', errorType: 'Exception', requestId, stackTrace };
  return { StatusCode: 200, FunctionError: 'Unhandled', ExecutedVersion: '$LATEST', Payload: Buffer.from(JSON.stringify(report)) };
}

/** Parses JSON text inside, and blanks what the recording replaced by placeholders. */
function normalised(value: unknown): unknown {
  if (typeof value === 'string') {
    if (/^[[{]/.test(value)) {
      try {
        return normalised(JSON.parse(value));
      } catch {
        return value;
      }
    }
    return value;
  }
  if (Array.isArray(value)) return value.map(normalised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, isVolatile(key, member) ? `<${key}>` : normalised(member)])
      .sort(([left], [right]) => String(left).localeCompare(String(right))),
  );
}

/** Objects that the recorded executions read: the recordings hold what came of them, not the objects. */
const OBJECTS: Record<string, string> = {
  'file.json': JSON.stringify([
    { verdict: 'true', statement_date: '6/11/2008', statement_source: 'speech' },
    { verdict: 'false', statement_date: '6/7/2022', statement_source: 'television' },
    { verdict: 'mostly-true', statement_date: '5/18/2016', statement_source: 'news' },
    { verdict: 'false', statement_date: '5/18/2024', statement_source: 'x' },
  ]),
};

const SHOWN = ['name', 'input', 'output', 'assignedVariables', 'error', 'cause', 'resource', 'resourceType', 'length', 'index'];

function shown(event: Members): Record<string, unknown> {
  const details = (Object.entries(event).find(([key]) => key.endsWith('EventDetails'))?.[1] ?? {}) as Record<string, unknown>;
  const kept = Object.entries(details).filter(([key]) => SHOWN.includes(key));
  return { type: event.type, ...Object.fromEntries(kept.map(([key, value]) => [key, parsedOutermost(key, value)])) };
}

function parsedOutermost(key: string, value: unknown): unknown {
  return (key === 'input' || key === 'output') && typeof value === 'string' ? JSON.parse(value) : value;
}

interface Replayed {
  events: Record<string, unknown>[];
  /** What DescribeExecution says of the end. */
  end: Record<string, unknown>;
}

async function replay(row: Row): Promise<Replayed> {
  const cloud = new FakeCloud();
  cloud.add({ service: 'eventbridge', operations: {}, emitServiceEvent: () => undefined } as never);
  let invocations = 0;
  cloud.stub('lambda', {
    Invoke: ({ FunctionName, Payload }) => {
      const source = row.lambdas[String(FunctionName).replace(/^.*:/, '')];
      if (source === undefined) throw new Error(`no function ${String(FunctionName)}`);
      invocations += 1;
      return handler(source, Payload as Uint8Array, `<uuid:${invocations}>`);
    },
  });
  cloud.stub('s3', {
    GetObject: ({ Key }) => {
      const body = OBJECTS[String(Key)];
      if (body === undefined) throw new Error(`no object ${String(Key)}`);
      return { Body: Buffer.from(body) };
    },
  });
  const sfn = cloud.add(createStepFunctions(cloud));
  const machine = sfn.putStateMachine('machine', JSON.stringify(row.definition), 'arn:aws:iam::111111111111:role/machine');
  const input = JSON.stringify(row.submittedInput ?? row.input);
  const call = cloud.call('sfn', 'StartExecution', { stateMachineArn: machine.arn, name: 'run', input }, world);
  await cloud.clock.run();
  const { executionArn } = await call;
  const pages = cloud.call('sfn', 'GetExecutionHistory', { executionArn, maxResults: 1000 }, world);
  const description = cloud.call('sfn', 'DescribeExecution', { executionArn }, world);
  await cloud.clock.run();
  const { status, output, error, cause } = await description;
  return {
    events: ((await pages).events as Members[]).map(shown),
    end: {
      type: { SUCCEEDED: 'ExecutionSucceeded', FAILED: 'ExecutionFailed', TIMED_OUT: 'ExecutionTimedOut' }[String(status)],
      ...(output === undefined ? {} : { output: JSON.parse(output as string) as unknown }),
      ...(error === undefined ? {} : { error: error as unknown }),
      ...(cause === undefined ? {} : { cause: cause as unknown }),
    },
  };
}

/**
 * Between ParallelStateStarted and the next event of a Parallel the recordings are sorted, which lost ParallelStateSucceeded:
 * there the same events must have happened, in any order. Everywhere else the order counts.
 */
function comparable(events: Record<string, unknown>[]): string[] {
  const lines: string[] = [];
  const branches: string[] = [];
  let inside = false;
  for (const event of events) {
    const type = String(event.type);
    const line = JSON.stringify(normalised(event));
    if (inside && !/^ParallelState(Started|Succeeded|Failed|Aborted|Exited)$|^Execution/.test(type)) {
      branches.push(line);
      continue;
    }
    lines.push(...branches.splice(0).sort());
    inside = type === 'ParallelStateStarted';
    if (type !== 'ParallelStateSucceeded') lines.push(line);
  }
  return [...lines, ...branches];
}

if (!existsSync(file)) {
  console.warn(`NOT COMPARED WITH AWS: the recordings of Step Functions are not beside the repository (${file}).`);
  it.skip(`not compared with AWS: no recordings at ${file}`, () => undefined);
} else {
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
    .filter((row) => row.queryLanguage === 'JSONata');

  it('leaves out at most five recordings, all of them there', () => {
    expect(rows.length).toBeGreaterThanOrEqual(100);
    expect(Object.keys(REFUSED).length).toBeLessThanOrEqual(5);
    expect(Object.keys(REFUSED).filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
  });

  it('tells a different history apart: another output, error, variable, order or length', async () => {
    const byId = (part: string): Row => {
      const found = rows.find((row) => row.id.includes(part));
      if (found === undefined) throw new Error(`no recording of ${part}`);
      return found;
    };
    const altered = (row: Row, index: number, change: Record<string, unknown>): Record<string, unknown>[] =>
      row.history.map((event, at) => (at === index ? { ...event, ...change } : event));
    const differs = async (row: Row, history: Record<string, unknown>[]): Promise<void> => {
      const { events } = await replay(row);
      expect(comparable(events)).toEqual(comparable(row.history));
      expect(comparable(events)).not.toEqual(comparable(history));
    };
    const succeeds = byId('test_output_in_choice[CONDITION_TRUE]');
    await differs(succeeds, altered(succeeds, succeeds.history.length - 1, { output: 'something else' }));
    await differs(succeeds, succeeds.history.slice(0, -1));
    await differs(succeeds, [...succeeds.history].reverse());
    const fails = byId('test_undefined_reference[BASE_UNDEFINED_ARGUMENTS]');
    await differs(fails, altered(fails, fails.history.length - 1, { error: 'States.Runtime' }));
    const assigns = byId('test_assign_in_choice[CONDITION_TRUE]');
    const at = assigns.history.findIndex((event) => event.assignedVariables !== undefined);
    await differs(assigns, altered(assigns, at, { assignedVariables: {} }));
  });

  it.each(rows.filter((row) => row.id in REFUSED).map((row) => [row.id, row] as const))('refuses %s', (_id, row) => {
    const cloud = new FakeCloud();
    cloud.stub('lambda', { Invoke: () => ({}) });
    const state = REFUSED[row.id]?.split(' ')[0] ?? '';
    const load = () => createStepFunctions(cloud).putStateMachine('machine', JSON.stringify(row.definition), 'role');
    expect(load).toThrow(UnsupportedError);
    expect(load).toThrow(state);
  });

  it.each(rows.filter((row) => !(row.id in REFUSED)).map((row) => [row.id, row] as const))('answers as AWS: %s', async (_id, row) => {
    const { events, end } = await replay(row);
    expect(comparable(events)).toEqual(comparable(row.history));
    expect(normalised(end)).toEqual(normalised(row.end));
  });
}
