import type { ChoiceRule, Json } from '../definition';
import { StateError } from '../errors';
import type { Exit, Given, Leaving, QueryLanguage } from '../query-language';
import type { Visit } from '../visit';
import { ConditionError, holds } from './choice';
import { numberOf, roleArnOf, textOf, waitUntil } from './fields';
import { parsePath } from './path';
import { PathNotFoundError } from './path-evaluate';
import { inject, ReferencePathError } from './reference-path';
import { evaluateTemplate, FieldFunctionError, FieldPathError, readPath, type Sources } from './template';

/** What the paths of a state read; context object and variables are put together only where one asks for them. */
export function sourcesOf(visit: Visit, input: Json, more?: Record<string, Json>): Sources {
  return {
    input,
    get context(): Json {
      return { ...visit.context(), ...more };
    },
    get variables(): Record<string, Json> {
      return visit.frame.variables.all();
    },
    random: visit.run.random,
  };
}

/** The error as Step Functions reports it. What a path does not find is no error that a state could catch. */
export function failing<T>(visit: Visit, work: () => T): T {
  try {
    return work();
  } catch (problem) {
    const own = { raisedBy: visit };
    if (problem instanceof ReferencePathError) throw new StateError('States.ResultPathMatchFailure', visit.explain(problem.message), own);
    if (problem instanceof FieldFunctionError) throw new StateError('States.IntrinsicFailure', visit.explain(problem.message), own);
    if (problem instanceof FieldPathError || problem instanceof ConditionError) throw runtimeFailure(visit, problem.message);
    throw problem;
  }
}

export function runtimeFailure(visit: Visit, message: string): StateError {
  return new StateError('States.Runtime', visit.explain(message), { terminal: true, raisedBy: visit });
}

/** What InputPath, OutputPath or ItemsPath selects. */
export function select(visit: Visit, path: string | null | undefined, sources: Sources): Json {
  if (path === undefined || path === '$') return sources.input;
  if (path === null) return {};
  try {
    return readPath(path, sources);
  } catch (problem) {
    if (problem instanceof PathNotFoundError) throw runtimeFailure(visit, `Invalid path '${path}' : ${problem.message}`);
    throw problem;
  }
}

/** The state's input behind its InputPath. */
export function effectiveInput(visit: Visit): Json {
  return select(visit, visit.state.InputPath, sourcesOf(visit, visit.input));
}

function templated(visit: Visit, template: Json, input: Json, more?: Record<string, Json>): Json {
  return failing(visit, () => evaluateTemplate(template, sourcesOf(visit, input, more)));
}

function payload(visit: Visit): Json {
  const input = effectiveInput(visit);
  const { Parameters: parameters } = visit.state;
  return parameters === undefined ? input : templated(visit, parameters, input);
}

/** ResultSelector, Assign, ResultPath and OutputPath in their order; an error that is caught goes past ResultSelector and OutputPath. */
function leave(visit: Visit, exit: Exit, given: Given): Leaving {
  const { state } = visit;
  const result =
    given.kind === 'result' && state.ResultSelector !== undefined ? templated(visit, state.ResultSelector, given.value) : given.value;
  const assigned = exit.Assign === undefined ? undefined : (templated(visit, exit.Assign, result) as Record<string, Json>);
  const combined = given.kind === 'input' ? result : combine(visit, exit.ResultPath, result);
  const output = given.kind === 'error' ? combined : select(visit, state.OutputPath, sourcesOf(visit, combined));
  return { assigned, output };
}

/** The result in its place in the state's whole input. */
function combine(visit: Visit, resultPath: string | null | undefined, result: Json): Json {
  if (resultPath === null) return visit.input;
  if (resultPath === undefined || resultPath === '$') return result;
  return failing(visit, () => inject(visit.input, parsePath(resultPath), result));
}

function choose(visit: Visit): ChoiceRule | undefined {
  const sources = sourcesOf(visit, effectiveInput(visit));
  return failing(visit, () => visit.state.Choices?.find((rule) => holds(rule, sources)));
}

export const jsonPath: QueryLanguage = {
  payload: async (visit) => payload(visit),
  passed: async (visit) => ({ kind: 'passed', value: visit.state.Result === undefined ? payload(visit) : visit.state.Result }),
  input: (visit) => ({ kind: 'input', value: effectiveInput(visit) }),
  leave: async (visit, exit, given) => leave(visit, exit, given),
  choose: async (visit) => choose(visit),
  text: async (visit, field) => textOf(visit, field),
  waitUntil: async (visit) => waitUntil(visit),
  number: async (visit, field) => numberOf(visit, field),
  roleArn: async (visit) => roleArnOf(visit),
  items: async (visit) => select(visit, visit.state.ItemsPath, sourcesOf(visit, effectiveInput(visit))),
  mapsObjects: false,
  notItems: ({ ItemsPath: path = '$' }, _expected, value) =>
    `Reference path "${path}" must point to array. But it points to a different type: ${JSON.stringify(value)}`,
  wrongMaxConcurrency: (limit) => `Expected non-negative integer for MaxConcurrency, got '${limit}' instead.`,
  wrongToleratedCount: () => 'ToleratedFailureCount cannot be negative.',
  template: async (visit, template, _field, context) => templated(visit, template, effectiveInput(visit), context),
  args: async (visit, owner) => templated(visit, owner.Parameters ?? {}, effectiveInput(visit)) as Record<string, Json>,
  countsRetries: (state) => state.Type === 'Task' || state.Type === 'Parallel' || state.Type === 'Map',
  failure: (visit, message) => runtimeFailure(visit, message),
};
