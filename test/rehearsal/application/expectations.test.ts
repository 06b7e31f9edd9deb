import type { ApplicationResult } from '../../../rehearsal/application/result';
import { play, synthesize } from './stage';
import { buildShop } from './shop';

let shop: string;
beforeAll(() => {
  shop = synthesize(buildShop);
});

/** Everything that expectations can look at has happened. */
const inputs = [
  { at: '0s', execution: { stateMachine: 'Sort', name: 'small', input: { total: 5 } } },
  { at: '0s', execution: { stateMachine: 'Sort', name: 'large', input: { total: 500 } } },
  { at: '0s', execution: { stateMachine: 'Packing', name: 'waits' } },
  {
    at: '0s',
    item: { table: 'Orders', put: { pk: 'o-{{n}}', total: 7, lines: [{ sku: 'a', n: 1 }], to: { city: 'Bern', zip: '3000' } } },
    times: 2,
  },
  { at: '0s', object: { bucket: 'Kept', key: 'thumbs/a.txt', text: 'a small picture' } },
  { at: '0s', object: { bucket: 'Kept', key: 'thumbs/b.json', json: { size: { w: 1, h: 2 } } } },
  { at: '0s', message: { queue: 'Inbox', body: { order: { id: 'o-1', n: 2 } } } },
  { at: '0s', message: { queue: 'Inbox', body: 'a text' } },
  { at: '0s', message: { queue: 'Work', body: 'bad' } },
  { at: '0s', publish: { topic: 'News', message: { price: 3 }, subject: 'Prices of today' } },
  { at: '0s', event: { bus: 'Bus', source: 'shop', detailType: 'Placed', detail: { id: 'o-1', lines: [1, 2] } } },
  { at: '0s', request: { to: 'Web', path: '/orders', answer: { status: 201 } } },
];

const expected = async (expect: object): Promise<ApplicationResult['expectations']> => {
  const { expectations } = await play(shop, { inputs, expect });
  return expectations.filter(({ where }) => where.startsWith('expect.'));
};

const failed = { stateMachine: 'Sort', status: 'FAILED' };

const HELD: [string, object][] = [
  ['an execution by its status', { executions: [failed] }],
  ['… by name, error and cause', { executions: [{ ...failed, name: 'large', error: 'TooLarge', cause: 'the limit', count: 1 }] }],
  ['… by input and output', { executions: [{ stateMachine: 'Shop/Sort', input: { total: 5 }, output: { accepted: true } }] }],
  [
    '… by states, and those it did not enter',
    { executions: [{ stateMachine: 'Sort', states: ['Large', 'TooLarge'], notStates: ['Accept'] }] },
  ],
  ['… that still runs', { executions: [{ stateMachine: 'Packing', status: 'RUNNING', states: ['PackIt'] }] }],
  ['… or is not there', { executions: [{ stateMachine: 'Sort', status: 'TIMED_OUT', count: 0 }] }],
  ['executions between bounds', { executions: [{ stateMachine: 'Sort', count: { atLeast: 2, atMost: 3 } }] }],
  ['an item by its key', { items: [{ table: 'Orders', key: { pk: 'o-1' } }] }],
  [
    '… with some of its members',
    { items: [{ table: 'Orders', key: { pk: 'o-1' }, item: { to: { city: 'Bern' }, lines: [{ sku: 'a', n: 1 }] } }] },
  ],
  ['… that is absent', { items: [{ table: 'Orders', key: { pk: 'o-9' }, absent: true }] }],
  ['a number of items', { items: [{ table: 'Orders', count: 2, item: { total: 7 } }] }],
  ['any item', { items: [{ table: 'Orders' }] }],
  ['objects by a pattern', { objects: [{ bucket: 'Kept', key: 'thumbs/*', count: 2 }] }],
  ['… by JSON', { objects: [{ bucket: 'Kept', key: '*.json', json: { size: { w: 1 } } }] }],
  ['… by text and content type', { objects: [{ bucket: 'Kept', key: 'thumbs/a.txt', text: 'small', contentType: 'text/plain' }] }],
  ['… that are absent', { objects: [{ bucket: 'Kept', key: 'thumbs.*', absent: true }] }],
  ['messages in a queue', { messages: [{ queue: 'Inbox', count: 3 }] }],
  ['… by a part of their body', { messages: [{ queue: 'Inbox', body: { order: { id: 'o-1' } }, count: 1 }] }],
  ['… in a dead-letter queue', { messages: [{ queue: 'Dead', body: 'bad', count: 1 }] }],
  ['messages to a topic', { messages: [{ topic: 'News', message: { price: 3 }, subject: 'Prices' }] }],
  ['events on a bus', { messages: [{ bus: 'Bus', source: 'shop', detailType: 'Placed', detail: { lines: [1, 2] }, count: 1 }] }],
  ['an alarm that was and is', { alarms: [{ alarm: 'Errors', was: 'ALARM', within: '5m', is: 'OK' }] }],
  ['a function by its invocations and errors', { functions: [{ function: 'Worker', invocations: 2, errors: 2 }] }],
  ['… that never ran', { functions: [{ function: 'Guarded', invocations: 0, errors: { atMost: 0 } }] }],
  ['an entry of the timeline', { timeline: [{ source: 'states', event: 'failed', detail: { stateMachine: 'Shop/Sort' }, times: 1 }] }],
];

