import { logPromotionEvidence, logRollbackEvidence, logValueRollbackEvidence } from '../../../core/verdict';
import type { Stratum, ValueStratum } from '../../../core/verdict';
import { TILT_PARTS, VALUE_STEPS } from '../../../core/verdict/value-scale';
import { promotionJudge, rollbackJudge, streamOf, worldOf } from '../../../bench/verdict/judges';
import type { World } from '../../../bench/verdict/judges';
import { KPIS, MARGIN } from '../../../bench/verdict/kpis';
import type { KpiName } from '../../../bench/verdict/kpis';
import type { Stream } from '../../../bench/verdict/stream';
import { ofControl, SQUARES, SUM, TILTS, UNITS } from '../../../bench/verdict/tally';
import type { ScenarioName } from '../../../bench/verdict/traffic';
import { SCENARIOS } from '../../../bench/verdict/traffic';
import { YoungRollback } from '../../../bench/verdict/young';

const STRATUM_MINUTES = 5;
const MINUTES = 300;
const THRESHOLD = Math.log(20);

const streamFor = (world: World, scenario: ScenarioName, factor: number, perMinute: number, day: number): Stream =>
  streamOf(world, 'ours.test', day, { kpi: world.kpi, scenario: SCENARIOS[scenario], perMinute, factor, watched: false });

function binaryStrata(stream: Stream, strata: Stratum[], minute: number): void {
  const stratum = (strata[Math.floor(minute / STRATUM_MINUTES)] ??= { nC: 0, nB: 0, xC: 0, xB: 0 });
  stratum.nC += stream.judged.candidate[UNITS] ?? 0;
  stratum.xC += stream.judged.candidate[SUM] ?? 0;
  stratum.nB += ofControl(stream.judged, UNITS);
  stratum.xB += ofControl(stream.judged, SUM);
}

test.each([
  ['conversion-10', 0.6, 20],
  ['conversion-2', 1, 200],
  ['errors', 8, 20],
  ['latency', 1.5, 200],
] as const)('%s: the first look that core/verdict rolls back at, though most looks are skipped', (name, factor, perMinute) => {
  const world = worldOf(KPIS[name]);
  let alarms = 0;
  for (let day = 1; day <= 12; day++) {
    const stream = streamFor(world, 'ramp', factor, perMinute, day);
    const judge = rollbackJudge(world, SCENARIOS.ramp);
    const strata: Stratum[] = [];
    for (let minute = 0; minute < MINUTES; minute++) {
      stream.next();
      binaryStrata(stream, strata, minute);
      const says = judge.minute(stream.judged, stream.judgedMinute);
      expect(says).toBe(logRollbackEvidence(strata, KPIS[name].better) >= THRESHOLD);
      alarms += says ? 1 : 0;
    }
  }
  expect(alarms > 0).toBe(factor !== 1);
});

test('young minutes: as core/verdict on every outcome that has come', () => {
  const world = worldOf(KPIS['conversion-10']);
  const stream = streamFor(world, 'young', 0.6, 20, 1);
  const judge = new YoungRollback(world.kpi);
  const strata: Stratum[] = [];
  const said: boolean[] = [];
  for (let minute = 0; minute < 3 * MINUTES; minute++) {
    stream.next();
    binaryStrata(stream, strata, minute);
    for (const { exposedMinute, candidate } of stream.arrived) {
      const stratum = strata[Math.floor(exposedMinute / STRATUM_MINUTES)];
      if (stratum !== undefined) stratum[candidate ? 'xC' : 'xB'] += 1;
    }
    const says = judge.minute(stream.judged, stream.arrived, minute);
    expect(says).toBe(logRollbackEvidence(strata, 'higher') >= THRESHOLD);
    said.push(says);
  }
  expect(said).toContain(true);
  expect(strata.every(({ nC, nB, xC, xB }) => xC <= nC && xB <= nB)).toBe(true);
});

test('promotion: as core/verdict on complete strata', () => {
  const world = worldOf(KPIS['conversion-10']);
  const stream = streamFor(world, 'flat', 1.1, 200, 1);
  const judge = promotionJudge(world);
  const strata: Stratum[] = [];
  const said: boolean[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    stream.next();
    binaryStrata(stream, strata, minute);
    const says = judge.minute(stream.judged, minute);
    const complete = minute % STRATUM_MINUTES === STRATUM_MINUTES - 1;
    expect(says).toBe(complete && logPromotionEvidence(strata, 'higher', MARGIN) >= THRESHOLD);
    said.push(says);
  }
  expect(said).toContain(true);
});

test.each([
  ['cost', 1.3],
  ['counts', 0.8],
] as const)('%s: the first look that core/verdict rolls back at', (name: KpiName, factor) => {
  const world = worldOf(KPIS[name]);
  const scale = world.values?.scale ?? { cap: 0, lambdas: [], better: 'lower' as const };
  const step = scale.cap / VALUE_STEPS;
  const stream = streamFor(world, 'flat', factor, 200, 1);
  const judge = rollbackJudge(world, SCENARIOS.flat);
  const strata: ValueStratum[] = [];
  const said: boolean[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    stream.next();
    const { candidate } = stream.judged;
    const stratum = (strata[Math.floor(minute / STRATUM_MINUTES)] ??= {
      ...{ nC: 0, nB: 0, sumC: 0, sumB: 0, squaresC: 0, squaresB: 0, observedC: 0, observedB: 0 },
      tilts: scale.lambdas.map(() => 0),
    });
    stratum.nC += candidate[UNITS] ?? 0;
    stratum.nB += ofControl(stream.judged, UNITS);
    stratum.sumC += (candidate[SUM] ?? 0) * step;
    stratum.sumB += ofControl(stream.judged, SUM) * step;
    stratum.squaresC += (candidate[SQUARES] ?? 0) * step ** 2;
    stratum.tilts = stratum.tilts.map((tilt, i) => tilt + ((candidate[TILTS + i] ?? 0) + ofControl(stream.judged, TILTS + i)) / TILT_PARTS);
    const says = judge.minute(stream.judged, minute);
    expect(says).toBe(logValueRollbackEvidence(strata, scale) >= THRESHOLD);
    said.push(says);
  }
  expect(said).toContain(true);
});
