import type { Members } from '../../../../rehearsal/cloud/types';

/** Where an expected value comes from: a section of the specification, of the developer guide or of the API reference. */
export interface Citation {
  title: string;
  url: string;
}

/** What a function does when it is called; without any, it returns what it was given. */
export interface Answer {
  output?: unknown;
  /** Fails with this name, as the runtime reports an exception's class. */
  error?: string;
  message?: string;
  takesSeconds?: number;
}

/** What a worker sends with a task token, counted from the start of the execution. */
export interface Callback {
  atSeconds: number;
  /** `take`: a worker of the activity asks for a task, and gets its token. */
  send: 'success' | 'failure' | 'heartbeat' | 'take';
  /** Which of the tokens given to functions; the first one unless said otherwise. */
  token?: number;
  /** Sent as it stands instead of a token that a function was given. */
  literalToken?: string;
  output?: string;
  error?: string;
  cause?: string;
}

export interface Expected {
  /** The execution's output, parsed; it succeeded. */
  output?: unknown;
  outputMatches?: RegExp;
  /** The execution's error name; it failed. */
  error?: string;
  cause?: string | RegExp;
  status?: 'RUNNING' | 'FAILED' | 'SUCCEEDED' | 'TIMED_OUT' | 'ABORTED';
  /** The types of all events, in order. */
  history?: string[];
  /** How many events of a type there are; `*` counts all. */
  counts?: Record<string, number>;
  /** Virtual duration of the execution, to a tenth of a second. */
  seconds?: number;
  /** Virtual seconds between each failure of a task and its next attempt. */
  retryWaits?: number[];
  /** The same where the wait is drawn at random: at least the first and at most the second number. */
  retryWaitsWithin?: [number, number][];
  /** What functions were given, in order. */
  calls?: unknown[];
  /** Statuses of the executions that were started besides, in order. */
  children?: string[];
  /** Error codes of the callbacks that were refused. */
  callbackErrors?: string[];
  /** What was written to S3, by key; JSON is parsed. There is no bucket `missing`. */
  written?: Record<string, unknown>;
  /** The definition is refused when it is loaded, with these words. */
  refused?: RegExp;
}

export interface AslCase {
  name: string;
  cites: Citation[];
  /** The states of a JSONata machine (or of one of JSONPath, see `jsonPath`); the first one is where it starts. */
  states?: Members;
  /** Other fields of the machine, over the usual ones. */
  machine?: Members;
  input?: unknown;
  functions?: Record<string, Answer[]>;
  callbacks?: Callback[];
  /** Further machines by name, for tasks that start executions. */
  children?: Record<string, Members>;
  /** What the bucket holds, by key. */
  objects?: Record<string, string>;
  expect: Expected;
}

export function spec(section: string, anchor: string): Citation {
  return { title: `Amazon States Language: ${section}`, url: `https://states-language.net/spec.html#${anchor}` };
}

export function guide(section: string, page: string): Citation {
  return { title: `AWS Step Functions Developer Guide: ${section}`, url: `https://docs.aws.amazon.com/step-functions/latest/dg/${page}` };
}

export function api(section: string, page: string): Citation {
  return {
    title: `AWS Step Functions API Reference: ${section}`,
    url: `https://docs.aws.amazon.com/step-functions/latest/apireference/${page}`,
  };
}

/** A Task that calls a function by its ARN; ends the machine unless it names what is next. */
export function task(name: string, more: Members = {}): Members {
  const resource = `arn:aws:lambda:us-east-1:111111111111:function:${name}`;
  return { Type: 'Task', Resource: resource, ...(more.Next === undefined ? { End: true } : {}), ...more };
}

export function pass(more: Members = {}): Members {
  return { Type: 'Pass', ...(more.Next === undefined ? { End: true } : {}), ...more };
}

export function flow(states: Members): Members {
  return { StartAt: Object.keys(states)[0], States: states };
}

/** The case with a machine whose states use JSONPath unless they say otherwise. */
export function jsonPath(row: AslCase): AslCase {
  return { ...row, machine: { QueryLanguage: 'JSONPath', ...row.machine } };
}

/** One Pass state with these fields. */
export function passed(name: string, cites: Citation[], fields: Members, input: unknown, output: unknown): AslCase {
  return { name, cites, states: { A: pass(fields) }, input, expect: { output } };
}

/** One task that calls a function, which returns what it is given or `result`. */
export function called(
  name: string,
  cites: Citation[],
  fields: Members,
  more: { input: unknown; result?: unknown; expect: Expected },
): AslCase {
  const functions: Record<string, Answer[]> = 'result' in more ? { f: [{ output: more.result }] } : {};
  return { name, cites, states: { T: task('f', fields) }, input: more.input, functions, expect: more.expect };
}
