import { broken, file, play, synthesize, violationsOf } from './stage';
import { buildShop } from './shop';

let shop: string;
beforeAll(() => {
  shop = synthesize(buildShop);
});

test('left alone, it is deployed and deleted, and all checks hold', async () => {
  const result = await play(shop, {});
  expect(broken(result)).toEqual([]);
  expect(result.stacks).toMatchObject([{ name: 'Shop', status: 'CREATE_COMPLETE', deletion: 'DELETE_COMPLETE' }]);
  expect(result.stacks[0]?.retained).toEqual([{ constructPath: 'Shop/Kept', type: 'AWS::S3::Bucket' }]);
  expect(result.stillUnderWay).toEqual([]);
});

describe('each kind of input reaches what it names', () => {
  test('an event on a bus of the stack, one on the default bus', async () => {
    const event = { source: 'shop', detailType: 'Placed', detail: { id: 'o-{{n}}' } };
    const result = await play(shop, {
      inputs: [
        { at: '1m', every: '1m', times: 3, event: { bus: 'Shop/Bus', ...event } },
        { at: '1m', event: { source: 'partner', detailType: 'Ping' } },
        { at: '1m', event: { bus: 'default', source: 'nobody', detailType: 'Ping' } },
      ],
      expect: {
        messages: [
          { queue: 'Inbox', count: 4 },
          { queue: 'Inbox', body: { detail: { id: 'o-3' } }, count: 1 },
          { bus: 'Bus', source: 'shop', detailType: 'Placed', count: 3 },
          { bus: 'default', source: 'nobody', count: 1 },
        ],
      },
    });
    expect(broken(result)).toEqual([]);
    expect(result.inputs.map(({ t, kind, to, n }) => [t, kind, to, n])).toEqual([
      [60, 'event', 'Shop/Bus', 1],
      [60, 'event', 'default', 1],
      [60, 'event', 'default', 1],
      [120, 'event', 'Shop/Bus', 2],
      [180, 'event', 'Shop/Bus', 3],
    ]);
  });

  test('a message to a queue, with attributes, as text and as JSON', async () => {
    const result = await play(shop, {
      inputs: [
        { at: '0s', message: { queue: 'Inbox', body: 'plain', attributes: { kind: 'a' } } },
        { at: '0s', message: { queue: 'Inbox', body: { a: [1, 2] } } },
      ],
      expect: {
        messages: [
          { queue: 'Inbox', body: 'plain', count: 1 },
          { queue: 'Inbox', body: { a: [1, 2] }, count: 1 },
        ],
      },
    });
    expect(broken(result)).toEqual([]);
  });

  test('a publication to a topic', async () => {
    const result = await play(shop, {
      inputs: [{ at: '0s', publish: { topic: 'News', message: { price: 3 }, subject: 'Prices of today', attributes: { kind: 'a' } } }],
      expect: { messages: [{ topic: 'News', message: { price: 3 }, subject: 'today', count: 1 }] },
    });
    expect(broken(result)).toEqual([]);
  });

  test('objects of text, JSON and a file, with their content types', async () => {
    const result = await play(shop, {
      inputs: [
        { at: '0s', object: { bucket: 'Kept', key: 'in/{{n}}.txt', text: 'hello {{n}}' }, times: 2 },
        { at: '0s', object: { bucket: 'Kept', key: 'in/a.json', json: { n: 1 } } },
        { at: '0s', object: { bucket: 'Kept', key: 'b.csv', file: file('b.csv', 'a,b'), contentType: 'text/csv' } },
      ],
      expect: {
        objects: [
          { bucket: 'Kept', key: 'in/*.txt', count: 2, contentType: 'text/plain' },
          { bucket: 'Kept', key: 'in/2.txt', text: 'hello 2' },
          { bucket: 'Kept', key: 'in/a.json', json: { n: 1 }, contentType: 'application/json' },
          { bucket: 'Kept', key: 'b.csv', text: 'a,b', contentType: 'text/csv' },
          { bucket: 'Kept', key: 'c.csv', absent: true },
        ],
      },
    });
    expect(broken(result)).toEqual([]);
  });

  test('a request to a function URL, by its function or by itself, signed or not', async () => {
    const orders = { method: 'POST', path: '/orders', query: { a: 'b' }, body: { id: 1 } };
    const answer = { status: 201, body: { path: '/orders', query: { a: 'b' }, body: { id: 1 } }, headers: { 'X-Shop': 'yes' } };
    const result = await play(shop, {
      inputs: [
        { at: '0s', request: { to: 'Shop/Web', ...orders, answer } },
        { at: '0s', request: { to: 'Web/FunctionUrl', path: '/nothing', answer: { status: 404 } } },
        { at: '0s', request: { to: 'Guarded', ...orders, as: 'iam', answer: { status: 201 } } },
        { at: '0s', request: { to: 'Guarded', ...orders, answer: { status: 403 } } },
      ],
    });
    expect(broken(result)).toEqual([]);
    expect(result.inputs.map(({ status }) => status)).toEqual([201, 404, 201, 403]);
  });

  test('an execution with a name and an input', async () => {
    const result = await play(shop, {
      inputs: [{ at: '0s', every: '1s', times: 2, execution: { stateMachine: 'Sort', name: 'sort-{{n}}', input: { total: 5 } } }],
      expect: { executions: [{ stateMachine: 'Sort', name: 'sort-2', status: 'SUCCEEDED', output: { accepted: true } }] },
    });
    expect(broken(result)).toEqual([]);
    expect(result.executions).toMatchObject([
      { name: 'sort-1', stateMachine: 'Shop/Sort', status: 'SUCCEEDED', states: [{ state: 'Large' }, { state: 'Accept' }] },
      { name: 'sort-2' },
    ]);
  });

  test('an invocation that is waited for, and one that is not', async () => {
    const result = await play(shop, {
      inputs: [
        { at: '0s', invoke: { function: 'Worker', payload: { value: 21 } } },
        { at: '0s', invoke: { function: 'Worker', payload: { value: 1 }, async: true } },
      ],
      expect: { functions: [{ function: 'Worker', invocations: 2, errors: 0 }] },
    });
    expect(broken(result)).toEqual([]);
    expect(result.inputs.map(({ words }) => words)).toEqual(['{"doubled":42}', 'accepted']);
  });

  test('an item into a table', async () => {
    const put = { pk: 'o-1', total: 3, tags: ['a'], open: true };
    const result = await play(shop, {
      inputs: [{ at: '0s', item: { table: 'Orders', put } }],
      expect: { items: [{ table: 'Orders', key: { pk: 'o-1' }, item: put }] },
    });
    expect(broken(result)).toEqual([]);
  });
});

