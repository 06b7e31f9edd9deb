import type { ChoiceRule, Json, State } from './definition';
import type { StateError } from './errors';
import { jsonata } from './jsonata-language';
import { jsonPath } from './jsonpath/language';
import type { Visit } from './visit';

/**
 * What a state gives before its output fields apply: the input it was given, what a Pass made of it, the result of its work, or the
 * error that a Catch took.
 */
export interface Given {
  kind: 'input' | 'passed' | 'result' | 'error';
  value: Json;
}

/** What says how a state is left: the state itself, one of its Choice rules, or one of its catchers. */
export interface Exit {
  Assign?: Record<string, Json>;
  Output?: Json;
  ResultPath?: string | null;
  /** Where it stands in the state, for errors; absent: it is the state. */
  location?: string;
}

export interface Leaving {
  assigned: Record<string, Json> | undefined;
  output: Json;
}

/** A number in a state or in a part of it, written out or computed. */
export interface NumberField {
  owner: object;
  field: string;
  /** The part it stands in, with a slash behind it. */
  within?: string;
  /** Whether it is one with a fraction. */
  float?: boolean;
}

/** All that depends on a state's query language. The interpreter reads the same for both. */
export interface QueryLanguage {
  /** What goes to a Task, or into the branches of a Parallel. */
  payload(visit: Visit): Promise<Json>;
  /** What a Pass makes of its input. */
  passed(visit: Visit): Promise<Given>;
  /** The input as a state hands it on that has no result. */
  input(visit: Visit): Given;
  leave(visit: Visit, exit: Exit, given: Given): Promise<Leaving>;
  /** The first rule of a Choice that holds. */
  choose(visit: Visit): Promise<ChoiceRule | undefined>;
  /** Error or Cause of a Fail. */
  text(visit: Visit, field: 'Error' | 'Cause'): Promise<string | undefined>;
  /** When a Wait is over, in epoch milliseconds. */
  waitUntil(visit: Visit): Promise<number>;
  number(visit: Visit, field: NumberField): Promise<number | undefined>;
  roleArn(visit: Visit): Promise<string | undefined>;
  /** What a Map goes over, where it reads no data set. */
  items(visit: Visit, types: readonly string[]): Promise<Json>;
  /** Whether a distributed Map goes over the members of an object. */
  readonly mapsObjects: boolean;
  /** The message where a Map has nothing to go over. */
  notItems(state: State, expected: string, value: Json): string;
  /** The messages where a Map's limit is not allowed. */
  wrongMaxConcurrency(limit: number): string;
  wrongToleratedCount(count: number): string;
  /** A payload template; `context` adds to the context object. */
  template(visit: Visit, template: Json, field: string, context?: Record<string, Json>): Promise<Json>;
  /** Arguments or Parameters of a reader or writer. */
  args(visit: Visit, owner: { Arguments?: Json; Parameters?: Json }, field: string): Promise<Record<string, Json>>;
  /** Whether the context object tells the state's retries. */
  countsRetries(state: State): boolean;
  /** The error of a field whose value is not allowed. */
  failure(visit: Visit, message: string, location: string): StateError;
}

export function languageOf(state: State): QueryLanguage {
  return state.QueryLanguage === 'JSONata' ? jsonata : jsonPath;
}
