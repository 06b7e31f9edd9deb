/* global document, getComputedStyle, ResizeObserver, devicePixelRatio */
import uPlot from 'uplot';

const HEIGHT = 240;
const FONT = '12px system-ui, sans-serif';
const MARK_LABEL_PIXELS = 20;
const MARK_GAP_PIXELS = 6;
const NARROW_PIXELS = 480;

export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Each arm has a colour and a dash of its own: colour alone is not enough. */
export const arms = () => [
  { name: 'candidate', stroke: colour('--candidate'), dash: [] },
  { name: 'stable', stroke: colour('--stable'), dash: [] },
  { name: 'baseline', stroke: colour('--baseline'), dash: [6, 4] },
];

export function nothing(element, message) {
  const note = document.createElement('p');
  note.className = 'nothing';
  note.textContent = message;
  element.append(note);
}

const LABELS = {
  promoted: 'promoted',
  returned: 'returned',
  'candidate-removed': 'candidate off',
  killed: 'killed',
  revived: 'revived',
  parked: 'switched off',
  woken: 'on again',
  detected: 'drift',
  'broken-input': 'broken input',
  'no-data': 'no data',
  ended: 'drift over',
  begun: 'retraining',
  registered: 'retrained',
  rejected: 'retrained, rejected',
  failed: 'retraining failed',
  refused: 'retraining refused',
};

/** The moments at which traffic turned, and what drift and retraining had to say. */
export const marksOf = (turns) =>
  turns.flatMap(({ t, event, weight }) => {
    if (event === 'weight') return [{ hours: t / 3600, label: `${Number((weight * 100).toFixed(1))} %` }];
    return LABELS[event] === undefined ? [] : [{ hours: t / 3600, label: LABELS[event] }];
  });

function drawMarks(marks, withLabels) {
  return (chart) => {
    const { ctx, bbox } = chart;
    ctx.save();
    ctx.strokeStyle = colour('--mark');
    ctx.fillStyle = colour('--muted');
    ctx.lineWidth = devicePixelRatio;
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
    let free = bbox.left;
    for (const { hours, label } of marks) {
      const x = chart.valToPos(hours, 'x', true);
      if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      if (withLabels) free = drawLabel(ctx, bbox, x, label, free);
    }
    ctx.restore();
  };
}

/** Right of the labels before it, as long as its line still meets it; otherwise it is left to the timeline. */
function drawLabel(ctx, bbox, x, label, free) {
  const width = ctx.measureText(label).width;
  const left = Math.max(free, Math.min(x - width / 2, bbox.left + bbox.width - width));
  if (left > x) return free;
  ctx.fillText(label, left, bbox.top - 6 * devicePixelRatio);
  return left + width + MARK_GAP_PIXELS * devicePixelRatio;
}

const stepped = () => uPlot.paths.stepped({ align: 1 });

function seriesOf(line) {
  const exact = line.exact ?? line.values;
  const last = exact.findLast((value) => value !== null && value !== undefined);
  return {
    label: line.label,
    stroke: line.stroke,
    width: line.width ?? 2,
    dash: line.dash,
    ...(line.filled ? { fill: `color-mix(in srgb, ${line.stroke} 22%, transparent)` } : {}),
    ...(line.stepped ? { paths: stepped() } : {}),
    points: { show: false },
    spanGaps: line.joined === true,
    // Away from the pointer, and where there is none: the last value.
    value: (_chart, _value, _series, index) => line.text(index === null || index === undefined ? last : exact[index]),
  };
}

const axis = (extra) => ({
  stroke: colour('--muted'),
  font: FONT,
  labelFont: FONT,
  grid: { stroke: colour('--grid'), width: 1 },
  ticks: { stroke: colour('--grid'), width: 1 },
  ...extra,
});

const hoursAndMinutes = (hours) => {
  const minutes = Math.round(hours * 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
};
const clock = (hours) => `${hoursAndMinutes(hours)} h`;
const hourTicks = (ticks) => (ticks.every(Number.isInteger) ? ticks : ticks.map(hoursAndMinutes));

const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100];
const HOUR_STEPS = [1 / 12, 1 / 6, 0.25, 0.5, 1, 2, 3, 4, 6, 12, 24, 48, 96, 168, 336, 720, 1440, 2880];

/** `spec`: x in hours, y `{range, ticks, whole}`, lines, marks. Grows and shrinks with its element. */
export function drawChart(element, spec) {
  const size = () => ({ width: Math.max(240, element.clientWidth), height: element.clientWidth < NARROW_PIXELS ? HEIGHT - 20 : HEIGHT });
  const options = {
    ...size(),
    padding: [spec.markLabels ? MARK_LABEL_PIXELS : 12, 14, 0, 0],
    scales: { x: { time: false, range: spec.hours }, y: { range: spec.y.range } },
    series: [
      { label: 'time', value: (_chart, hours) => (hours === null || hours === undefined ? 'last values' : clock(hours)) },
      ...spec.lines.map(seriesOf),
    ],
    axes: [
      axis({
        label: 'hours since the start',
        values: (_chart, ticks) => hourTicks(ticks),
        labelSize: 20,
        size: 34,
        incrs: HOUR_STEPS,
        space: 46,
      }),
      axis({
        size: 54,
        values: (_chart, ticks) => ticks.map((tick) => spec.y.ticks(tick)),
        ...(spec.y.whole ? { incrs: WHOLE_STEPS } : {}),
      }),
    ],
    cursor: { y: false, sync: { key: spec.sync, scales: ['x', null] }, focus: { prox: 24 }, points: { size: 7 } },
    focus: { alpha: 0.4 },
    legend: { live: true, markers: { width: 3, dash: (chart, index) => dashStyle(chart.series[index].dash) } },
    hooks: { drawClear: [drawMarks(spec.marks, spec.markLabels)] },
  };
  const chart = new uPlot(options, [spec.x, ...spec.lines.map(({ values }) => values)], element);
  const observer = new ResizeObserver(() => chart.setSize(size()));
  observer.observe(element);
  return {
    destroy() {
      observer.disconnect();
      chart.destroy();
    },
  };
}

const dashStyle = (dash) => (dash === undefined || dash.length === 0 ? 'solid' : 'dashed');
