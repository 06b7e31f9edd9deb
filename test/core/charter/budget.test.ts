import { parseCharter } from '../../../core/charter';
import { accepted, changed, SAMPLE } from './sample';

const EUROS = JSON.stringify({ currency: 'EUR', asOf: '2026-03-01', regions: { 'eu-west-1': { instances: { 'ml.g5.xlarge': 1.3 } } } });

const inEuros = changed('currency: USD, onForecast', 'currency: EUR, onForecast');
const withPrices = (text: string): string => text.replace(/^platform:.*$/m, 'platform:\n  prices: prices.json');

const problems = (text: string, prices?: string) => {
  const result = parseCharter(text, 'usecase.yaml', prices === undefined ? {} : { read: () => prices });
  return result.ok ? [] : result.problems.map(({ path, message, allowed }) => `${path} ${message}; ${allowed}`);
};

test('amounts are in the currency of the prices', () => {
  expect(problems(SAMPLE)).toEqual([]);
  expect(problems(inEuros)).toEqual([
    'budget.currency is not the currency of the built-in prices, USD; USD, or a file with prices in EUR under platform.prices',
  ]);
});

test('a file of prices is read, and its currency counts', () => {
  expect(problems(withPrices(inEuros), EUROS)).toEqual([]);
  expect(problems(withPrices(SAMPLE), EUROS)).toEqual([
    'budget.currency is not the currency of the prices in prices.json, EUR; EUR, or a file with prices in USD under platform.prices',
  ]);
  expect(problems(withPrices(SAMPLE), '{')[0]).toMatch(/^platform\.prices cannot be used: prices\.json is no JSON/);
  expect(problems(withPrices(SAMPLE), '{"currency":"USD"}')[0]).toMatch(/^platform\.prices cannot be used: prices\.json: asOf/);
});

test('a file that is not there is named', () => {
  const result = parseCharter(withPrices(SAMPLE), 'usecase.yaml', { exists: (file) => file !== 'prices.json' });
  expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual(['platform.prices']);
});

test('what is left out has its default', () => {
  expect(accepted(SAMPLE).budget).toMatchObject({
    thresholds: [0.5, 0.8, 1],
    forecastThresholds: [1],
    onForecastExceeded: 'notify',
    onExceeded: 'kill',
  });
});
