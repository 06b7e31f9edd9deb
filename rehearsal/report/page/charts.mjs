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
    // Drawn last, it lies on top of its parts.
    lines: [...lines.slice(1), threshold, lines[0]],
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
    hours: [0, virtualSeconds / HOUR],
    x: times.map((t) => t / HOUR),
    y: { range: [0, Math.min(1, highest * 1.15)], ticks: percent },
    marks: marksOf(turns),
    lines: lines.filter(({ values, label }) => label === 'target' || values.some((value) => value !== null)),
  });
}