test('what AWS does not take is told', async () => {
  const start = { execution: { stateMachine: 'Sort', name: 'twice', input: { total: 1 } } };
  const result = await play(shop, {
    inputs: [
      { at: '1m', ...start },
      { at: '2m', ...start },
    ],
  });
  expect(violationsOf(result, 'inputs')).toEqual([
    expect.stringMatching(/^inputs\[1\] to Shop\/Sort at 0:02: ExecutionAlreadyExists: .*twice/),
  ]);
  expect(result.timeline).toContainEqual(expect.objectContaining({ t: 120, source: 'inputs', event: 'failed' }));
});

test('of many only the first of each are listed', async () => {
  const result = await play(shop, {
    duration: '30m',
    inputs: [{ at: '1m', every: '1m', times: 30, message: { queue: 'Inbox', body: '{{n}}' } }],
    expect: { messages: [{ queue: 'Inbox', count: 30 }] },
  });
  expect(broken(result)).toEqual([]);
  expect([result.inputs.length, result.inputsLeftOut]).toEqual([20, 10]);
});

test.each([{ body: { path: '/broken' } }, { headers: { 'x-shop': 'yes' } }])(
  'an answer %j is none with a status from 500',
  async (answer) => {
    const result = await play(shop, { inputs: [{ at: '0s', request: { to: 'Web', path: '/broken', answer } }] });
    expect(broken(result)).toEqual([expect.stringMatching(/^GET \/broken is answered with .*, but: 502 /)]);
  },
);

test('an event that no enabled rule matches is told', async () => {
  const event = (source: string) => ({ bus: 'Bus', source, detailType: 'Placed' });
  const result = await play(shop, {
    inputs: [
      { at: '0s', event: event('shop') },
      { at: '1m', event: event('shpo') },
      { at: '3m', event: event('shop') },
    ],
    faults: [{ at: '2m', rule: 'Shop/Placed', state: 'disabled' }],
  });
  const unmatched = result.timeline.filter((entry) => entry.event === 'unmatched');
  expect(unmatched.map(({ t, detail }) => [t, detail])).toEqual([
    [60, { input: 'inputs[1]', n: 1, to: 'Shop/Bus' }],
    [180, { input: 'inputs[2]', n: 1, to: 'Shop/Bus' }],
  ]);
  expect(broken(result)).toEqual([]);
});
