import { argumentsCases } from './asl/arguments';
import { assignCases } from './asl/assign';
import { catchCases } from './asl/catch';
import { choiceCases } from './asl/choice';
import { compare, falsified } from './asl/compare';
import { contextObjectCases } from './asl/context-object';
import { heartbeatCases } from './asl/heartbeats';
import { jsonataErrorCases } from './asl/jsonata-errors';
import { jsonataFunctionCases } from './asl/jsonata-functions';
import { jsonPathChoiceCases } from './asl/jsonpath-choice';
import { jsonPathFieldCases } from './asl/jsonpath-fields';
import { jsonPathFlowCases } from './asl/jsonpath-flow';
import { jsonPathIntrinsicCases } from './asl/jsonpath-intrinsics';
import { jsonPathMapCases } from './asl/jsonpath-map';
import { jsonPathPathCases } from './asl/jsonpath-paths';
import { jsonPathRefusalCases } from './asl/jsonpath-refusals';
import { jsonPathVariableCases } from './asl/jsonpath-variables';
import { limitCases } from './asl/limits';
import { mapDatasetCases } from './asl/map-datasets';
import { mapDistributedCases } from './asl/map-distributed';
import { mapInlineCases } from './asl/map-inline';
import { observe, type Observed } from './asl/observe';
import { outputCases } from './asl/output';
import { parallelCases } from './asl/parallel';
import { passCases } from './asl/pass';
import { refusalCases } from './asl/refusals';
import { retryCases } from './asl/retry';
import { succeedFailCases } from './asl/succeed-fail';
import { syncCases } from './asl/sync';
import { taskCases } from './asl/task';
import { taskTokenCases } from './asl/task-token';
import { timeoutCases } from './asl/timeouts';
import type { AslCase, Expected } from './asl/types';
import { waitCases } from './asl/wait';

const FEATURES: Record<string, AslCase[]> = {
  Pass: passCases,
  Assign: assignCases,
  Output: outputCases,
  Arguments: argumentsCases,
  Choice: choiceCases,
  Wait: waitCases,
  'Succeed and Fail': succeedFailCases,
  Task: taskCases,
  Retry: retryCases,
  Catch: catchCases,
  'inline Map': mapInlineCases,
  'distributed Map': mapDistributedCases,
  'readers, batches and writers': mapDatasetCases,
  Parallel: parallelCases,
  timeouts: timeoutCases,
  heartbeats: heartbeatCases,
  'task tokens': taskTokenCases,
  'nested executions': syncCases,
  'JSONata functions': jsonataFunctionCases,
  'JSONata errors': jsonataErrorCases,
  'the context object': contextObjectCases,
  limits: limitCases,
  'refused when loaded': refusalCases,
};

const JSONPATH: Record<string, AslCase[]> = {
  'fields of JSONPath states': jsonPathFieldCases,
  'paths and the context object': jsonPathPathCases,
  'intrinsic functions': jsonPathIntrinsicCases,
  'Choice by comparators': jsonPathChoiceCases,
  'Map and Parallel in JSONPath': jsonPathMapCases,
  'waits, failures and tasks in JSONPath': jsonPathFlowCases,
  'variables and both languages': jsonPathVariableCases,
  'JSONPath refused when loaded': jsonPathRefusalCases,
};
const ALL = { ...FEATURES, ...JSONPATH };

const SOURCES = /^(states-language\.net|docs\.aws\.amazon\.com|docs\.jsonata\.org|csrc\.nist\.gov|www\.rfc-editor\.org)$/;

it('has at least 150 cases in each language, each with a name of its own, a source and something to expect', () => {
  expect(Object.values(FEATURES).flat().length).toBeGreaterThanOrEqual(150);
  expect(Object.values(JSONPATH).flat().length).toBeGreaterThanOrEqual(150);
  for (const cases of Object.values(ALL)) expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  for (const { name, cites, expect: expected } of Object.values(ALL).flat()) {
    expect([name, Object.keys(expected).length > 0, cites.length > 0]).toEqual([name, true, true]);
    for (const { title, url } of cites) {
      expect(title).toMatch(/^.+: .+/);
      expect(new URL(url).hostname).toMatch(SOURCES);
    }
  }
});

/** What does not come out as expected, by field; nothing where all does. */
function unmet(observed: Observed, expected: Expected): string | undefined {
  try {
    compare(observed, expected);
    return undefined;
  } catch (failure) {
    return (failure as Error).message;
  }
}

it('fails a case whose expectation is wrong', async () => {
  const adds = {
    name: 'adds',
    cites: [],
    states: { Add: { Type: 'Pass', Output: '{% $states.input.a + 1 %}', End: true } },
    input: { a: 1 },
  };
  expect(unmet(await observe({ ...adds, expect: {} }), { output: 2, seconds: 0 })).toBeUndefined();
  expect(unmet(await observe({ ...adds, expect: {} }), { output: 3 })).toContain('Expected: 3');
  expect(unmet(await observe({ ...adds, expect: {} }), { error: 'States.QueryEvaluationError' })).toContain('SUCCEEDED');
  expect(unmet(await observe({ ...adds, expect: {} }), { refused: /Add/ })).toContain('(not refused)');
  expect(unmet(await observe({ ...adds, states: { Add: { Type: 'Pass' } }, expect: {} }), { output: 2 })).toContain('needs either Next');
});

/** Each case runs once; then every single expectation is put wrong in turn, and must be noticed. */
describe.each(Object.entries(ALL))('%s', (_feature, cases) => {
  it.each(cases.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    const observed = await observe(row);
    compare(observed, row.expect);
    const unnoticed = falsified(row.expect).filter(([, wrong]) => unmet(observed, wrong) === undefined);
    expect(unnoticed.map(([field]) => field)).toEqual([]);
  });
});
