import * as fc from 'fast-check';
import { parse, stringify } from 'yaml';
import type { CharterResult } from '../../../core/charter';
import { charterFromProps, driftPolicyOf, formatProblem, parseCharter, retrainingPolicyOf } from '../../../core/charter';
import { WATCHED } from './drift-sample';
import { SAMPLE } from './sample';

const other = { unit: 'case', better: 'lower', role: 'goal' };
const typical = { mean: 3, deviation: 2 };
const sample = parse(SAMPLE) as { kpis: unknown[] };
sample.kpis.push(
  { ...other, name: 'slow', type: 'latency', above: 800 },
  { ...other, name: 'cost', type: 'mean', window: '1h', cap: 100, typical, unobserved: 'zero', attribution: 'decision', mustImprove: true },
  { ...other, name: 'calls', type: 'count', window: '1h', cap: 9, typical, attribution: 'variant', target: { value: 2, by: '2027-01-31' } },
);

const watched = parse(WATCHED) as Record<string, unknown>;

/** Whatever comes in: an answer, and problems that a person can read. */
function expectReadable(result: CharterResult): void {
  if (result.ok) {
    expect(result.charter.schema).toBe('sluice/v1');
    return;
  }
  expect(result.problems.length).toBeGreaterThan(0);
  for (const problem of result.problems) {
    expect(problem.message).not.toBe('');
    expect(problem.allowed).not.toBe('');
    expect(problem.given).not.toBe('');
    expect(formatProblem(problem)).not.toMatch(/\n\s+at .*:\d+:\d+|Invalid input|\[object Object\]/);
  }
}

/** Every path that leads somewhere in the sample. */
function pathsOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, Array.isArray(value) ? Number(key) : key]))];
}

function replaceAt(value: unknown, path: (string | number)[], replacement: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return replacement;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as Record<string, unknown>) };
  (copy as Record<string | number, unknown>)[first] = replaceAt((value as Record<string | number, unknown>)[first], rest, replacement);
  return copy;
}

test('any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => expectReadable(parseCharter(text, 'f'))),
    { numRuns: 500, seed: 1 },
  );
});

test('YAML with pieces cut out and put in', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('*a', '&a ', '!!js/function ', '[', '{', '? ', '- ', ': ', '\t', '|', '"', '<<: '),
  );
  fc.assert(
    fc.property(fc.nat(SAMPLE.length), fc.nat(40), piece, (at, length, inserted) =>
      expectReadable(parseCharter(SAMPLE.slice(0, at) + inserted + SAMPLE.slice(at + length), 'f')),
    ),
    { numRuns: 400, seed: 2 },
  );
});

test('the sample with any value anywhere', () => {
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.double(), fc.constantFrom('', '0', '1h', '__proto__', -1, 1e308, [], {}));
  fc.assert(
    fc.property(fc.constantFrom(...pathsOf(sample)), value, (path, replacement) => {
      const mutated = replaceAt(sample, path, replacement);
      expectReadable(charterFromProps(mutated, 'f'));
      expectReadable(parseCharter(stringify(mutated, { aliasDuplicateObjects: false }), 'f'));
    }),
    { numRuns: 400, seed: 3 },
  );
});

test('drift and retraining with any value anywhere', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.double(),
    fc.constantFrom('', '0', '7d', '[', '__proto__', 'joint', -1, null, [], {}),
  );
  const paths = pathsOf(watched).filter(([section]) => section === 'drift' || section === 'retraining');
  fc.assert(
    fc.property(fc.constantFrom(...paths), value, (path, replacement) => {
      const result = charterFromProps(replaceAt(watched, path, replacement), 'f');
      expectReadable(result);
      if (!result.ok) return;
      driftPolicyOf(result.charter, () => ({ bucket: 'b', key: 'k' }));
      retrainingPolicyOf(result.charter, (image) => ({ image, environment: {} }));
    }),
    { numRuns: 600, seed: 5 },
  );
});

test('the sample with its new KPIs is accepted as it is', () => {
  expect(charterFromProps(sample, 'f')).toMatchObject({ ok: true });
});

test('any props', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), (value) =>
      expectReadable(charterFromProps(value, 'f')),
    ),
    { numRuns: 500, seed: 4 },
  );
});
