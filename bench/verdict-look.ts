// How long one look of the verdict takes over 24 hours of exposure minutes, each a stratum of its own: node bench/run.mjs verdict-look
import type { KpiPolicy, KpiType, RolloutPolicy } from '../core/contracts';
import { ERROR_RATE_KPI } from '../core/contracts';
import type { ArmCounts, Counters, MinuteCounts } from '../core/verdict';
import { countValue, judge, measureKpi, valueScaleOf } from '../core/verdict';
import { seededRandom } from './simulated-stream';

const MINUTES = 1440;
const CANDIDATE_SHARE = 0.05;
const REPETITIONS = 60;
/** Looks until the code is compiled. */
const WARM_UP = 10;
const LIMIT_MILLIS = { one: 2, ten: 20 };
const TYPES: KpiType[] = ['binary', 'binary', 'binary', 'binary', 'latency', 'latency', 'mean', 'mean', 'mean', 'count'];
const START = Date.parse('2026-03-02T00:00:00Z');

const rollout: RolloutPolicy = {
  strategy: 'canary',
  steps: [{ weight: CANDIDATE_SHARE, bakeMinutes: 30 }],
  maxDurationMinutes: 10_000,
  inconclusive: 'hold',
  holdout: 0,
  rollbackAlpha: 0.05,
  promotionAlpha: 0.05,
  stratumMinutes: 1,
};

const kpiOf = (type: KpiType, index: number): KpiPolicy => ({
  name: `kpi-${index}`,
  type,
  better: 'lower',
  role: 'guard',
  unit: 'request',
  // Each its own, so that no two KPIs share what was computed before.
  margin: 0.2 + index / 1000,
  weight: 1,
  windowMinutes: 60,
  // The dearer case: young minutes count for one purpose and not for the other.
  delayDependsOnArm: false,
  ...(type === 'mean' || type === 'count' ? { cap: 20, typical: { mean: 5, standardDeviation: 4 } } : {}),
});

/** About half a unit in ten has the outcome, which is the dearest rate at which a KPI is likely to stand. */
function minutesOf(kpi: KpiPolicy, perMinute: number, random: () => number): MinuteCounts[] {
  const around = (mean: number): number => Math.max(0, Math.round(mean + Math.sqrt(mean) * (random() + random() + random() - 1.5) * 2));
  const arm = (units: number): ArmCounts => {
    const n = around(units);
    return kpi.type === 'binary' || kpi.type === 'latency' ? { n, x: Math.min(n, around(n / 10)) } : valuesOf(kpi, n, random);
  };
  return Array.from({ length: MINUTES }, (_, minute) => ({
    minuteMillis: START + minute * 60_000,
    arms: { candidate: arm(perMinute * CANDIDATE_SHARE), stable: arm(perMinute * (1 - CANDIDATE_SHARE)) },
  }));
}

/** Values of two sizes: how long a look takes does not depend on them. */
function valuesOf(kpi: KpiPolicy, n: number, random: () => number): ArmCounts {
  const scale = valueScaleOf(kpi);
  const [small, large] = [countValue(scale, 3), countValue(scale, 13)];
  const larger = Math.round((n * (0.5 + random())) / 5);
  const sumOf = (one: number, other: number): number => (n - larger) * one + larger * other;
  const tilts = small.tilts.map((tilt, index) => sumOf(tilt, large.tilts[index] ?? 0));
  return { n, x: n, sum: sumOf(small.sum, large.sum), squares: sumOf(small.squares, large.squares), tilts };
}

interface Spent {
  wall: number;
  /** Of this thread, in whole ticks: means over many looks are exact, single ones are not. What else runs here does not count. */
  cpu: number;
}

function timed(work: () => void): Spent {
  const began = process.hrtime.bigint();
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return { wall: Number(process.hrtime.bigint() - began) / 1e6, cpu: (user + system) / 1000 };
}

