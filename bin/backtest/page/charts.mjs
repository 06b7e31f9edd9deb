import { colour, drawChart, nothing } from '../../../rehearsal/report/page/chart.mjs';
import { evidence, power } from '../../../rehearsal/report/page/evidence.mjs';

const SYNC = 'backtest';
/** Evidence outside is drawn at the edge: beyond, it says no more. */
const LOWEST_LOG10 = -4;
const HIGHEST_LOG10 = 12;
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const FEWEST_LOOKS = 2;

const count = (units) => (units === null || units === undefined ? '–' : String(Math.round(units)).replace(/\B(?=(\d{3})+$)/g, '\u202f'));

const held = (log10) => Math.min(HIGHEST_LOG10, Math.max(LOWEST_LOG10, log10));

function frame(data) {
  const { minutes } = data.series;
  return {
    sync: SYNC,
    hours: [0, minutes.at(-1) / 60],
    x: minutes.map((minute) => minute / 60),
    marks: data.at === undefined ? [] : [{ hours: data.at.minutes / 60, label: data.at.label }],
    markLabels: true,
  };
}

const evidenceLine = (label, log10s, index) => ({
  label,
  values: log10s.map(held),
  exact: log10s,
  stroke: colour(`--kpi-${index % DASHES.length}`),
  width: 1.5,
  dash: DASHES[index % DASHES.length],
  text: evidence,
});

const thresholdLine = (log10, minutes) => ({
  label: 'threshold',
  values: minutes.map(() => log10),
  stroke: colour('--threshold'),
  dash: [3, 3],
  text: evidence,
});

function drawEvidence(element, data, lines, log10Threshold) {
  const all = lines.flatMap(({ values }) => values);
  return drawChart(element, {
    ...frame(data),
    y: { range: [Math.floor(Math.min(-1, ...all)), Math.max(log10Threshold, ...all) + 0.4], ticks: power, whole: true },
    lines: [...lines, thresholdLine(log10Threshold, data.series.minutes)],
  });
}

const tooFew = (element, { series }) =>
  series.minutes.length < FEWEST_LOOKS ? (nothing(element, 'The history has one moment only: nothing to draw.'), true) : false;

/** The strong line is what is held against the threshold; the others are its parts. */
export function drawHarm(element, data) {
  if (tooFew(element, data)) return undefined;
  const { combined, kpis, log10Threshold } = data.series;
  const strong = {
    label: 'all KPIs together',
    values: combined.map(held),
    exact: combined,
    stroke: colour('--text'),
    width: 3,
    dash: [],
    text: evidence,
  };
  return drawEvidence(
    element,
    data,
    [strong, ...kpis.map(({ name, rollback }, index) => evidenceLine(name, rollback, index))],
    log10Threshold,
  );
}

export function drawPromotion(element, data) {
  if (tooFew(element, data)) return undefined;
  const { kpis, log10PromotionThreshold } = data.series;
  return drawEvidence(
    element,
    data,
    kpis.map(({ name, promotion }, index) => evidenceLine(name, promotion, index)),
    log10PromotionThreshold,
  );
}

export function drawUnits(element, data) {
  if (tooFew(element, data)) return undefined;
  const { candidateUnits, controlUnits } = data.series;
  const [candidate, control] = data.arms;
  const line = (label, values, stroke, dash) => ({ label, values, stroke, dash, stepped: true, text: count });
  const largest = Math.max(...candidateUnits, ...controlUnits, 1);
  return drawChart(element, {
    ...frame(data),
    y: { range: [0, largest * 1.05], ticks: count },
    lines: [
      line(`candidate ${candidate}`, candidateUnits, colour('--candidate'), []),
      line(`control ${control}`, controlUnits, colour('--stable'), [6, 4]),
    ],
  });
}
