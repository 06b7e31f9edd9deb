import { formatProblem } from '../../../core/charter';
import { accepted, changed, refused, SAMPLE } from './sample';

const MANY = 100_000;

/** Billion laughs: nine levels of ten aliases each. */
const laughs = Array.from({ length: 9 }, (_, level) =>
  level === 0
    ? 'l0: &l0 [ha, ha]'
    : `l${level}: &l${level} [${Array(10)
        .fill(`*l${level - 1}`)
        .join(', ')}]`,
).join('\n');

const hostile: [string, string, RegExp][] = [
  ['nothing', '', /is not allowed/],
  ['a list', '- a', /is not allowed/],
  ['broken YAML', 'a: [', /no valid YAML/],
  ['tabs as indentation', 'a:\n\tb: 1', /no valid YAML/],
  ['two documents', 'a: 1\n---\nb: 2', /no valid YAML/],
  ['a duplicate key', changed('name: support-triage', 'name: support-triage\nname: other'), /key twice/],
  ['a duplicate key inside', changed('bake: 2h', 'bake: 2h, bake: 3h'), /key twice/],
  ['an anchor', changed('name: support-triage', 'name: &n support-triage'), /anchor/],
  ['an alias', changed('users: support agents', 'users: *n', changed('name: support-triage', 'name: &n support-triage')), /anchor/],
  ['an alias without anchor', changed('users: support agents', 'users: *n'), /alias/i],
  ['aliases by the billion', laughs, /anchor|alias/],
  ['a merge key', changed('name: support-triage', 'name: support-triage\n<<: { a: b }'), /no setting/],
  ['a tag', changed('name: support-triage', 'name: !!str support-triage'), /tag/],
  ['a tag of its own', changed('name: support-triage', 'name: !evil support-triage'), /tag/i],
  ['another YAML version', `%YAML 1.1\n---\n${SAMPLE}`, /another YAML/],
  ['a key that is a number', '1: a', /no text/],
  ['a key that is a list', '? [a]\n: b', /no text/],
  ['a key for prototypes', '__proto__: { a: 1 }', /forbidden/],
  ['deep brackets', '['.repeat(MANY), /too deeply/],
  ['deep mappings', '{a: '.repeat(MANY / 2), /too deeply/],
  ['deep lists', '- '.repeat(MANY), /too deeply/],
  ['deep complex keys', '? '.repeat(MANY), /too deeply/],
  ['deep indentation', Array.from({ length: 600 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'), /too deeply/],
  ['10 MB of nesting', '['.repeat(10_000_000), /too large/],
  ['10 MB of text', 'a'.repeat(10_000_000), /too large/],
  ['very many keys', Array.from({ length: 30_000 }, (_, index) => `k${index.toString(36)}:`).join('\n'), /missing|no setting/],
  ['very many errors', 'a: b: c\n'.repeat(20_000), /no valid YAML/],
  ['control characters', 'name: "\u0000\u0007"', /./],
];

test.each(hostile)('%s gives a clear error', (_, text, message) => {
  const problems = refused(text);
  expect(problems.length).toBeLessThanOrEqual(25);
  const report = problems.map(formatProblem).join('\n');
  expect(report).toMatch(message);
  expect(report).not.toMatch(/\n\s+at /);
  expect(Math.max(...report.split('\n').map((line) => line.length))).toBeLessThan(400);
});

test('brackets within texts and comments are no nesting', () => {
  const brackets = '[{'.repeat(100);
  const charter = accepted(changed(/problem: .*/, `problem: "${brackets}" # ${brackets}`));
  expect(charter.charter.problem).toBe(brackets);
});
