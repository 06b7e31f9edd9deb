import { wilson } from './intervals';
import type { Arm, KpiPolicy, RolloutPolicy } from '../core/contracts';
import type { Counters } from '../core/verdict';
import { runRelease } from './simulated-release';
import type { SimulatedRelease } from './simulated-release';
import type { SimulatedStream, StreamKpi, StreamOptions } from './simulated-stream';

/**
 * How often is a candidate rolled back that is no different? Ramp, diurnal base rate, outcomes up to an hour late, a look each
 * minute, through `judge`. Beside it, on the same streams, a z-test (one-sided, 5 %) that is read each minute.
 */
const seeds = Number(process.argv[2] ?? 500);
const Z_ONE_SIDED = 1.6448536269514722;
const MIN_UNITS = 30;

const rollout: RolloutPolicy = {
  strategy: 'canary',
  steps: [
    { weight: 0.05, bakeMinutes: 60 },
    { weight: 0.25, bakeMinutes: 60 },
    { weight: 0.5, bakeMinutes: 60 },
  ],
  maxDurationMinutes: 360,
  inconclusive: 'hold',
  holdout: 0.02,
  rollbackAlpha: 0.05,
  promotionAlpha: 0.05,
  stratumMinutes: 5,
};

const policy = (name: string, delayDependsOnArm: boolean): KpiPolicy => ({
  name,
  type: 'binary',
  better: 'lower',
  role: 'goal',
  unit: 'case',
  margin: 0.2,
  weight: 1,
  windowMinutes: 60,
  delayDependsOnArm,
});

/** The base rate doubles within the canary while its weight grows: what misleads every test that pools over time. */
const diurnal = (mean: number, minute: number): number => mean * (1 + 0.5 * Math.sin((2 * Math.PI * (minute - 180)) / 720));

function streamOf(seed: number, perMinute: number, factor: number, delayDependsOnArm: boolean): StreamOptions {
  const kpi = (name: string, unitShare: number, mean: number): StreamKpi => ({
    policy: policy(name, delayDependsOnArm),
    unitShare,
    rate: (arm: Arm, minute: number) => Math.min(0.95, diurnal(mean, minute) * (arm === 'candidate' ? factor : 1)),
    delayMinutes: (random) => Math.min(55, -15 * Math.log(1 - random())),
  });
  return {
    seed,
    startMillis: Date.parse('2026-03-02T09:00:00Z'),
    perMinute: (minute) => diurnal(perMinute, minute),
    control: 'stable',
    holdout: 0.02,
    kpis: [kpi('missed-spam', 0.35, 0.1), kpi('wrongly-blocked', 0.65, 0.05)],
    errorRate: () => 0.005,
  };
}

/** The peer: pooled counts, no correction for looking often. */
function zTestSaysWorse(counters: Counters): boolean {
  return Object.values(counters).some((minutes) => {
    const total = (arm: Arm, what: 'n' | 'x'): number => minutes.reduce((sum, minute) => sum + (minute.arms[arm]?.[what] ?? 0), 0);
    const [nC, nB, xC, xB] = [total('candidate', 'n'), total('stable', 'n'), total('candidate', 'x'), total('stable', 'x')];
    const pooled = (xC + xB) / (nC + nB);
    const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / nC + 1 / nB));
    return nC >= MIN_UNITS && deviation > 0 && (xC / nC - xB / nB) / deviation > Z_ONE_SIDED;
  });
}

function shareText(hits: number, total: number): string {
  const [low, high] = wilson(hits, total);
  const percent = (share: number): string => (100 * share).toFixed(1);
  return `${percent(hits / total).padStart(5)} %  (95 %: ${percent(low)} to ${percent(high)})`;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Cell {
  title: string;
  perMinute: number;
  factor: number;
  delayDependsOnArm: boolean;
  runs: number;
}

function runCell({ title, perMinute, factor, delayDependsOnArm, runs }: Cell): void {
  const began = process.hrtime.bigint();
  const ended: SimulatedRelease[] = [];
  let zRolledBack = 0;
  for (let seed = 1; seed <= runs; seed++) {
    let zSaid = false;
    const onLook = (stream: SimulatedStream): void => {
      zSaid ||= zTestSaysWorse(stream.counters);
    };
    ended.push(runRelease(rollout, streamOf(seed, perMinute, factor, delayDependsOnArm), onLook));
    zRolledBack += zSaid ? 1 : 0;
  }
  const by = (decision: string): SimulatedRelease[] => ended.filter((one) => one.verdict.decision === decision);
  const rolledBack = by('roll-back');
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  console.log(`${title}: ${runs} releases, ${seconds.toFixed(1)} s`);
  console.log(`  rolled back by judge      ${shareText(rolledBack.length, runs)}`);
  console.log(`  rolled back by z-test     ${shareText(zRolledBack, runs)}`);
  console.log(`  promoted                  ${shareText(by('promote').length, runs)}`);
  if (rolledBack.length > 0 && factor > 1) {
    const units = rolledBack.map((one) => one.candidateUnits);
    console.log(
      `  candidate units before the rollback: median ${median(units)}, after ${median(rolledBack.map((one) => one.minutes))} minutes`,
    );
  }
}

const fifth = Math.max(1, Math.round(seeds / 5));
const cells: Cell[] = [
  { title: 'identical, 20 a minute, young minutes count', perMinute: 20, factor: 1, delayDependsOnArm: false, runs: seeds },
  {
    title: 'identical, 20 a minute, mature minutes only',
    perMinute: 20,
    factor: 1,
    delayDependsOnArm: true,
    runs: Math.max(1, Math.round(seeds / 2)),
  },
  { title: 'identical, 200 a minute, young minutes count', perMinute: 200, factor: 1, delayDependsOnArm: false, runs: fifth },
  { title: 'three times as bad, 20 a minute', perMinute: 20, factor: 3, delayDependsOnArm: false, runs: fifth },
  { title: 'half as bad, 20 a minute', perMinute: 20, factor: 0.5, delayDependsOnArm: false, runs: fifth },
];
cells.forEach(runCell);
