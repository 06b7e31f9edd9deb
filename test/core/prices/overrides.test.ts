import { BadInputError } from '../../../core/errors';
import { BUILT_IN_PRICES, instancePrice, offeredIn, serverlessPrice, withPriceFile, withPrices } from '../../../core/prices';

const FILE = { currency: 'USD', asOf: '2026-11-01', regions: { 'eu-west-1': { instances: { 'ml.g5.xlarge': 1.1 } } } };

test('prices of a file stand over those of the book, price by price', () => {
  const book = withPrices(BUILT_IN_PRICES, { ...FILE, source: 'our agreement' }, 'prices.json');
  expect(instancePrice(book, 'eu-west-1', 'ml.g5.xlarge')).toEqual({
    known: true,
    perHour: 1.1,
    currency: 'USD',
    asOf: '2026-11-01',
    source: 'our agreement',
  });
  expect(instancePrice(book, 'eu-west-1', 'ml.g5.2xlarge')).toEqual(instancePrice(BUILT_IN_PRICES, 'eu-west-1', 'ml.g5.2xlarge'));
  expect(instancePrice(book, 'us-east-1', 'ml.g5.xlarge')).toEqual(instancePrice(BUILT_IN_PRICES, 'us-east-1', 'ml.g5.xlarge'));
  expect(instancePrice(BUILT_IN_PRICES, 'eu-west-1', 'ml.g5.xlarge')).toMatchObject({ perHour: 1.57 });
});

test('another currency replaces the book', () => {
  const book = withPrices(BUILT_IN_PRICES, { ...FILE, currency: 'EUR' }, 'prices.json');
  expect(instancePrice(book, 'eu-west-1', 'ml.g5.xlarge')).toMatchObject({ perHour: 1.1, currency: 'EUR', source: 'prices.json' });
  expect(instancePrice(book, 'us-east-1', 'ml.g5.xlarge').known).toBe(false);
});

test('a new region, serverless prices, and what is not offered', () => {
  const book = withPrices(BUILT_IN_PRICES, {
    ...FILE,
    regions: {
      'xx-new-1': { instances: { 'ml.g9.large': 3 } },
      'us-east-1': {
        serverless: { perSecond: { '1024': 0.00002 }, provisionedPerSecond: { '1024': 0.000003 } },
        notOffered: ['ml.g5.xlarge'],
      },
    },
  });
  expect(instancePrice(book, 'xx-new-1', 'ml.g9.large')).toMatchObject({ perHour: 3 });
  expect(offeredIn(book, 'xx-new-1', 'ml.g5.xlarge')).toBeUndefined();
  expect(serverlessPrice(book, 'us-east-1', 1024)).toMatchObject({
    perSecond: 0.00002,
    provisionedPerSecond: 0.000003,
    asOf: '2026-11-01',
  });
  expect([offeredIn(book, 'us-east-1', 'ml.g5.xlarge'), instancePrice(book, 'us-east-1', 'ml.g5.xlarge').known]).toEqual([false, false]);
});

test('a price makes offered what was not', () => {
  const taken = withPrices(BUILT_IN_PRICES, { ...FILE, regions: { 'us-east-1': { notOffered: ['ml.g5.xlarge'] } } });
  const back = withPrices(taken, { ...FILE, regions: { 'us-east-1': { instances: { 'ml.g5.xlarge': 2 } } } });
  expect(offeredIn(back, 'us-east-1', 'ml.g5.xlarge')).toBe(true);
  expect(
    offeredIn(
      withPrices(BUILT_IN_PRICES, { ...FILE, regions: { 'eu-west-1': { instances: { 'ml.g6e.xlarge': 3 } } } }),
      'eu-west-1',
      'ml.g6e.xlarge',
    ),
  ).toBe(true);
});

const region = (prices: unknown): unknown => ({ ...FILE, regions: { 'eu-west-1': prices } });

test.each<[string, unknown, RegExp]>([
  ['no object', 7, /^prices\.json\n {2}given: {3}7\n {2}allowed: a mapping with the keys currency, asOf, source, regions/],
  ['no day', { ...FILE, asOf: 'today' }, /prices\.json: asOf\n {2}given: {3}"today"\n {2}allowed: a day of the calendar/],
  ['no currency', { ...FILE, currency: undefined }, /prices\.json: currency\n {2}given: {3}nothing/],
  ['a misspelt key', { ...FILE, region: {} }, /prices\.json: region\n {2}given: {3}"region"\n {2}allowed: currency, asOf, source, regions/],
  ['zero', region({ instances: { 'ml.g5.xlarge': 0 } }), /regions\."eu-west-1"|regions\.eu-west-1/],
  [
    'zero says what to do',
    region({ instances: { 'ml.g5.xlarge': 0 } }),
    /given: {3}0\n {2}allowed: a price above 0 \(leave out what is unknown\)/,
  ],
  ['a text', region({ instances: { 'ml.g5.xlarge': '1.41' } }), /given: {3}"1\.41"/],
  [
    'a bad type',
    region({ instances: { 'g5.xlarge': 1 } }),
    /given: {3}"g5\.xlarge"\n {2}allowed: a mapping from instance types such as ml\.g5\.xlarge/,
  ],
  ['a bad region', { ...FILE, regions: { Ireland: {} } }, /given: {3}"Ireland"\n {2}allowed: a mapping from AWS regions/],
  ['a bad memory', region({ serverless: { perSecond: { '1000': 1 } } }), /given: {3}"1000"\n {2}allowed: a mapping from memory in MiB/],
  ['infinite', region({ instances: { 'ml.g5.xlarge': Infinity } }), /a price above 0/],
])('a broken file is refused by place: %s', (_, content, message) => {
  const lay = (): unknown => withPrices(BUILT_IN_PRICES, content, 'prices.json');
  expect(lay).toThrow(BadInputError);
  expect(lay).toThrow(message);
});

test('a file that is no JSON', () => {
  expect(() => withPriceFile(BUILT_IN_PRICES, '{"currency":', 'prices.json')).toThrow(/prices\.json is no JSON: /);
  expect(instancePrice(withPriceFile(BUILT_IN_PRICES, JSON.stringify(FILE), 'p.json'), 'eu-west-1', 'ml.g5.xlarge')).toMatchObject({
    perHour: 1.1,
  });
});
