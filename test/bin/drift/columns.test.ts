import { Column } from '../../../bin/drift/columns';

function judged(label: string, values: unknown[], isText = false) {
  const column = new Column('input', label, label);
  for (const value of values) column.add(value, isText);
  return column.judged();
}

const many = (make: (index: number) => unknown, count = 100): unknown[] => Array.from({ length: count }, (_, index) => make(index));

describe('what a column is', () => {
  test.each<[string, unknown[], boolean, object]>([
    ['price', many((index) => (index * 37) % 101), false, { kind: 'numeric' }],
    ['price', many((index) => String((index * 37) % 101)), true, { kind: 'numeric' }],
    ['price', [...many((index) => (index * 37) % 101), 'broken', null, ''], false, { kind: 'numeric' }],
    ['score', many((index) => Math.sin(index)), false, { kind: 'numeric' }],
    ['flag', many((index) => index % 2), false, { kind: 'categorical' }],
    ['flag', many((index) => index % 2 === 0), false, { kind: 'categorical' }],
    ['flag', many((index) => (index % 2 === 0 ? 'True' : 'false')), true, { kind: 'categorical' }],
    ['carrier', many((index) => ['AA', 'UA', 'DL'][index % 3]), false, { kind: 'categorical' }],
    ['subject', many((index) => `your order number ${index} is late`), false, { kind: 'text' }],
    ['flight_id', many((index) => index), false, { leftOut: 'is an id' }],
    ['orderId', many((index) => `o-${index}`), false, { leftOut: 'is an id' }],
    ['line', many((index) => index + 5), false, { leftOut: 'counts the rows' }],
    ['token', many((index) => `t-${index}`), false, { leftOut: 'is nearly unique' }],
    ['when', many((index) => `2026-03-${String((index % 28) + 1).padStart(2, '0')}T10:00:00Z`), false, { leftOut: 'is a time' }],
    ['created_at', many((index) => 1_770_000_000 + ((index * 7919) % 1000)), false, { leftOut: 'is a time' }],
    ['tags', many(() => ['a']), false, { leftOut: 'is neither number nor text' }],
    ['gone', many(() => null), false, { leftOut: 'has no value' }],
    ['', many((index) => index % 7), false, { leftOut: 'has no name' }],
  ])('%s', (label, values, isText, expected) => {
    expect(judged(label, values, isText)).toEqual(expected);
  });

  test('a category whose name ends with id but repeats stays', () => {
    expect(
      judged(
        'shop_id',
        many((index) => `s${index % 4}`),
      ),
    ).toEqual({ kind: 'categorical' });
  });

  test('one row leaves nothing out for being unique', () => {
    expect(judged('value', [3.5])).toEqual({ kind: 'numeric' });
    expect(judged('carrier', ['AA'])).toEqual({ kind: 'categorical' });
  });

  test('a column that is asked for by name is taken as what it looks like', () => {
    const column = new Column('input', 'line', 'line');
    for (let index = 0; index < 100; index += 1) column.add(index, false);
    expect(column.asked()).toBe('numeric');
  });
});
