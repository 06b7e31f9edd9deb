import { arms, colour, drawChart, marksOf, nothing } from './chart.mjs';

const HOUR = 3600;
const TRAILING_SECONDS = 3 * HOUR;
const FEWEST_OUTCOMES = 10;
/** Evidence below this is drawn here: it says no more than "no harm at all". */
const LOWEST_LOG10 = -4;
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

const percent = (value) => {
  if (value === null || value === undefined) return '–';
  const points = value * 100;
  return `${Number(points.toFixed(points >= 10 || points === 0 ? 1 : 2))} %`;
};

const power = (log10) => {
  if (log10 >= -2 && log10 <= 3) return String(Number((10 ** log10).toPrecision(3)));
  return `1e${Math.round(log10)}`;
};
const evidence = (log10) => {
  if (log10 === null || log10 === undefined) return '–';
  if (log10 >= -2 && log10 < 4) return String(Number((10 ** log10).toPrecision(2)));
  const exponent = Math.floor(log10);
  return `${(10 ** (log10 - exponent)).toFixed(1)}e${exponent}`;
};

export function drawShare(element, { series, turns, virtualSeconds }, _kpi, sync) {
  const { share } = series;
  if (share.length === 0) return nothing(element, 'Nothing was deployed: no unit was assigned.');
  return drawChart(element, {
    sync,
    endHours: virtualSeconds / HOUR,
    x: share.map(({ t }) => t / HOUR),
    y: { range: [0, 1], ticks: percent },
    marks: marksOf(turns),
    markLabels: true,
    lines: arms().map(({ name, stroke, dash }) => ({
      label: name,
      values: share.map((point) => point[name]),
      stroke,
      dash,
      stepped: true,
      filled: name === 'candidate',
      text: percent,
    })),
  });
}

export function drawEvidence(element, { series, turns, virtualSeconds }, _kpi, sync) {
  const kpis = series.kpis.filter((kpi) => kpi.evidence.length > 0);
  if (kpis.length === 0) return nothing(element, 'No evidence was gathered: no canary step was open.');
  const times = [...new Set(kpis.flatMap((kpi) => kpi.evidence.map(({ t }) => t)))].sort((left, right) => left - right);
  const lines = kpis.map((kpi, index) => {
    const byTime = new Map(kpi.evidence.map(({ t, log10 }) => [t, log10]));
    const exact = times.map((t) => byTime.get(t) ?? null);
    return {
      label: kpi.name,
      values: exact.map((log10) => (log10 === null ? null : Math.max(LOWEST_LOG10, log10))),
      exact,
      stroke: colour(`--kpi-${index % DASHES.length}`),
      dash: DASHES[index % DASHES.length],
      joined: true,
      text: evidence,
    };
  });
  const thresholds = [...new Set(kpis.map((kpi) => kpi.log10Threshold))];
  for (const threshold of thresholds) {
    const whose =
      thresholds.length === 1
        ? ''
        : ` of ${kpis
            .filter((kpi) => kpi.log10Threshold === threshold)
            .map(({ name }) => name)
            .join(', ')}`;
    lines.push({
      label: `threshold${whose}`,
      values: times.map(() => threshold),
      stroke: colour('--threshold'),
      dash: [3, 3],
      text: evidence,
    });
  }
  const all = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  const low = Math.floor(Math.min(-1, ...all));
  const high = Math.max(...all) + 0.4;
  return drawChart(element, {
    sync,
    endHours: virtualSeconds / HOUR,
    x: times.map((t) => t / HOUR),
    y: { range: [low, high], ticks: power, whole: true },
    marks: marksOf(turns),
    lines,
  });
}

/** Outcomes of the last hours as a rate; nothing while there are too few, or when the arm gets none any more. */
function trailingRates(buckets, times) {
  return times.map((t) => {
    const recent = buckets.filter((bucket) => bucket.t > t - TRAILING_SECONDS && bucket.t <= t);
    const n = recent.reduce((sum, bucket) => sum + bucket.n, 0);
    const x = recent.reduce((sum, bucket) => sum + bucket.x, 0);
    return n < FEWEST_OUTCOMES || recent.at(-1).t < t - HOUR ? null : { rate: x / n, n, x };
  });
}

export function drawKpi(element, { series, turns, virtualSeconds }, index, sync) {
  const kpi = series.kpis[index];
  const times = [...new Set(Object.values(kpi.byArm).flatMap((buckets) => buckets.map(({ t }) => t)))]
    .filter((t) => t >= 0)
    .sort((left, right) => left - right);
  if (times.length === 0) return nothing(element, 'No outcome was counted.');
  const lines = arms().map(({ name, stroke, dash }) => {
    const exact = trailingRates(kpi.byArm[name], times);
    return {
      label: name,
      values: exact.map((point) => point?.rate ?? null),
      exact,
      stroke,
      dash,
      text: (point) => (point === null || point === undefined ? '–' : `${percent(point.rate)} (${point.x} of ${point.n})`),
    };
  });
  if (kpi.target !== undefined)
    lines.push({ label: 'target', values: times.map(() => kpi.target), stroke: colour('--threshold'), dash: [3, 3], text: percent });
  const highest = Math.max(...lines.flatMap(({ values }) => values.filter((value) => value !== null)), 0.01);
  return drawChart(element, {
    sync,
    endHours: virtualSeconds / HOUR,
    x: times.map((t) => t / HOUR),
    y: { range: [0, Math.min(1, highest * 1.15)], ticks: percent },
    marks: marksOf(turns),
    lines: lines.filter(({ values, label }) => label === 'target' || values.some((value) => value !== null)),
  });
}
