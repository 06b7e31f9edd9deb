import type { Observed } from './observe';
import type { Expected } from './types';

function statusOf(expected: Expected): string | undefined {
  if (expected.status !== undefined) return expected.status;
  if (expected.error !== undefined || expected.cause !== undefined) return 'FAILED';
  return 'output' in expected || expected.outputMatches !== undefined ? 'SUCCEEDED' : undefined;
}

function countOf(history: readonly string[], type: string): number {
  return type === '*' ? history.length : history.filter((other) => other === type).length;
}

function within(waits: readonly number[], bounds: readonly [number, number][]): boolean {
  return (
    waits.length === bounds.length && bounds.every(([least, most], index) => (waits[index] ?? -1) >= least && (waits[index] ?? -1) <= most)
  );
}

/** Everything the case expects, and nothing it does not speak of. */
export function compare(observed: Observed, expected: Expected): void {
  const { cause, status, error } = observed;
  if (expected.refused === undefined) expect(observed.refused).toBeUndefined();
  else expect(observed.refused ?? '(not refused)').toMatch(expected.refused);
  const wanted = statusOf(expected);
  if (wanted !== undefined) expect({ status, error, cause }).toMatchObject({ status: wanted });
  if ('output' in expected) expect(observed.output).toEqual(expected.output);
  if (expected.outputMatches !== undefined) expect(observed.outputText).toMatch(expected.outputMatches);
  if (expected.error !== undefined) expect({ error, cause }).toMatchObject({ error: expected.error });
  if (typeof expected.cause === 'string') expect(cause).toBe(expected.cause);
  else if (expected.cause !== undefined) expect(cause).toMatch(expected.cause);
  if (expected.history !== undefined) expect(observed.history).toEqual(expected.history);
  for (const [type, count] of Object.entries(expected.counts ?? {})) expect([type, countOf(observed.history, type)]).toEqual([type, count]);
  if (expected.seconds !== undefined) expect(observed.seconds).toBe(expected.seconds);
  if (expected.retryWaits !== undefined) expect(observed.retryWaits).toEqual(expected.retryWaits);
  if (expected.retryWaitsWithin !== undefined)
    expect([observed.retryWaits, within(observed.retryWaits, expected.retryWaitsWithin)]).toEqual([observed.retryWaits, true]);
  if (expected.calls !== undefined) expect(observed.calls).toEqual(expected.calls);
  if (expected.children !== undefined) expect(observed.children).toEqual(expected.children);
  if (expected.callbackErrors !== undefined) expect(observed.callbackErrors).toEqual(expected.callbackErrors);
  if (expected.written !== undefined) {
    expect(Object.keys(observed.written)).toEqual(expect.arrayContaining(Object.keys(expected.written)));
    expect(observed.written).toMatchObject(expected.written);
  }
}

const WRONG = 'something else';

/** For each thing a case expects, the same case expecting something else there. */
export function falsified(expected: Expected): [string, Expected][] {
  const wrong: { [Field in keyof Expected]?: () => Expected[Field] } = {
    output: () => ({ [WRONG]: expected.output }),
    outputMatches: () => /^something else$/,
    error: () => `${expected.error} ${WRONG}`,
    cause: () => WRONG,
    status: () => (expected.status === 'RUNNING' ? 'SUCCEEDED' : 'RUNNING'),
    history: () => [...(expected.history ?? []), WRONG],
    counts: () => Object.fromEntries(Object.entries(expected.counts ?? {}).map(([type, count]) => [type, count + 1])),
    seconds: () => (expected.seconds ?? 0) + 0.1,
    retryWaits: () => (expected.retryWaits?.length === 0 ? [1] : expected.retryWaits?.map((wait) => wait + 0.001)),
    retryWaitsWithin: () => expected.retryWaitsWithin?.map(([, most]) => [most + 1, most + 2]),
    calls: () => [...(expected.calls ?? []), WRONG],
    children: () => [...(expected.children ?? []), WRONG],
    callbackErrors: () => [...(expected.callbackErrors ?? []), WRONG],
    written: () => ({ [WRONG]: {} }),
    refused: () => /^something else$/,
  };
  return (Object.keys(expected) as (keyof Expected)[]).map((field) => [field, { ...expected, [field]: wrong[field]?.() }]);
}
