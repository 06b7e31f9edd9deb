import { arms, colour, drawChart, marksOf, nothing } from './chart.mjs';
import { evidence, power } from './evidence.mjs';

const HOUR = 3600;
const TRAILING_SECONDS = 3 * HOUR;
const FEWEST_UNITS = 10;
/** An arm that never has as many at a time is drawn faintly: its rate jumps with every single outcome. */
const MANY_UNITS = 100;
/** From so many units on a rate may set the scale. */
const SCALING_UNITS = 30;
/** Evidence below this is drawn here: it says no more than "no harm at all". */
const LOWEST_LOG10 = -4;
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

const figure = (value) => (value === null || value === undefined ? '–' : String(Number(value.toPrecision(3))));

const percent = (value) => {
  if (value === null || value === undefined) return '–';
  const points = value * 100;
  return `${Number(points.toFixed(points >= 10 || points === 0 ? 1 : 2))} %`;
};

export function drawShare(element, { series, turns, virtualSeconds }, _kpi, sync) {
  const { share } = series;
  if (share.length === 0) return nothing(element, 'Nothing was deployed: no unit was assigned.');
  return drawChart(element, {
    sync,
    hours: [0, virtualSeconds / HOUR],
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

const MARGIN = 0.08;

/** While a canary was open, and a little around it. */
function evidenceHours(times, virtualSeconds) {
  const [first, last] = [times[0], times.at(-1)];
  const margin = Math.max(MARGIN * (last - first), 600);
  return [Math.max(0, first - margin) / HOUR, Math.min(virtualSeconds, last + margin) / HOUR];
}

/** The first line is what is held against the threshold; the others are its parts. */
export function drawEvidence(element, { series, turns, virtualSeconds }, _kpi, sync) {
  const { log10Threshold } = series;
  const measured = series.evidence.filter(({ points }) => points.length > 0);
  if (measured.length === 0) return nothing(element, 'No evidence was gathered: no canary step was open.');
  const times = [...new Set(measured.flatMap(({ points }) => points.map(({ t }) => t)))].sort((left, right) => left - right);
  const hours = evidenceHours(times, virtualSeconds);
  // The threshold reaches from edge to edge, beyond what was measured.
  const x = [hours[0], ...times.map((t) => t / HOUR), hours[1]];
  const lines = measured.map(({ name, points }) => {
    const byTime = new Map(points.map(({ t, log10 }) => [t, log10]));
    const exact = [null, ...times.map((t) => byTime.get(t) ?? null), null];
    const decides = name === series.evidence[0].name;
    const index = series.evidence.findIndex((one) => one.name === name) - 1;
    return {
      label: name,
      values: exact.map((log10) => (log10 === null ? null : Math.max(LOWEST_LOG10, log10))),
      exact,
      stroke: decides ? colour('--text') : colour(`--kpi-${index % DASHES.length}`),
      width: decides ? 3 : 1.25,
      dash: decides ? [] : DASHES[index % DASHES.length],
      joined: true,
      text: evidence,
    };
  });
  const threshold = {
    label: 'threshold',
    values: x.map(() => log10Threshold),
    stroke: colour('--threshold'),
    dash: [3, 3],
    text: evidence,
  };
  const all = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  return drawChart(element, {
    sync,
    hours,
    x,
    y: { range: [Math.floor(Math.min(-1, ...all)), Math.max(log10Threshold, ...all) + 0.4], ticks: power, whole: true },
    marks: marksOf(turns),
    lines: [lines[0], threshold, ...lines.slice(1)],
  });
}

/** Outcomes among the units of the last hours; nothing while those are too few, or while the arm takes no units. */
function trailingRates(buckets, times) {
  const took = (from, to) => buckets.some(({ t, n }) => n > 0 && t >= from && t <= to);
  return times.map((t) => {
    if (!took(t - HOUR, t) || !took(t, t + HOUR)) return null;
    const recent = buckets.filter((bucket) => bucket.t > t - TRAILING_SECONDS && bucket.t <= t);
    const n = recent.reduce((sum, bucket) => sum + bucket.n, 0);
    const x = recent.reduce((sum, bucket) => sum + bucket.x, 0);
    return n < FEWEST_UNITS ? null : { rate: x / n, n, x };
  });
}

function rateLine({ name, stroke, dash }, buckets, times, mean) {
  const exact = trailingRates(buckets, times);
  const points = exact.filter((point) => point !== null);
  // The candidate is what the chart is about, however few units it had.
  const faint = name !== 'candidate' && points.every(({ n }) => n < MANY_UNITS);
  return {
    label: faint ? `${name}, few units` : name,
    values: exact.map((point) => point?.rate ?? null),
    exact,
    stroke: faint ? `color-mix(in srgb, ${stroke} 60%, transparent)` : stroke,
    width: faint ? 1 : 2,
    dash,
    scaling: faint ? [] : points.filter(({ n }, index) => n >= SCALING_UNITS || index === points.length - 1).map(({ rate }) => rate),
    text: (point) =>
      point === null || point === undefined
        ? '–'
        : mean
          ? `${figure(point.rate)} (${point.n} units)`
          : `${percent(point.rate)} (${point.x} of ${point.n})`,
  };
}

export function drawKpi(element, { series, turns, virtualSeconds }, index, sync) {
  const { byArm, target, mean } = series.kpis[index];
  const words = mean ? figure : percent;
  const times = [...new Set(Object.values(byArm).flatMap((buckets) => buckets.map(({ t }) => t)))]
    .filter((t) => t >= 0)
    .sort((left, right) => left - right);
  if (times.length === 0) return nothing(element, 'No unit was counted.');
  const rates = arms()
    .map((arm) => rateLine(arm, byArm[arm.name], times, mean))
    .filter(({ values }) => values.some((value) => value !== null));
  const aim = { label: 'target', values: times.map(() => target), stroke: colour('--threshold'), dash: [3, 3], text: words };
  const scaling = rates.flatMap((line) => line.scaling);
  const highest = Math.max(...(scaling.length === 0 ? rates.flatMap(({ values }) => values) : scaling), target ?? 0, 0.01);
  return drawChart(element, {
    sync,
    hours: [0, virtualSeconds / HOUR],
    x: times.map((t) => t / HOUR),
    y: { range: [0, mean ? highest * 1.15 : Math.min(1, highest * 1.15)], ticks: words },
    marks: marksOf(turns),
    lines: target === undefined ? rates : [...rates, aim],
  });
}
