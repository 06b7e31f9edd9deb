import { broken, play, synthesize } from './stage';
import { buildShop } from './shop';

let shop: string;
beforeAll(() => {
  shop = synthesize(buildShop);
});

const everyMinute = (input: object) => ({ at: '0s', every: '1m', times: 8, ...input });

test.each<[string, object]>([
  [
    'a call that fails',
    {
      inputs: [everyMinute({ item: { table: 'Orders', put: { pk: 'o-{{n}}' } } })],
      faults: [{ at: '2m', for: '3m', service: 'dynamodb', operation: 'PutItem', resource: 'Shop/Orders', error: 'InternalServerError' }],
      expect: { items: [{ table: 'Orders', count: 5 }], timeline: [{ source: 'inputs', event: 'failed', times: 3 }] },
    },
  ],
  [
    'a function that crashes',
    {
      inputs: [everyMinute({ invoke: { function: 'Worker' } })],
      faults: [{ at: '0s', service: 'lambda', function: 'Worker', error: 'crash', times: 2 }],
      expect: { functions: [{ function: 'Worker', invocations: 8, errors: 2 }] },
    },
  ],
  [
    'a delivery that comes twice',
    {
      inputs: [everyMinute({ event: { bus: 'Bus', source: 'shop', detailType: 'Placed' } })],
      faults: [{ at: '0s', service: 'eventbridge', resource: 'Placed', deliver: 'duplicate' }],
      expect: { messages: [{ queue: 'Inbox', count: 16 }] },
    },
  ],
  [
    'a rule that is switched off',
    {
      inputs: [everyMinute({ event: { bus: 'Bus', source: 'shop', detailType: 'Placed' } })],
      faults: [{ at: '90s', for: '2m', rule: 'Shop/Placed', state: 'disabled' }],
      expect: { messages: [{ queue: 'Inbox', count: 6 }] },
    },
  ],
  [
    'metrics that come late',
    {
      inputs: [{ at: '0s', invoke: { function: 'Worker', payload: { fail: true } } }],
      faults: [{ at: '0s', metrics: 'delay', by: '5m', namespace: 'AWS/Lambda' }],
      expect: { alarms: [{ alarm: 'Errors', is: 'OK' }], functions: [{ function: 'Worker', errors: 1 }] },
    },
  ],
])('%s', async (_what, scenario) => {
  const result = await play(shop, scenario);
  const expectations = result.expectations.filter(({ held }) => !held);
  expect(expectations).toEqual([]);
  expect(result.timeline).toContainEqual(expect.objectContaining({ source: 'fault', event: 'begins' }));
});

const chance = {
  inputs: [everyMinute({ times: 40, every: '10s', message: { queue: 'Work', body: 'm-{{n}}' } })],
  faults: [{ at: '0s', service: 'lambda', function: 'Worker', error: 'crash', share: 0.4 }],
  expect: { functions: [{ function: 'Worker', errors: { atLeast: 1 } }] },
};

test('the same seed gives the same result, byte for byte; another seed another', async () => {
  const [one, again, other] = [await play(shop, chance), await play(shop, chance), await play(shop, chance, { seed: 2 })];
  expect(JSON.stringify(again)).toBe(JSON.stringify(one));
  expect(JSON.stringify({ ...other, seed: 1 })).not.toBe(JSON.stringify(one));
  expect(broken(one).filter((text) => !text.startsWith('dead-letters'))).toEqual([]);
});
