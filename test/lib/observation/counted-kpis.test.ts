import { type KpiPolicy, KpiType } from '../../../lib';
import { countedKpis } from '../../../lib/observation/counted-kpis';

const kpi = (keys: Partial<KpiPolicy>): KpiPolicy => ({ name: 'k', windowMinutes: 5, ...keys }) as KpiPolicy;

test.each([
  ['a latency without threshold', { type: KpiType.LATENCY }, /KPI k is a latency without aboveMillis: give the milliseconds/],
  ['a mean without cap', { type: KpiType.MEAN }, /KPI k is a mean without cap: run `sluice backtest`/],
  ['a count without typical', { type: KpiType.COUNT, cap: 3 }, /KPI k is a count without typical: run `sluice backtest`/],
])('%s is refused though no charter was read', (_, keys, message) => {
  expect(() => countedKpis([kpi(keys)])).toThrow(message);
});

test('what a type does not have takes no space', () => {
  expect(countedKpis([kpi({ type: KpiType.BINARY, margin: 0.2, target: { value: 0.1, by: '2027-03-31' } })])).toBe(
    '[{"name":"k","type":"binary","windowMinutes":5}]',
  );
});
