import type { Json } from '../../../../../rehearsal/services/sfn/definition';
import { parsePath, PathSyntaxError } from '../../../../../rehearsal/services/sfn/jsonpath/path';
import { evaluatePath, PathNotFoundError } from '../../../../../rehearsal/services/sfn/jsonpath/path-evaluate';
import { inject, ReferencePathError } from '../../../../../rehearsal/services/sfn/jsonpath/reference-path';

const store: Json = {
  book: [
    { title: 'A', price: 8, tags: ['x'], isbn: null },
    { title: 'B', price: 12, author: { name: 'Ann' } },
    { title: 'C', price: 20, author: { name: 'Bea' }, tags: [] },
  ],
  'delivery-partner': 'UQS',
  "it's": 1,
  bicycle: { price: 5, gears: [1, 2, 3, 4, 5] },
  nothing: null,
};
const read = (path: string, root: Json = store): Json => evaluatePath(parsePath(path), root);

describe('paths that name one node', () => {
  it.each<[string, Json]>([
    ['$', store],
    ['$.bicycle.price', 5],
    ['$.delivery-partner', 'UQS'],
    [`$['delivery-partner']`, 'UQS'],
    ['$["it\'s"]', 1],
    [`$['it\\'s']`, 1],
    ['$.book[1].author.name', 'Ann'],
    [`$['book'][0]['title']`, 'A'],
    ['$.bicycle.gears[-1]', 5],
    ['$.nothing', null],
    ['$.book[0].isbn', null],
    ['$.book.length()', 3],
    [`$.bicycle['price','gears']`, { price: 5, gears: [1, 2, 3, 4, 5] }],
  ])('%s', (path, value) => {
    expect(read(path)).toEqual(value);
  });

  it.each([
    ['$.missing', "No results for path: $['missing']"],
    ['$.bicycle.wheel', "No results for path: $['bicycle']['wheel']"],
    ['$.no.such.path', "Missing property in path $['no']"],
    ['$.book[9]', "No results for path: $['book'][9]"],
    ['$.book[0].title.length', "Expected to find an object with property ['length'] in path $['book'][0]['title'] but found"],
    ['$.bicycle[0]', 'Filter: [0] can only be applied to arrays'],
    ['$.nothing[0]', "The path $['nothing'] is null"],
    ['$.toString', "No results for path: $['toString']"],
  ])('%s is not there', (path, message) => {
    expect(() => read(path)).toThrow(PathNotFoundError);
    expect(() => read(path)).toThrow(message);
  });
});

describe('paths that name several', () => {
  it.each<[string, Json]>([
    ['$.book[*].title', ['A', 'B', 'C']],
    ['$.bicycle.*', [5, [1, 2, 3, 4, 5]]],
    ['$..name', ['Ann', 'Bea']],
    ['$..price', [8, 12, 20, 5]],
    ['$..gears[0]', [1]],
    ['$.bicycle.gears[0,2]', [1, 3]],
    ['$.bicycle.gears[1:3]', [2, 3]],
    ['$.bicycle.gears[:2]', [1, 2]],
    ['$.bicycle.gears[3:]', [4, 5]],
    ['$.bicycle.gears[-2:]', [4, 5]],
    ['$.book[0:2].price', [8, 12]],
    // What is not there gives nothing, and is no error.
    ['$.missing[*].title', []],
    ['$.missing[1:]', []],
    ['$.bicycle[0:1]', []],
    ['$..missing', []],
  ])('%s', (path, value) => {
    expect(read(path)).toEqual(value);
  });

  it.each<[string, string[]]>([
    ['$.book[?(@.price < 12)].title', ['A']],
    ['$.book[?(@.price <= 12)].title', ['A', 'B']],
    [`$.book[?(@.author.name == 'Ann')].title`, ['B']],
    [`$.book[?(@.author.name != 'Ann')].title`, ['A', 'C']],
    ['$.book[?(@.isbn)].title', ['A']],
    ['$.book[?(!@.isbn)].title', ['B', 'C']],
    ['$.book[?(@.isbn == null)].title', ['A']],
    ['$.book[?(@.price > 10 && @.tags)].title', ['C']],
    ['$.book[?(@.price > 15 || (@.price < 10 && @.tags))].title', ['A', 'C']],
    ['$.book[?(@.price > $.bicycle.price)].title', ['A', 'B', 'C']],
    [`$.book[?(@.title in ['A','C'])].title`, ['A', 'C']],
    [`$.book[?(@.title nin ['A','C'])].title`, ['B']],
    ['$.book[?(@.title =~ /[bc]/i)].title', ['B', 'C']],
    ['$..[?(@.price == 5)].gears[0]', [1 as unknown as string]],
  ])('the filter %s', (path, titles) => {
    expect(read(path)).toEqual(titles);
  });
});

it.each([
  'store',
  '$.',
  '$..',
  '$.a..',
  '$.a b',
  '$[a]',
  '$[0',
  `$['a`,
  '$.a[?(@.b ~ 1)]',
  '$.a[?(@.b ==)]',
  '$.a[?@.b]',
  '$.a[1:2:3]',
  '$.a.max()',
  '$.a.length().b',
])('%s is no path', (path) => {
  expect(() => parsePath(path)).toThrow(PathSyntaxError);
});

it('tells apart the input, the context object and variables', () => {
  expect(['$.a', '$$.a', '$name.a', '$$'].map((path) => parsePath(path).root)).toEqual([
    { kind: 'input' },
    { kind: 'context' },
    { kind: 'variable', name: 'name' },
    { kind: 'context' },
  ]);
});

describe('a result in its place', () => {
  it.each<[string, Json, Json]>([
    ['$.a', {}, { a: 1 }],
    ['$.a.b.c', { a: { x: 2 } }, { a: { x: 2, b: { c: 1 } } }],
    [`$['a b']`, { c: 3 }, { c: 3, 'a b': 1 }],
    ['$.list[1].x', { list: [0, {}] }, { list: [0, { x: 1 }] }],
    ['$.a', { a: 'replaced' }, { a: 1 }],
  ])('%s', (path, document, expected) => {
    const before = JSON.stringify(document);
    expect(inject(document, parsePath(path), 1)).toEqual(expected);
    expect(JSON.stringify(document)).toBe(before);
  });

  it.each<[string, Json]>([
    ['$.a', 'text'],
    ['$.a', [1]],
    ['$.a', null],
    ['$.a.b', { a: 1 }],
    ['$.list[2]', { list: [0] }],
    ['$.list[0]', {}],
  ])('%s cannot be applied to %j', (path, document) => {
    expect(() => inject(document, parsePath(path), 1)).toThrow(ReferencePathError);
    expect(() => inject(document, parsePath(path), 1)).toThrow(`ReferencePath ${path} to input ${JSON.stringify(document)}`);
  });
});
