import fc from 'fast-check';
import type { KpiPolicy, RejectedEvent } from '../../../core/contracts';
import { batchesOf, countsOf, packRejected, readJson, unpackRejected, valueProblem } from '../../../core/observation';

describe('batches', () => {
  test('hold every event once, in order, and no more bytes than allowed', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 40 }), fc.boolean(), (events, replay) => {
        const largest = Math.max(0, ...events.map((event) => Buffer.byteLength(JSON.stringify(event))));
        const bodies = batchesOf(events, largest + 120, { replay });
        bodies.forEach((body) => expect(Buffer.byteLength(body)).toBeLessThanOrEqual(largest + 120));
        const read = bodies.map((body) => JSON.parse(body) as { events: unknown[]; schema: string; replay?: boolean });
        expect(JSON.stringify(read.flatMap((one) => one.events))).toBe(JSON.stringify(events));
        read.forEach((one) => expect([one.schema, one.replay]).toEqual(['sluice.kpi-batch/v1', replay ? true : undefined]));
      }),
    );
  });

  test('are as full as they can be', () => {
    const frame = '{"schema":"sluice.kpi-batch/v1","events":[]}'.length;
    expect(batchesOf(['a', 'b', 'c'], frame + 7)).toHaveLength(2);
    expect(batchesOf(['a', 'b'], frame + 7)).toHaveLength(1);
    expect(batchesOf([], 1_000)).toEqual([]);
  });

  test('refuse an event that is larger than a message, and say which', () => {
    expect(() => batchesOf([1, 'x'.repeat(100)], 60)).toThrow('Event 1 has 102 bytes: a message holds at most 60 bytes');
  });
});

describe('JSON with numbers that are none', () => {
  test.each([
    ['{"a":NaN,"b":-Infinity,"c":[Infinity]}', { a: 'NaN', b: '-Infinity', c: ['Infinity'] }],
    ['{"a":"NaN, \\"Infinity\\"","b":NaN}', { a: 'NaN, "Infinity"', b: 'NaN' }],
    ['{"a":1}', { a: 1 }],
    ['null', null],
    ['{"a":', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(readJson(text)).toEqual(expected);
  });

  test('reads whatever JSON.stringify writes', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(readJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)))));
  });
});

describe('rejected events', () => {
  const rejected = (body: string): RejectedEvent => ({
    reason: 'malformed',
    detail: 'why',
    eventId: 'e1',
    kpi: 'missed-spam',
    body,
    receivedAt: '2026-03-02T09:00:00.000Z',
  });

  test('come back whole, whatever their size, and from items in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20_000 }), { minLength: 1, maxLength: 3 }), (bodies) => {
        const items = bodies.flatMap((body) => packRejected(rejected(body))).map(({ sk, item }) => ({ ...item, sk }));
        const read = unpackRejected(items.reverse());
        expect(new Set(read.map(({ body }) => body))).toEqual(new Set(bodies.map((body) => Buffer.from(body).toString())));
        expect(read[0]).toMatchObject({ reason: 'malformed', detail: 'why', eventId: 'e1', kpi: 'missed-spam' });
      }),
      { numRuns: 30 },
    );
  });

  test('no item is larger than the ledger takes, and the parts come first', () => {
    const body = Array.from({ length: 1_000_000 }, (_, index) =>
      String.fromCharCode(33 + ((index * 7919 + ((index * index) % 9973)) % 90)),
    ).join('');
    const items = packRejected(rejected(body));
    expect(items.length).toBeGreaterThan(1);
    items.forEach(({ item }) => expect((item as { bytes?: Uint8Array }).bytes?.length ?? 0).toBeLessThan(390_000));
    expect(items.at(-1)?.item).toMatchObject({ parts: items.length - 1 });
  });

  test('an event may call itself whatever it likes', () => {
    const odd = { ...rejected('x'.repeat(20_000)), eventId: 'a#part#00' };
    const items = packRejected(odd).map(({ sk, item }) => ({ ...item, sk }));
    expect(unpackRejected(items)).toMatchObject([odd]);
  });

  test('a part that is missing is named', () => {
    const items = packRejected(rejected('x'.repeat(10_000))).map(({ sk, item }) => ({ ...item, sk }));
    expect(() => unpackRejected(items.slice(1))).toThrow('part 0 of 1 is not among the items');
  });
});

describe('values', () => {
  const policy = (type: KpiPolicy['type']): KpiPolicy =>
    ({ name: 'k', type, better: 'lower', cap: 100, typical: { mean: 10, standardDeviation: 10 } }) as KpiPolicy;

  test.each([
    ['binary', 1, undefined],
    ['binary', false, undefined],
    ['binary', 2, 'takes 0, 1'],
    ['mean', 0, undefined],
    ['mean', 12.5, undefined],
    ['mean', true, 'takes a number'],
    ['count', 3, undefined],
    ['count', 3.5, 'whole number'],
    ['count', 1e20, 'whole number'],
  ] as const)('%s %s', (type, value, problem) => {
    const found = valueProblem(policy(type), value);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });

  test('add to the counters that the verdict reads', () => {
    expect(countsOf(policy('binary'), true)).toEqual({ x: 1 });
    expect(countsOf(policy('binary'), 0)).toEqual({});
    expect(countsOf(policy('mean'), 50)).toMatchObject({ x: 1, s: 5_000, q: 25_000_000, e0: expect.any(Number) as number });
    expect(countsOf(policy('mean'), 500)).toEqual(countsOf(policy('mean'), 100));
  });
});
