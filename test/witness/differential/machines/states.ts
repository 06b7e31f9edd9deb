import fc from 'fast-check';
import { items } from '../dynamodb/tables';
import { maybe } from '../engine/maybe';
import { rules } from './choices';
import { absentPath, anyPaths, inputs, intrinsics, objectPaths, templates } from './data';
import type { Fields, Json } from './data';

/** A stretch of a machine: its states, all ending in the state that comes next. */
type Stretch = (name: string, next: string) => Fields;

const given = (fields: Record<string, Json | undefined>): Fields =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined));

/** Results go beside what is there, so that the next state finds its paths. */
const kept = (name: string) => fc.constantFrom(`$.${name}`, `$.results.${name}`, null);

const passing: fc.Arbitrary<Stretch> = fc
  .tuple(
    maybe(fc.oneof({ arbitrary: anyPaths, weight: 12 }, { arbitrary: absentPath, weight: 2 }), 6),
    maybe(templates, 3),
    maybe(fc.constantFrom<Json[]>({ fixed: 1 }, 'text', [1, 2], null), 9),
    kept('pass'),
  )
  .map(([inputPath, template, result, resultPath]): Stretch => (name, next) => ({
    // A template reads from the whole input: InputPath comes where there is none.
    [name]: given({
      Type: 'Pass',
      InputPath: template === undefined ? inputPath : undefined,
      Parameters: template,
      Result: result,
      ResultPath: resultPath,
      Next: next,
    }),
  }));

const choosing: fc.Arbitrary<Stretch> = fc
  .tuple(rules, rules, fc.integer({ min: 0, max: 9 }))
  .map(([first, second, without]): Stretch => (name, next) => {
    const marked = (mark: string): Json => ({ Type: 'Pass', Result: mark, ResultPath: `$.chosen${name}`, Next: next });
    return {
      [name]: given({
        Type: 'Choice',
        Choices: [
          { ...first, Next: `${name}First` },
          { ...second, Next: `${name}Second` },
        ],
        Default: without === 0 ? undefined : `${name}Default`,
      }),
      [`${name}First`]: marked('first'),
      [`${name}Second`]: marked('second'),
      ...(without === 0 ? {} : { [`${name}Default`]: marked('default') }),
    };
  });

const errorNames = fc.constantFrom<string[][]>(
  ['States.TaskFailed'],
  ['Other.Error'],
  ['Other.Error', 'States.TaskFailed'],
  ['States.Timeout'],
);

const failing = fc.constantFrom<Json[]>({ Type: 'Fail', Error: 'Broken', Cause: 'as asked' }, { Type: 'Fail', Error: 'Other.Error' });
/** What a Map does with an item, or a branch with its input; state names are unique in a whole machine. */
type Inner = (prefix: string) => Fields;
const inner = (template: fc.Arbitrary<Fields | undefined>): fc.Arbitrary<Inner> =>
  fc.tuple(template, fc.integer({ min: 0, max: 19 }), failing).map(([parameters, breaks, fail]): Inner => (prefix) => {
    const [start, out] = [`${prefix}In`, `${prefix}Out`];
    if (breaks === 0) return { StartAt: start, States: { [start]: fail } };
    return {
      StartAt: start,
      States: { [start]: given({ Type: 'Pass', Parameters: parameters, Next: out }), [out]: { Type: 'Succeed' } },
    };
  });

const itemTemplates = fc.constantFrom<Fields[]>({ 'item.$': '$' }, { fixed: 1, 'again.$': 'States.Array($, 1)' });
const selectors = fc.constantFrom<Fields[]>(
  { 'index.$': '$$.Map.Item.Index', 'value.$': '$$.Map.Item.Value' },
  { 'value.$': '$$.Map.Item.Value', 'n.$': '$.n', 'text.$': "States.Format('{}:{}', $.s, $$.Map.Item.Index)" },
);

const mapping: fc.Arbitrary<Stretch> = fc
  .tuple(
    fc.constantFrom('$.list', '$.people', '$.people[*].name'),
    maybe(selectors),
    inner(maybe(itemTemplates)),
    fc.constantFrom('ItemProcessor', 'Iterator'),
    kept('map'),
    fc.integer({ min: 0, max: 2 }),
  )
  .map(([ItemsPath, selector, processor, word, ResultPath, MaxConcurrency]): Stretch => (name, next) => ({
    [name]: given({
      Type: 'Map',
      ItemsPath,
      ...(selector === undefined ? {} : { [word === 'Iterator' ? 'Parameters' : 'ItemSelector']: selector }),
      [word]: processor(name),
      MaxConcurrency,
      ResultPath,
      Next: next,
    }),
  }));

