import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { attributeNames, numbers, orderedValues, scalars, sets, texts, values } from './values';
import type { Attributes } from './values';

/** Text of an expression with values and names still in it: rendering gives them their placeholders. */
type Part = string | { value: AttributeValue } | { name: string };
export type Fragment = Part[];

function fragment(text: readonly string[], ...parts: (Fragment | string)[]): Fragment {
  return text.flatMap((piece, index) => [piece, ...(index < parts.length ? [parts[index]!].flat() : [])]);
}

export interface Rendered {
  expressions: Record<string, string>;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Attributes;
}

/** Texts of all of a request's expressions, with one table of names and one of values. */
export function render(fragments: Record<string, Fragment | undefined>): Rendered {
  const names: Record<string, string> = {};
  const given: Attributes = {};
  const text = (part: Part): string => {
    if (typeof part === 'string') return part;
    if ('name' in part) {
      names[`#${part.name}`] = part.name;
      return `#${part.name}`;
    }
    const placeholder = `:v${Object.keys(given).length}`;
    given[placeholder] = part.value;
    return placeholder;
  };
  const present = Object.entries(fragments).filter((entry): entry is [string, Fragment] => entry[1] !== undefined);
  return {
    expressions: Object.fromEntries(present.map(([parameter, parts]) => [parameter, parts.map(text).join('')])),
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    ...(Object.keys(given).length === 0 ? {} : { ExpressionAttributeValues: given }),
  };
}

const oneValue = (value: AttributeValue): Fragment => [{ value }];

const head = (name: string): fc.Arbitrary<Fragment> =>
  fc.oneof({ arbitrary: fc.constant<Fragment>([name]), weight: 4 }, { arbitrary: fc.constant<Fragment>([{ name }]), weight: 1 });
const stepped = (name: string, steps: readonly string[]): fc.Arbitrary<Fragment> =>
  fc.tuple(head(name), fc.constantFrom(...steps)).map(([start, step]) => [...start, step]);

/** Mostly paths that go where `shaped` items have something: an element of the list `c`, a member of the map `d`. */
const pathsFrom = (name: string): fc.Arbitrary<Fragment> => {
  const nested = name === 'c' ? ['[0]', '[1]', '[2]', '[7]'] : name === 'd' ? ['.x', '.y', '.y[0]', '.y[1]', '.z'] : ['.x', '[0]', '.y[0]'];
  return fc.oneof({ arbitrary: head(name), weight: 3 }, { arbitrary: stepped(name, nested), weight: name === 'c' || name === 'd' ? 3 : 1 });
};
export const paths: fc.Arbitrary<Fragment> = attributeNames.chain(pathsFrom);

const inList = (list: readonly Fragment[]): Fragment => list.flatMap((one, index) => (index === 0 ? one : [', ', ...one]));

const valueParts = values.map(oneValue);
const orderedParts = orderedValues.map(oneValue);
const sizes = paths.map((path) => fragment`size(${path})`);
const equality = fc.constantFrom('=', '<>');
const comparators = fc.constantFrom('=', '<>', '<', '<=', '>', '>=');
const typeNames = fc.constantFrom('S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M');

const pairOf = (left: fc.Arbitrary<Fragment>, sign: fc.Arbitrary<string>, right: fc.Arbitrary<Fragment>): fc.Arbitrary<Fragment> =>
  fc.tuple(left, sign, right).map(([one, between, other]) => fragment`${one} ${between} ${other}`);
/** Both a path: two different attributes, since an operand compared with itself is refused. */
const twoPaths = fc
  .uniqueArray(attributeNames, { minLength: 2, maxLength: 2 })
  .chain(([one, other]) => fc.tuple(pathsFrom(one!), pathsFrom(other!)));

const equal = pairOf(paths, equality, valueParts);
const compared = pairOf(paths, comparators, orderedParts);
const mirrored = pairOf(orderedParts, comparators, paths);
const siblings = fc.tuple(twoPaths, comparators).map(([[left, right], sign]) => fragment`${left} ${sign} ${right}`);
/** Mostly of what has a size. */
const measurable = fc
  .constantFrom('b', 'b', 'c', 'd')
  .chain(pathsFrom)
  .map((path) => fragment`size(${path})`);
const measured = pairOf(
  fc.oneof({ arbitrary: measurable, weight: 4 }, { arbitrary: sizes, weight: 1 }),
  comparators,
  fc.constantFrom('0', '1', '2', '3').map((N) => oneValue({ N })),
);
const ascendingNumbers = ['-1e125', '-1', '0', '0.5', '1', '2', '10', '12345678901234567890123456789012345678'].map((N) => ({ N }));
const ascendingTexts = ['', '10', 'B', 'a', 'a b', 'ab', 'b', 'é'].map((S) => ({ S }));
const ascending = (values: readonly AttributeValue[]): fc.Arbitrary<[Fragment, Fragment]> =>
  fc
    .tuple(fc.nat(values.length - 1), fc.nat(values.length - 1))
    .map(([one, other]) => [oneValue(values[Math.min(one, other)]!), oneValue(values[Math.max(one, other)]!)]);
const bounds = fc.oneof(ascending(ascendingNumbers), ascending(ascendingTexts), fc.tuple(orderedParts, paths));
const between = fc.tuple(paths, bounds).map(([subject, [low, high]]) => fragment`${subject} BETWEEN ${low} AND ${high}`);
const within = fc
  .tuple(attributeNames, fc.array(valueParts, { maxLength: 3 }), fc.array(attributeNames, { maxLength: 1 }))
  .filter(([subject, list, others]) => list.length + others.length > 0 && !others.includes(subject))
  .map(([subject, list, others]) => fragment`${subject} IN (${inList([...list, ...others.map((name): Fragment => [name])])})`);