test.each(HELD)('holds: %s', async (_what, expect_) => {
  expect((await expected(expect_)).filter(({ held }) => !held)).toEqual([]);
});

test('holds: an alarm that never was', async () => {
  const { expectations } = await play(shop, { expect: { alarms: [{ alarm: 'Shop/Errors', never: 'ALARM' }] } });
  expect(expectations).toEqual([expect.objectContaining({ held: true })]);
});

const BROKEN: [object, RegExp][] = [
  [
    { executions: [{ stateMachine: 'Sort', name: 'large', status: 'SUCCEEDED' }] },
    /0, but 1 others: large FAILED, TooLarge, above the limit/,
  ],
  [{ executions: [{ stateMachine: 'Sort', name: 'huge' }] }, /^0: nothing/],
  [{ executions: [{ stateMachine: 'Sort', states: ['TooLarge', 'Large'] }] }, /through Large → TooLarge/],
  [{ executions: [{ stateMachine: 'Sort', name: 'small', notStates: ['Accept'] }] }, /through Large → Accept/],
  [{ executions: [{ stateMachine: 'Sort', name: 'small', output: { accepted: false } }] }, /output {"accepted":true}/],
  [{ executions: [{ stateMachine: 'Sort', input: { total: 6 } }] }, /0, but 2 others/],
  [{ executions: [{ stateMachine: 'Sort', error: 'Other' }] }, /TooLarge/],
  [{ executions: [{ stateMachine: 'Sort', count: 1 }] }, /^2: /],
  [{ items: [{ table: 'Orders', key: { pk: 'o-1' }, item: { lines: [{ sku: 'a' }] } }] }, /"lines":\[\{"sku":"a","n":1\}\]/],
  [{ items: [{ table: 'Orders', key: { pk: 'o-9' } }] }, /no such item/],
  [{ items: [{ table: 'Orders', key: { pk: 'o-1' }, absent: true }] }, /"total":7/],
  [{ items: [{ table: 'Orders', count: 3 }] }, /^2: /],
  [{ objects: [{ bucket: 'Kept', key: 'thumbs/c.txt' }] }, /none; the bucket holds thumbs\/a\.txt; thumbs\/b\.json/],
  [{ objects: [{ bucket: 'Kept', key: 'thumbs/a.txt', text: 'large' }] }, /a small picture/],
  [{ objects: [{ bucket: 'Kept', key: 'thumbs/b.json', json: { size: { w: 2 } } }] }, /"w":1/],
  [{ objects: [{ bucket: 'Kept', key: 'thumbs/a.txt', contentType: 'image/png' }] }, /text\/plain/],
  [{ objects: [{ bucket: 'Kept', key: 'thumbs/*', absent: true }] }, /thumbs\/a\.txt/],
  [{ messages: [{ queue: 'Inbox', body: { order: { id: 'o-2' } } }] }, /0, but 3 others: .*a text/],
  [{ messages: [{ topic: 'News', message: 'nothing of this' }] }, /Prices of today: \{"price":3\}/],
  [{ messages: [{ topic: 'News', subject: 'Weather' }] }, /Prices of today/],
  [{ messages: [{ bus: 'Bus', detailType: 'Sold' }] }, /shop Placed/],
  [{ messages: [{ bus: 'Bus', detail: { lines: [2, 1] } }] }, /shop Placed/],
  [{ alarms: [{ alarm: 'Errors', is: 'ALARM' }] }, /^OK: /],
  [{ alarms: [{ alarm: 'Errors', was: 'ALARM', within: '10s' }] }, /ALARM at \d/],
  [{ alarms: [{ alarm: 'Errors', never: 'ALARM' }] }, /ALARM at \d/],
  [{ functions: [{ function: 'Worker', invocations: 3 }] }, /^2$/],
  [{ functions: [{ function: 'Worker', errors: { atMost: 1 } }] }, /^2$/],
  [{ denied: [{ role: 'Worker', action: 'dynamodb:PutItem' }] }, /nothing was denied/],
  [{ timeline: [{ source: 'states', event: 'failed', times: 2 }] }, /^once$/],
];

test.each(BROKEN)('does not hold: %j', async (expect_, seen) => {
  const results = await expected(expect_);
  expect(results.map(({ held }) => held)).toEqual([false]);
  expect(results[0]?.seen).toMatch(seen);
});

test('an answer that is otherwise is an expectation that does not hold, for all repetitions in one', async () => {
  const request = { to: 'Web', path: '/orders', answer: { status: 200, body: { path: '/orders' } } };
  const { expectations, checks } = await play(shop, { inputs: [{ at: '0s', every: '1m', times: 2, request }] });
  expect(expectations).toEqual([
    {
      where: 'inputs[0].request.answer',
      text: 'GET /orders is answered with 200 {"path":"/orders"}',
      held: false,
      seen: expect.stringMatching(/request 1: 201 .*request 2: 201/) as string,
    },
  ]);
  expect(checks.every(({ held }) => held)).toBe(true);
});
