import { nameText, percentText, valueText } from './figures';

/** Shares by cell, of the baseline and of the window; `edges` are the inner ones. */
export interface NumericShares {
  edges: number[];
  baseline: number[];
  window: number[];
}

interface Box {
  width: number;
  height: number;
  bottom: number;
}

const LARGE: Box = { width: 440, height: 196, bottom: 24 };
const SMALL: Box = { width: 180, height: 64, bottom: 1 };
/** A cell so much denser than the mean would hide all the others: then every cell is as wide as every other. */
const SPIKE = 14;
const TOP_MARGIN = 8;
const TICKS = 5;

/** Both distributions on one axis: baseline filled, window as a line above it. */
export function numericPicture(shares: NumericShares, label: string): string {
  const bars = isEven(shares) ? evenBars(shares, LARGE) : stepAreas(shares, LARGE);
  return svg(LARGE, label, bars);
}

export function smallNumericPicture(shares: NumericShares, label: string): string {
  const drawn = isEven(shares) ? evenBars(shares, SMALL) : stepAreas(shares, SMALL);
  return svg(SMALL, label, drawn);
}

const svg = (box: Box, label: string, inner: string): string =>
  `<svg viewBox="0 0 ${box.width} ${box.height}" role="img" aria-label="${nameText(label, 300)}">${inner}</svg>`;

/** Few values, or nearly all rows in a sliver: widths would say nothing. */
function isEven({ edges, baseline, window }: NumericShares): boolean {
  if (edges.length < 3) return true;
  const span = edges.at(-1)! - edges[0]!;
  if (!(span > 0)) return true;
  return edges.slice(1).some((edge, index) => {
    const share = Math.max(baseline[index + 1] ?? 0, window[index + 1] ?? 0);
    return (share / (edge - edges[index]!)) * span > SPIKE;
  });
}

function stepAreas(shares: NumericShares, box: Box): string {
  const bounds = boundsOf(shares);
  const density = (cells: number[]): number[] => cells.map((share, index) => share / (bounds[index + 1]! - bounds[index]!));
  const before = density(shares.baseline);
  const after = density(shares.window);
  const highest = Math.max(...before, ...after, Number.MIN_VALUE);
  const [low, high] = [bounds[0]!, bounds.at(-1)!];
  const x = (value: number): string => ((box.width * (value - low)) / (high - low)).toFixed(1);
  const y = (value: number): string => (box.height - box.bottom - (value / highest) * (box.height - box.bottom - TOP_MARGIN)).toFixed(1);
  const steps = (densities: number[]): string =>
    densities.map((value, index) => `L${x(bounds[index]!)} ${y(value)}L${x(bounds[index + 1]!)} ${y(value)}`).join('');
  const area = (densities: number[]): string => `M${x(low)} ${y(0)}${steps(densities)}L${x(high)} ${y(0)}Z`;
  const line = (densities: number[]): string => steps(densities).replace(/^L/, 'M');
  return [
    `<path class="before" d="${area(before)}"/>`,
    `<path class="after" d="${area(after)}"/>`,
    `<path class="before-line" d="${line(before)}"/>`,
    `<path class="after-line" d="${line(after)}"/>`,
    axis(box),
    ...(box === LARGE ? ticksOf(shares.edges).map((tick) => tickText(Number(x(tick)), valueText(tick), box)) : []),
  ].join('');
}

/** The outermost cells have no end: as wide as if the rows thinned out to half of the next cell's density. */
function boundsOf({ edges, baseline }: NumericShares): number[] {
  const span = edges.at(-1)! - edges[0]!;
  const tail = (share: number, nextShare: number, nextWidth: number): number => {
    const wanted = nextShare > 0 ? share / ((0.5 * nextShare) / nextWidth) : span / 10;
    return Math.min(span * 0.3, Math.max(span * 0.04, wanted));
  };
  const first = tail(baseline[0]!, baseline[1]!, edges[1]! - edges[0]!);
  const last = tail(baseline.at(-1)!, baseline.at(-2)!, edges.at(-1)! - edges.at(-2)!);
  return [edges[0]! - first, ...edges, edges.at(-1)! + last];
}

/** Two bars for each cell, side by side, the edges written between the cells. */
function evenBars({ edges, baseline, window }: NumericShares, box: Box): string {
  const cells = baseline.length;
  const step = box.width / cells;
  const highest = Math.max(...baseline, ...window, Number.MIN_VALUE);
  const floor = box.height - box.bottom;
  const bar = (kind: string, share: number, left: number): string => {
    const height = (share / highest) * (floor - TOP_MARGIN);
    return `<rect class="${kind}" x="${left.toFixed(1)}" y="${(floor - height).toFixed(1)}" width="${(step * 0.38).toFixed(1)}" height="${height.toFixed(1)}"><title>${percentText(share)}</title></rect>`;
  };
  const bars = baseline.map(
    (share, index) => bar('before solid', share, step * (index + 0.1)) + bar('after solid', window[index] ?? 0, step * (index + 0.52)),
  );
  const every = Math.max(1, Math.ceil(edges.length / TICKS));
  const texts =
    box === LARGE ? edges.map((edge, index) => (index % every === 0 ? tickText(step * (index + 1), valueText(edge), box) : '')) : [];
  return [...bars, axis(box), ...texts].join('');
}

const axis = (box: Box): string =>
  `<line class="axis" x1="0" x2="${box.width}" y1="${box.height - box.bottom}" y2="${box.height - box.bottom}"/>`;

function tickText(x: number, text: string, box: Box): string {
  const anchor = x < 24 ? 'start' : x > box.width - 24 ? 'end' : 'middle';
  const floor = box.height - box.bottom;
  return `<line class="axis" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${floor}" y2="${floor + 4}"/><text x="${x.toFixed(1)}" y="${box.height - 6}" text-anchor="${anchor}">${text}</text>`;
}

/** Round values between the outermost edges. */
function ticksOf(edges: number[]): number[] {
  const [low, high] = [edges[0]!, edges.at(-1)!];
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const ticks: number[] = [];
  for (let index = Math.ceil(low / step); index * step <= high && ticks.length <= 2 * TICKS; index += 1) ticks.push(index * step);
  return ticks;
}