const existence = fc
  .tuple(fc.constantFrom('attribute_exists', 'attribute_not_exists'), paths)
  .map(([name, path]) => fragment`${name}(${path})`);
const typeCheck = fc.tuple(paths, typeNames).map(([path, S]) => fragment`attribute_type(${path}, ${oneValue({ S })})`);
const begins = fc.tuple(paths, texts).map(([path, S]) => fragment`begins_with(${path}, ${oneValue({ S })})`);
const holding = fc.tuple(paths, valueParts).map(([path, part]) => fragment`contains(${path}, ${part})`);

/** Well-formed conditions: those that DynamoDB refuses as soon as they come are cases of the double's own tests. */
export const conditions: fc.Arbitrary<Fragment> = fc.letrec<{ condition: Fragment }>((tie) => {
  const pair = fc.tuple(tie('condition'), fc.constantFrom('AND', 'OR'), tie('condition'));
  return {
    condition: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'condition' },
      {
        arbitrary: fc.oneof(
          equal,
          compared,
          compared,
          mirrored,
          siblings,
          measured,
          measured,
          between,
          within,
          existence,
          typeCheck,
          begins,
          holding,
        ),
        weight: 6,
      },
      { arbitrary: pair.map(([left, word, right]) => fragment`(${left}) ${word} (${right})`), weight: 2 },
      { arbitrary: pair.map(([left, word, right]) => fragment`${left} ${word} ${right}`), weight: 1 },
      { arbitrary: tie('condition').map((inner) => fragment`NOT ${inner}`), weight: 1 },
      { arbitrary: tie('condition').map((inner) => fragment`NOT (${inner})`), weight: 1 },
    ),
  };
}).condition;

const numberParts = numbers.map((N) => oneValue({ N }));
const orElse = (path: fc.Arbitrary<Fragment>, other: fc.Arbitrary<Fragment>): fc.Arbitrary<Fragment> =>
  fc.tuple(path, other).map(([one, fallback]) => fragment`if_not_exists(${one}, ${fallback})`);
const copied = fc.oneof(
  { arbitrary: paths, weight: 1 },
  { arbitrary: valueParts, weight: 3 },
  { arbitrary: orElse(paths, valueParts), weight: 2 },
);
const counted = fc.oneof(
  { arbitrary: pathsFrom('a'), weight: 2 },
  { arbitrary: paths, weight: 1 },
  { arbitrary: numberParts, weight: 3 },
  { arbitrary: orElse(paths, numberParts), weight: 2 },
);
const listParts = fc.array(scalars, { maxLength: 2 }).map((L) => oneValue({ L }));
const listed = fc.oneof(
  { arbitrary: pathsFrom('c'), weight: 2 },
  { arbitrary: listParts, weight: 3 },
  { arbitrary: orElse(paths, listParts), weight: 2 },
);
const newValues = fc.oneof(
  { arbitrary: copied, weight: 3 },
  { arbitrary: pairOf(counted, fc.constantFrom('+', '-'), counted), weight: 3 },
  { arbitrary: fc.tuple(listed, listed).map(([left, right]) => fragment`list_append(${left}, ${right})`), weight: 2 },
);

/** What becomes of one path: its clause, and what stands there. */
interface Action {
  clause: 'SET' | 'REMOVE' | 'ADD' | 'DELETE';
  text: Fragment;
}
const actionsOn = (name: string): fc.Arbitrary<Action> => {
  const path = pathsFrom(name);
  const with1 = (clause: Action['clause'], right: fc.Arbitrary<Fragment>, sign: string): fc.Arbitrary<Action> =>
    fc.tuple(path, right).map(([left, value]) => ({ clause, text: fragment`${left}${sign}${value}` }));
  return fc.oneof(
    { arbitrary: with1('SET', newValues, ' = '), weight: 5 },
    { arbitrary: path.map((text) => ({ clause: 'REMOVE' as const, text })), weight: 2 },
    { arbitrary: with1('ADD', fc.oneof(numberParts, sets.map(oneValue)), ' '), weight: 2 },
    { arbitrary: with1('DELETE', sets.map(oneValue), ' '), weight: 2 },
  );
};

function updateOf(actions: readonly Action[]): Fragment {
  const clauses = [...new Set(actions.map(({ clause }) => clause))];
  const texts = clauses.map((clause) => [
    `${clause} `,
    ...inList(actions.filter((action) => action.clause === clause).map(({ text }) => text)),
  ]);
  return texts.flatMap((text, index) => (index === 0 ? text : [' ', ...text]));
}

/** One to three actions on attributes of their own: paths that overlap are refused. */
export const updates: fc.Arbitrary<Fragment> = fc
  .uniqueArray(attributeNames, { minLength: 1, maxLength: 3 })
  .chain((names) => fc.tuple(...names.map(actionsOn)))
  .map(updateOf);

/** One attribute set whole, which never fails: for where the expressions themselves are not the matter. */
export const plainUpdates: fc.Arbitrary<Fragment> = fc.oneof(
  fc.tuple(attributeNames, valueParts).map(([name, value]) => fragment`SET ${name} = ${value}`),
  fc.tuple(attributeNames, orElse(paths, valueParts)).map(([name, value]) => fragment`SET ${name} = ${value}`),
);

export const projections: fc.Arbitrary<Fragment> = fc
  .uniqueArray(attributeNames, { minLength: 1, maxLength: 3 })
  .chain((names) => fc.tuple(...names.map(pathsFrom)))
  .map(inList);
