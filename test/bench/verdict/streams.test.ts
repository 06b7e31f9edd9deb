import { streamOf, worldOf } from '../../../bench/verdict/judges';
import { KPIS } from '../../../bench/verdict/kpis';
import type { KpiName } from '../../../bench/verdict/kpis';
import { ofControl, SUM, UNITS } from '../../../bench/verdict/tally';
import type { ScenarioName } from '../../../bench/verdict/traffic';
import { DAY_MINUTES, SCENARIOS } from '../../../bench/verdict/traffic';
import { factorForRatio, valueWorld } from '../../../bench/verdict/value-table';

interface Totals {
  judged: { units: number; sum: number };
  seen: { units: number; sum: number };
  candidate: { units: number; sum: number };
}

function dayOf(name: KpiName, scenario: ScenarioName, watched: boolean, factor = 1, perMinute = 200): Totals {
  const world = worldOf(KPIS[name]);
  const stream = streamOf(world, 'streams.test', 1, { kpi: world.kpi, scenario: SCENARIOS[scenario], perMinute, factor, watched });
  const totals: Totals = { judged: { units: 0, sum: 0 }, seen: { units: 0, sum: 0 }, candidate: { units: 0, sum: 0 } };
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    stream.next();
    totals.judged.units += ofControl(stream.judged, UNITS);
    totals.judged.sum += ofControl(stream.judged, SUM);
    totals.seen.units += ofControl(stream.seen, UNITS);
    totals.seen.sum += ofControl(stream.seen, SUM);
    totals.candidate.units += stream.judged.candidate[UNITS] ?? 0;
    totals.candidate.sum += stream.judged.candidate[SUM] ?? 0;
  }
  return totals;
}

const rate = ({ units, sum }: { units: number; sum: number }): number => sum / units;

test('flat: a twentieth of the traffic, the rate of the KPI, and dashboards see the same', () => {
  const { judged, seen, candidate } = dayOf('conversion-10', 'flat', false);
  expect(candidate.units / (candidate.units + judged.units)).toBeCloseTo(0.05, 2);
  expect(rate(judged)).toBeCloseTo(0.1, 2);
  expect(seen).toEqual(judged);
});

test('ramp: the level falls while the share grows, so pooled rates differ although nothing does', () => {
  const { judged, candidate } = dayOf('conversion-10', 'ramp', false);
  expect(rate(candidate)).toBeLessThan(0.96 * rate(judged));
  const cost = dayOf('cost', 'ramp', false);
  expect(rate(cost.candidate)).toBeGreaterThan(1.04 * rate(cost.judged));
});

test('late: by exposure every unit of the first twelve hours and what came in time; dashboards miss what is still under way', () => {
  for (const watched of [true, false]) {
    const { judged } = dayOf('latency', 'late', watched);
    const flat = dayOf('latency', 'ramp', watched);
    expect(judged.units).toBeLessThan(0.65 * flat.judged.units);
  }
  const { judged, seen } = dayOf('latency', 'late', true);
  expect(seen.units).toBeGreaterThan(1.5 * judged.units);
  expect(rate(seen)).toBeLessThan(0.95 * rate(dayOf('latency', 'ramp', true).seen));
});

test('sticky: a fifth as many sessions as requests, with the same rate', () => {
  for (const name of ['conversion-10', 'counts'] as const) {
    const { judged, seen } = dayOf(name, 'sticky', true);
    expect(seen.units / judged.units).toBeCloseTo(5, 0);
    expect(rate(seen) / rate(judged)).toBeCloseTo(1, 1);
  }
});

test('many values are added as few are: the histogram changes nothing but the speed', () => {
  const few = dayOf('cost', 'flat', false, 1, 200);
  const many = dayOf('cost', 'flat', false, 1, 2000);
  expect(rate(many.judged) / rate(few.judged)).toBeCloseTo(1, 1.7);
  expect(many.judged.units / few.judged.units).toBeCloseTo(10, 0);
});

test('exactly at the margin: the mean of what is counted is 20 % worse, never less', () => {
  const cost = KPIS.cost;
  const counts = KPIS.counts;
  if (cost.type !== 'value' || counts.type !== 'value') throw new Error('cost and counts have values');
  const ratio = (kpi: typeof cost, factor: number): number => {
    const world = valueWorld(kpi);
    return world.table(1, factor).meanSteps / world.table(1, 1).meanSteps;
  };
  const dearer = ratio(cost, factorForRatio(cost, 1.2));
  expect(dearer).toBeCloseTo(1.2, 6);
  const fewer = ratio(counts, factorForRatio(counts, 0.8));
  expect(fewer).toBeLessThanOrEqual(0.8);
  expect(fewer).toBeGreaterThan(0.799);
});
