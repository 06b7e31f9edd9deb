import type { Difference, Explanation } from '../engine/explanation';
import type { Outcome } from '../engine/outcome';
import { comparedPairs, itemsBefore, measuredPaths, operandAt, requestOf, requestsOf } from './evaluate';
import type { Request, Value } from './evaluate';

const failed = (outcome: Outcome, message: RegExp): boolean =>
  'error' in outcome && outcome.error === 'ValidationException' && message.test(outcome.message);
const succeeded = (outcome: Outcome): outcome is { answer: unknown } => 'answer' in outcome;

/** The update is made of REMOVE and DELETE alone. */
const onlyTakesAway = ({ UpdateExpression: text }: Request): boolean => text !== undefined && !/\b(SET|ADD)\b/.test(text);

const updateOf = ({ operation, input, before }: Difference): Request | undefined =>
  operation === 'UpdateItem' ? requestOf({ input }) : before.filter((step) => step.operation === 'UpdateItem').map(requestOf)[0];

function emptyUpdate(difference: Difference): boolean {
  const update = updateOf(difference);
  return update !== undefined && onlyTakesAway(update) && !difference.before.some((step) => step.operation === 'PutItem');
}

const longNumber = /\d{29}|\d\.\d{28}|E-?\d{2}|e\d{2}/;
const arithmetic = /\bADD\b| [+-] /;

function longArithmetic(difference: Difference): boolean {
  const update = updateOf(difference);
  return arithmetic.test(update?.UpdateExpression ?? '') && longNumber.test(JSON.stringify([difference.input, difference.before]));
}

/** Some item lets two operands meet that the test is about. */
function comparing(difference: Difference, test: (left: Value | undefined, right: Value | undefined) => boolean): boolean {
  return requestsOf(difference).some((request) =>
    itemsBefore(difference).some((item) =>
      comparedPairs(request).some(([left, right]) => test(operandAt(left, item, request), operandAt(right, item, request))),
    ),
  );
}

const isDocument = (value: Value | undefined, type: 'L' | 'M'): boolean => value?.[type] !== undefined;
const sizeless = (value: Value | undefined): boolean => value !== undefined && ['N', 'BOOL', 'NULL'].some((type) => type in value);

function measuresScalar(difference: Difference): boolean {
  return requestsOf(difference).some((request) =>
    itemsBefore(difference).some((item) => measuredPaths(request).some((path) => sizeless(operandAt(path, item, request)))),
  );
}

/** The witness fills the list with nulls up to the element's number. */
function padsList(difference: Difference): boolean {
  const update = updateOf(difference);
  const nulls = (outcome: Outcome): number => JSON.stringify(outcome).split('{"NULL":true}').length;
  return /\[\d\]/.test(update?.UpdateExpression ?? '') && nulls(difference.witness) > nulls(difference.ours);
}

