import type { ChoiceRule, Json } from './definition';
import { QueryError, StateError } from './errors';
import { evaluate, evaluateAs, type Bindings } from './jsonata';
import type { Exit, Given, Leaving, NumberField, QueryLanguage } from './query-language';
import { parseTimestamp } from './timestamp';
import type { Visit } from './visit';

/** What `$states` holds beside the input: the result, the error, and more of the context object. */
interface More {
  result?: Json;
  errorOutput?: Json;
  context?: Record<string, Json>;
}

function bindings(visit: Visit, { context, ...rest }: More): Bindings {
  const states = { input: visit.input, context: { ...visit.context(), ...context }, ...rest };
  return { ...visit.run.library, ...visit.frame.variables.all(), states };
}

async function failing<T>(visit: Visit, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (problem) {
    if (problem instanceof QueryError) throw failure(visit, problem.message, problem.location);
    throw problem;
  }
}

function value(visit: Visit, template: Json, field: string, more: More = {}): Promise<Json> {
  return failing(visit, () => evaluate(template, field, bindings(visit, more)));
}

function valueOf(visit: Visit, types: readonly string[], template: Json, field: string): Promise<Json> {
  return failing(visit, () => evaluateAs(types, template, field, bindings(visit, {})));
}

/** Records that an expression failed, and returns the error for the state's own Retry and Catch. */
function failure(visit: Visit, message: string, location: string): StateError {
  const cause = visit.explain(message);
  const error = new StateError('States.QueryEvaluationError', cause, { location });
  visit.event('EvaluationFailed', { state: visit.name, location, error: error.error, cause });
  return error;
}

const MORE: Record<Given['kind'], (given: Json) => More> = {
  input: () => ({}),
  passed: () => ({}),
  result: (result) => ({ result }),
  error: (errorOutput) => ({ errorOutput }),
};

async function leave(visit: Visit, { Assign: assign, Output: template, location = '' }: Exit, given: Given): Promise<Leaving> {
  const more = MORE[given.kind](given.value);
  const assigned = assign === undefined ? undefined : ((await value(visit, assign, `${location}Assign`, more)) as Record<string, Json>);
  return { assigned, output: template === undefined ? given.value : await value(visit, template, `${location}Output`, more) };
}

async function choose(visit: Visit): Promise<ChoiceRule | undefined> {
  for (const [index, rule] of (visit.state.Choices ?? []).entries())
    if ((await valueOf(visit, ['boolean'], rule.Condition ?? null, `Choices[${index}]/Condition`)) === true) return rule;
  return undefined;
}

async function waitUntil(visit: Visit): Promise<number> {
  const { state, run } = visit;
  if (state.Seconds !== undefined) {
    const seconds = (await valueOf(visit, ['number'], state.Seconds, 'Seconds')) as number;
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > 99_999_999)
      throw failure(visit, `The Seconds field must be an integer between 0 and 99999999 but was: ${seconds}`, 'Seconds');
    return run.cloud.clock.now() + seconds * 1000;
  }
  const text = (await valueOf(visit, ['string'], state.Timestamp ?? null, 'Timestamp')) as string;
  const untilMillis = parseTimestamp(text);
  if (untilMillis === undefined)
    throw failure(
      visit,
      `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
      'Timestamp',
    );
  return untilMillis;
}

async function number(visit: Visit, { owner, field, within = '' }: NumberField): Promise<number | undefined> {
  const template = (owner as Record<string, Json | undefined>)[field];
  return template === undefined ? undefined : ((await valueOf(visit, ['number'], template, `${within}${field}`)) as number);
}

export const jsonata: QueryLanguage = {
  payload: async (visit) => (visit.state.Arguments === undefined ? visit.input : value(visit, visit.state.Arguments, 'Arguments')),
  passed: async (visit) => ({ kind: 'passed', value: visit.input }),
  input: (visit) => ({ kind: 'input', value: visit.input }),
  leave,
  choose,
  text: async (visit, field) => {
    const template = visit.state[field];
    return template === undefined ? undefined : ((await valueOf(visit, ['string'], template, field)) as string);
  },
  waitUntil,
  number,
  roleArn: async (visit) => {
    const role = visit.state.Credentials?.RoleArn;
    return role === undefined ? undefined : ((await valueOf(visit, ['string'], role, 'Credentials/RoleArn')) as string);
  },
  items: async (visit, types) => (visit.state.Items === undefined ? visit.input : valueOf(visit, types, visit.state.Items, 'Items')),
  mapsObjects: true,
  notItems: (_state, expected, value) => `Map state input must be ${expected} but was: ${JSON.stringify(value)}`,
  wrongMaxConcurrency: (limit) => `The MaxConcurrency field must be a non-negative integer but was: ${limit}`,
  wrongToleratedCount: (count) => `The ToleratedFailureCount field must be a non-negative integer but was: ${count}`,
  template: (visit, template, field, context) => value(visit, template, field, context === undefined ? {} : { context }),
  args: async (visit, owner, field) =>
    (await valueOf(visit, ['object'], owner.Arguments ?? {}, `${field}/Arguments`)) as Record<string, Json>,
  countsRetries: () => true,
  failure,
};
