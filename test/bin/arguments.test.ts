import type { CommandSpec } from '../../bin/arguments';
import { helpText, parseArguments, positiveNumberOf, requiredText } from '../../bin/arguments';

const spec: CommandSpec = {
  name: 'do',
  summary: 'Does.',
  positionals: ['<dir>', '[more]'],
  options: { seed: { type: 'string', value: 'N', help: 'a number' }, json: { type: 'boolean', help: 'as JSON' } },
};

test('reads options in any order, with = or a blank', () => {
  expect(parseArguments(['--json', 'a', '--seed=3', 'b'], spec)).toEqual({
    help: false,
    positionals: ['a', 'b'],
    texts: { seed: '3' },
    flags: { json: true },
  });
  expect(parseArguments(['--seed', '4', '--', '--json'], spec)).toMatchObject({ positionals: ['--json'], texts: { seed: '4' }, flags: {} });
});

test.each([
  [['x', '--sed', '1'], /unknown option --sed[\s\S]*--seed, --json, --help[\s\S]*Did you mean "--seed"/],
  [['x', '-j'], /unknown option -j/],
  [['x', '--constructor'], /unknown option --constructor/],
  [['x', '--seed'], /--seed needs a value: --seed N/],
  [['x', '--seed='], /needs a value/],
  [['x', '--seed', '1', '--seed', '2'], /--seed is given twice\n {2}given: {3}1, 2\n {2}allowed: once/],
  [['x', '--json=1'], /--json takes no value; given: 1/],
  [[], /<dir> is missing[\s\S]*usage: sluice do <dir> \[more\]/],
  [['a', 'b', 'c'], /unexpected argument "c"/],
])('%j is refused', (args, message) => {
  expect(() => parseArguments(args, spec)).toThrow(message);
});

test('--help wins over everything that is missing', () => {
  expect(parseArguments(['--help'], spec).help).toBe(true);
  expect(helpText(spec)).toMatch(/--seed N {2}a number\n {2}--json {4}as JSON/);
});

test('values', () => {
  const parsed = parseArguments(['x', '--seed', '-1'], spec);
  expect(() => positiveNumberOf(parsed, spec, 'seed')).toThrow(/--seed is a number above 0; given: -1/);
  expect(positiveNumberOf(parseArguments(['x', '--seed', '2.5'], spec), spec, 'seed')).toBe(2.5);
  expect(requiredText(parsed, spec, 'seed')).toBe('-1');
  expect(() => requiredText(parseArguments(['x'], spec), spec, 'seed')).toThrow(/--seed N is missing: a number/);
});

test('a repeatable option keeps all of its values, in order', () => {
  const repeatable: CommandSpec = { ...spec, options: { kpi: { type: 'string', value: 'KPI', help: 'one of several', repeatable: true } } };
  const parsed = parseArguments(['x', '--kpi', 'a', '--kpi=b'], repeatable);
  expect([parsed.lists, parsed.texts]).toEqual([{ kpi: ['a', 'b'] }, {}]);
  expect(parseArguments(['x'], repeatable).lists).toBeUndefined();
  expect(() => parseArguments(['x', '--kpi', 'a', '--kpi'], repeatable)).toThrow(/--kpi needs a value: --kpi KPI/);
});