/** What an outcome holds, each number in one form, in no order: sets are told in the order of their texts. */
function inOneForm(outcome: Outcome): string {
  const tokens = JSON.stringify(outcome).split(/[,[\]{}]|(?<=":)/);
  return tokens
    .map((token) => token.replace(/^"(-?[\d.]+(?:[eE][+-]?\d+)?)"$/, (_all, number: string) => String(Number(number))))
    .sort()
    .join();
}

const nestedPath = /[\]\w][.[]/;

export const explainedOfDynamoDb: readonly Explanation[] = [
  {
    area: 'dynamodb',
    title: 'an update that only removes makes no item where there is none; the witness makes one',
    right: 'ours',
    documented:
      'Amazon DynamoDB API Reference, UpdateItem, AttributeUpdates: "If no item with the specified Key is found: … DELETE - Nothing happens; there is no attribute to delete."',
    applies: emptyUpdate,
    endsCase: true,
  },
  {
    area: 'dynamodb: writes',
    title: 'UPDATED_OLD and UPDATED_NEW without anything to return: the witness answers an empty map',
    right: 'ours',
    documented:
      'Amazon DynamoDB API Reference, UpdateItem, ReturnValues: "UPDATED_OLD - Returns only the updated attributes, as they appeared before the UpdateItem operation."',
    applies: ({ operation, input, ours, witness }) =>
      operation === 'UpdateItem' &&
      requestOf({ input }).ReturnValues?.startsWith('UPDATED_') === true &&
      succeeded(ours) &&
      succeeded(witness) &&
      JSON.stringify([ours.answer, witness.answer]) === '[{},{"Attributes":{}}]',
  },
  {
    area: 'dynamodb: writes',
    title: 'UPDATED_OLD and UPDATED_NEW of a nested path: the witness answers the whole attribute',
    right: 'ours',
    documented:
      'Amazon DynamoDB API Reference, UpdateItem, ReturnValues: "UPDATED_NEW - Returns only the updated attributes, as they appear after the UpdateItem operation."',
    applies: ({ operation, input, ours, witness }) =>
      operation === 'UpdateItem' &&
      requestOf({ input }).ReturnValues?.startsWith('UPDATED_') === true &&
      nestedPath.test(requestOf({ input }).UpdateExpression ?? '') &&
      succeeded(ours) &&
      succeeded(witness),
  },
  {
    area: 'dynamodb: writes',
    title: 'an element beyond the end is appended; the witness fills the list with nulls up to its number',
    right: 'ours',
    documented:
      'Amazon DynamoDB Developer Guide, Using update expressions, SET: "If the element doesn\'t already exist, SET appends the new element at the end of the list."',
    applies: padsList,
    endsCase: true,
  },
  {
    area: 'dynamodb: writes',
    title: 'a path whose parent is not there is refused; the witness passes over it, or makes the parent',
    right: 'ours',
    documented:
      'Amazon DynamoDB Developer Guide, Using update expressions, SET: a nested attribute is set in a map that exists; AWS answers "The document path provided in the update expression is invalid for update".',
    applies: ({ operation, ours, witness }) =>
      operation === 'UpdateItem' &&
      failed(ours, /^The document path provided in the update expression is invalid for update$/) &&
      succeeded(witness),
    endsCase: true,
  },
  {
    area: 'dynamodb: writes',
    title: 'operands of the wrong type are refused; the witness takes one of them, or an empty list, instead',
    right: 'ours',
    documented:
      'Amazon DynamoDB Developer Guide, Using update expressions: list_append joins two lists; "The ADD action supports only number and set data types."; "The DELETE action supports only set data types."',
    applies: ({ operation, ours, witness }) =>
      operation === 'UpdateItem' && failed(ours, /^An operand in the update expression has an incorrect data type$/) && succeeded(witness),
    endsCase: true,
  },
  {
    area: 'dynamodb: writes',
    title: 'sums are exact to 38 digits and refused beyond; the witness rounds them to 28',
    right: 'ours',
    documented:
      'Amazon DynamoDB Developer Guide, Supported data types and naming rules, Number: "Numbers can have up to 38 digits of precision. Exceeding this results in an exception."',
    applies: longArithmetic,
    endsCase: true,
  },
  {
    area: 'dynamodb: transactions',
    title: 'numbers are kept in one form; the witness keeps those of updates in transactions as they were written',
    right: 'ours',
    documented:
      'Amazon DynamoDB Developer Guide, Supported data types and naming rules, Number: "Leading and trailing zeroes are trimmed."',
    applies: ({ operation, ours, witness, before }) =>
      operation === 'TransactGetItems' && /"Update":/.test(JSON.stringify(before)) && inOneForm(ours) === inOneForm(witness),
  },
  {
    area: 'dynamodb',
    title: 'a filter or projection must keep to what the index projects; the witness does not look',
    right: 'ours',
    documented:
      'Amazon DynamoDB API Reference, Query, Select: "If you query or scan a global secondary index, you can only request attributes that are projected into the index."',
    applies: ({ ours, witness }) =>
      failed(ours, /^One or more parameter values were invalid: Global secondary index \S+ does not project/) && succeeded(witness),
  },
  {
    area: 'dynamodb: scans',
    title: 'an item without the sort key of an index is not in it; the witness scans it there',
    right: 'ours',
    documented:
      'Amazon DynamoDB Developer Guide, Using Global Secondary Indexes: "A global secondary index only tracks data items where its key attributes actually exist."',
    applies: ({ operation, input, ours, witness, before }) =>
      operation === 'Scan' &&
      (input as { IndexName?: string }).IndexName !== undefined &&
      succeeded(ours) &&
      succeeded(witness) &&
      before.map(requestOf).some(({ Item: item = {} }) => item['g'] !== undefined && item['r'] === undefined),
  },
  {
    area: 'dynamodb: scans',
    title: 'a page of an index ends in a key that starts the next one; the witness refuses its own',
    right: 'ours',
    documented:
      'Amazon DynamoDB API Reference, Scan, ExclusiveStartKey: "Use the value that was returned for LastEvaluatedKey in the previous operation."',
    applies: ({ operation, input, witness }) =>
      operation === 'Scan' &&
      (input as { IndexName?: string }).IndexName !== undefined &&
      failed(witness, /^The provided starting key is invalid/),
  },
  {
    area: 'dynamodb',
    title: 'an attribute that is not there equals nothing, not even another that is not there; to the witness the two are equal',
    right: 'ours',
    documented:
      'Amazon DynamoDB Developer Guide, Comparison operator and function reference: "a = b – True if a is equal to b", "a <> b – True if a is not equal to b", "a IN (b, c, d) – True if a is equal to any value in the list".',
    applies: (difference) => comparing(difference, (left, right) => left === undefined && right === undefined),
    endsCase: true,
  },
  {
    area: 'dynamodb',
    title: 'lists and maps equal those that hold the same; to the witness all lists and maps are equal',
    right: 'ours',
    documented:
      'Amazon DynamoDB API Reference, Condition, ComparisonOperator: "EQ : Equal. EQ is supported for all data types, including lists and maps."',
    applies: (difference) =>
      comparing(difference, (left, right) => ['L' as const, 'M' as const].some((one) => isDocument(left, one) || isDocument(right, one))),
    endsCase: true,
  },
  {
    area: 'dynamodb',
    title: 'a number, a Boolean and a null have no size; to the witness it is 0',
    right: 'ours',
    documented:
      'Amazon DynamoDB Developer Guide, Comparison operator and function reference, size (path): "The following are valid data types for use with size": String, Binary, Set, List and Map.',
    applies: measuresScalar,
    endsCase: true,
  },
  {
    area: 'dynamodb',
    title: 'begins_with is false for an attribute that is neither text nor bytes; the witness refuses the request',
    right: 'ours',
    documented:
      'Amazon DynamoDB Developer Guide, Comparison operator and function reference: "begins_with (path, substr) – True if the attribute specified by path begins with a particular substring."',
    applies: ({ input, witness }) =>
      JSON.stringify(input).includes('begins_with') &&
      'error' in witness &&
      witness.message.endsWith('operator or function: begins_with, operand type: S'),
    endsCase: true,
  },
];
