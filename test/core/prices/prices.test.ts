import { ProductionVariantInstanceType } from '@aws-sdk/client-sagemaker';
import type { PriceBook } from '../../../core/prices';
import { BUILT_IN_PRICES, instancePrice, offeredIn, priceExtract, regionsWith, serverlessPrice } from '../../../core/prices';

const hosted = new Set<string>(Object.values(ProductionVariantInstanceType));
const perHour = (region: string, type: string): number | string => {
  const price = instancePrice(BUILT_IN_PRICES, region, type);
  return price.known ? price.perHour : price.why;
};

// Each figure from a second source: an invoice, the Price List as others quote it, the orders of magnitude of 2026.
test.each([
  ['eu-west-1', 'ml.m5.xlarge', 0.257],
  ['eu-west-1', 'ml.g4dn.4xlarge', 1.678],
  ['eu-west-1', 'ml.g5.12xlarge', 7.91],
  ['eu-west-3', 'ml.g6.xlarge', 1.4302],
  ['us-east-1', 'ml.m5.2xlarge', 0.461],
  ['us-east-1', 'ml.g5.xlarge', 1.408],
  ['us-east-1', 'ml.g6e.2xlarge', 2.8026],
  ['us-east-2', 'ml.g6.xlarge', 1.1267],
])('%s, %s', (region, type, expected) => {
  expect(perHour(region, type)).toBe(expected);
});

test('every price is of a type that SageMaker hosts, and above 0', () => {
  const prices = Object.values(BUILT_IN_PRICES.regions).flatMap(({ instances }) => Object.entries(instances));
  expect(prices.length).toBeGreaterThan(2000);
  expect(prices.filter(([type, price]) => !hosted.has(type) || !(price > 0 && price < 400))).toEqual([]);
});

test('an unknown price is said to be unknown, and where to give it', () => {
  expect(perHour('eu-west-1', 'ml.g6e.xlarge')).toBe(
    'the price book has no price of ml.g6e.xlarge in eu-west-1: give one in a file of prices (platform.prices, or --prices)',
  );
  expect(perHour('mars-north-1', 'ml.g5.xlarge')).toMatch(/no price of ml\.g5\.xlarge in mars-north-1/);
  expect(perHour('constructor', 'ml.g5.xlarge')).toMatch(/no price/);
  expect(perHour('us-east-1', 'toString')).toMatch(/no price/);
});

test('a price says of when it is and where it is from', () => {
  expect(instancePrice(BUILT_IN_PRICES, 'us-east-1', 'ml.g5.xlarge')).toMatchObject({
    known: true,
    currency: 'USD',
    asOf: '2026-05-20',
    source: expect.stringContaining('AWS Price List'),
  });
});

test('serverless inference: by memory, where it was found', () => {
  const price = serverlessPrice(BUILT_IN_PRICES, 'us-east-1', 2048);
  expect(price).toMatchObject({ known: true, perSecond: 0.00004, asOf: '2026-09-01' });
  expect(price).not.toHaveProperty('provisionedPerSecond');
  expect(serverlessPrice(BUILT_IN_PRICES, 'us-east-1', 6144)).toEqual({
    known: false,
    why: expect.stringContaining('serverless inference with 6144 MiB in us-east-1'),
  });
  expect(serverlessPrice(BUILT_IN_PRICES, 'eu-west-1', 2048).known).toBe(false);
});

test('where a type is hosted: known, known not to be, or not known', () => {
  const offered = (region: string, type: string): boolean | undefined => offeredIn(BUILT_IN_PRICES, region, type);
  expect(offered('us-east-1', 'ml.g6e.xlarge')).toBe(true);
  expect(offered('eu-west-1', 'ml.g6e.xlarge')).toBe(false);
  expect(offered('us-east-1', 'ml.newer.xlarge')).toBeUndefined();
  expect(offered('ap-far-1', 'ml.g5.xlarge')).toBeUndefined();
  const regions = regionsWith(BUILT_IN_PRICES, 'ml.g6e.xlarge');
  expect(regions).toEqual(expect.arrayContaining(['us-east-1', 'eu-central-1']));
  expect(regions).not.toContain('eu-west-1');
});

test('an extract answers the same of what it holds, and is small', () => {
  const book: PriceBook = { ...BUILT_IN_PRICES };
  const extract = priceExtract(book, 'us-east-1', ['ml.g5.xlarge', 'ml.nothing.large']);
  expect(extract.regions).toEqual({
    'us-east-1': expect.objectContaining({ instances: { 'ml.g5.xlarge': 1.408 } }),
  });
  for (const type of ['ml.g5.xlarge', 'ml.nothing.large']) {
    expect(instancePrice(extract, 'us-east-1', type)).toEqual(instancePrice(book, 'us-east-1', type));
  }
  expect(serverlessPrice(extract, 'us-east-1', 2048)).toEqual(serverlessPrice(book, 'us-east-1', 2048));
  expect(JSON.stringify(extract).length).toBeLessThan(1000);
  expect(priceExtract(book, 'nowhere-1', ['ml.g5.xlarge']).regions).toEqual({});
});