const besides: fc.Arbitrary<Stretch> = fc
  .tuple(
    // With a payload of their own, branches no longer find the input's paths.
    fc.oneof(
      fc.tuple(fc.array(inner(maybe(templates)), { minLength: 1, maxLength: 3 }), fc.constant(undefined)),
      fc.tuple(fc.array(inner(maybe(itemTemplates)), { minLength: 1, maxLength: 3 }), templates),
    ),
    maybe(fc.constant({ 'first.$': '$[0]', all: { 'of.$': '$' } }), 7),
    kept('parallel'),
  )
  .map(([[branches, Parameters], ResultSelector, ResultPath]): Stretch => (name, next) => ({
    [name]: given({
      Type: 'Parallel',
      Branches: branches.map((branch, index) => branch(`${name}B${index}`)),
      Parameters,
      ResultSelector,
      ResultPath,
      Next: next,
    }),
  }));

const waiting: fc.Arbitrary<Stretch> = fc
  .constantFrom<Fields[]>({ Seconds: 0 }, { Seconds: 1 }, { TimestampPath: '$.at' }, { Timestamp: '2026-01-01T00:00:00Z' })
  .map((how): Stretch => (name, next) => ({ [name]: { Type: 'Wait', ...how, Next: next } }));

/** A task that finds an item, or fails for want of a table; what it retries, and who catches it. */
const asking: fc.Arbitrary<Stretch> = fc
  .record({
    table: fc.constantFrom(items.name, 'none-of-this-name'),
    retries: maybe(
      fc.record(
        { ErrorEquals: errorNames, MaxAttempts: fc.integer({ min: 0, max: 2 }), IntervalSeconds: fc.constant(1) },
        { noNullPrototype: true },
      ),
    ),
    catches: errorNames,
    selected: fc.boolean(),
    resultPath: kept('task'),
  })
  .map(({ table, retries, catches, selected, resultPath }): Stretch => (name, next) => {
    // Names and causes of service errors are each side's own: who caught it is told, and nothing escapes.
    const caught = (by: string): Json => ({ Type: 'Pass', Result: by, ResultPath: '$.caught', Next: next });
    return {
      [name]: given({
        Type: 'Task',
        Resource: 'arn:aws:states:::dynamodb:getItem',
        Parameters: { TableName: table, Key: { pk: { 'S.$': "States.Format('machine-{}', $.n)" } }, ConsistentRead: true },
        ResultSelector: selected ? { 'found.$': '$.Item.word.S' } : { fixed: 1 },
        ResultPath: resultPath,
        Retry: retries === undefined ? undefined : [retries],
        Catch: [
          { ErrorEquals: catches, ResultPath: '$.caught', Next: `${name}Caught` },
          { ErrorEquals: ['States.ALL'], ResultPath: '$.caught', Next: `${name}Rest` },
        ],
        Next: next,
      }),
      [`${name}Caught`]: caught('the first'),
      [`${name}Rest`]: caught('the rest'),
    };
  });

const stretches = fc.oneof(
  { arbitrary: passing, weight: 5 },
  { arbitrary: choosing, weight: 7 },
  { arbitrary: mapping, weight: 2 },
  { arbitrary: besides, weight: 2 },
  { arbitrary: asking, weight: 3 },
  { arbitrary: waiting, weight: 1 },
);

/** How a machine ends: what it answers of what has come together. */
const endings: fc.Arbitrary<Json> = fc.oneof(
  // Most show all that has come together.
  { arbitrary: fc.constant<Json>({ Type: 'Pass', End: true }), weight: 6 },
  {
    arbitrary: fc.constantFrom<Json[]>(
      { Type: 'Pass', OutputPath: '$.n', End: true },
      { Type: 'Pass', OutputPath: '$.list[*]', End: true },
    ),
    weight: 1,
  },
  { arbitrary: templates.map((Parameters): Json => ({ Type: 'Pass', Parameters, End: true })), weight: 2 },
  {
    arbitrary: intrinsics.map((text): Json => ({
      Type: 'Pass',
      Parameters: { 'it.$': text },
      ResultPath: '$',
      OutputPath: '$.it',
      End: true,
    })),
    weight: 2,
  },
  { arbitrary: objectPaths.map((InputPath): Json => ({ Type: 'Succeed', InputPath })), weight: 1 },
  { arbitrary: failing, weight: 1 },
);

export interface Machine {
  definition: Fields;
  input: Fields;
}

export const machines: fc.Arbitrary<Machine> = fc.record({
  definition: fc.tuple(fc.array(stretches, { maxLength: 3 }), endings).map(([list, ending]) => {
    const names = list.map((_stretch, index) => `S${index}`);
    const states = Object.assign({}, ...list.map((stretch, index) => stretch(names[index]!, names[index + 1] ?? 'End'))) as Fields;
    return { StartAt: names[0] ?? 'End', States: { ...states, End: ending } };
  }),
  input: inputs,
});