const least = (looks: Spent[]): number => Math.min(...looks.map(({ wall }) => wall));
const mean = (looks: Spent[]): number => looks.reduce((sum, { cpu }) => sum + cpu, 0) / looks.length;

interface Timing {
  cold: Spent[];
  warm: Spent[];
}

/** Cold: nothing is known of any stratum. Warm: the look a minute later. */
function timeLooks(kpis: KpiPolicy[], perMinute: number, look: (kpis: KpiPolicy[], counters: Counters, nowMillis: number) => void): Timing {
  const cold: Spent[] = [];
  const warm: Spent[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const random = seededRandom(repetition + perMinute);
    // Another margin is another table of bets, which starts empty.
    const fresh = kpis.map((kpi) => ({ ...kpi, margin: kpi.margin + (repetition + 1) * 1e-9 + perMinute * 1e-6 + kpis.length * 1e-7 }));
    const counters: Counters = Object.fromEntries(fresh.map((kpi) => [kpi.name, minutesOf(kpi, perMinute, random)]));
    counters[ERROR_RATE_KPI] = counters['kpi-0'] ?? [];
    const before = Object.fromEntries(Object.entries(counters).map(([name, minutes]) => [name, minutes.slice(0, -1)]));
    cold.push(timed(() => look(fresh, before, START + (MINUTES - 1) * 60_000)));
    warm.push(timed(() => look(fresh, counters, START + MINUTES * 60_000)));
  }
  return { cold: cold.slice(WARM_UP), warm: warm.slice(WARM_UP) };
}

const spec = (kpis: KpiPolicy[]) => ({ rollout, kpis });
const lookAtOne = ([kpi]: KpiPolicy[], counters: Counters, nowMillis: number): void => {
  if (kpi !== undefined) measureKpi(kpi, { spec: spec([kpi]), counters, control: 'stable', nowMillis });
};
const lookAtAll = (kpis: KpiPolicy[], counters: Counters, nowMillis: number): void => {
  const at = new Date(START).toISOString();
  const step = { releaseId: 'r2', stepId: 'r2#0', index: 0, weight: CANDIDATE_SHARE, bakeMinutes: 30, last: true, taskToken: 't' };
  judge({ step: { ...step, openedAt: at, canaryStartedAt: at }, spec: spec(kpis), counters, control: 'stable', nowMillis });
};

let holds = true;
const line = (what: string, perMinute: number, { cold, warm }: Timing, limit: number): void => {
  const [coldMean, warmMean] = [mean(cold), mean(warm)];
  holds &&= warmMean <= limit;
  const cells = [least(cold), coldMean, least(warm), warmMean].map((millis) => millis.toFixed(2).padStart(8)).join(' ');
  const said = coldMean <= limit ? 'holds' : warmMean <= limit ? 'holds warm' : 'MISSED';
  console.log(`${what.padEnd(20)} ${String(perMinute).padStart(8)} ${cells} ${String(limit).padStart(6)}  ${said}`);
};

console.log(
  `One look over ${MINUTES} strata of a minute, ${100 * CANDIDATE_SHARE} % candidate, milliseconds of ${REPETITIONS - WARM_UP} looks`,
);
console.log('cold: no stratum known; warm: the look a minute later; least: wall clock; mean: CPU, held against the limit');
console.log('KPI                  a minute cold least     mean warm least   mean  limit');
for (const perMinute of [20, 200, 2000]) {
  for (const type of ['binary', 'mean'] as const) {
    line(`one, ${type}`, perMinute, timeLooks([kpiOf(type, 0)], perMinute, lookAtOne), LIMIT_MILLIS.one);
  }
  line('ten, and error-rate', perMinute, timeLooks(TYPES.map(kpiOf), perMinute, lookAtAll), LIMIT_MILLIS.ten);
}
console.log(holds ? 'every limit holds' : 'a limit is missed');
process.exitCode = holds ? 0 : 1;
