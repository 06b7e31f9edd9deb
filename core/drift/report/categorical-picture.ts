import { nameText, percentText } from './figures';

/** One category, or all others. */
export interface CategoryShare {
  name: string;
  baseline: number;
  window: number;
}

const WIDTH = 440;
const ROW = 34;
const LABEL_WIDTH = 138;
const FIGURE_WIDTH = 52;
const BAR_HEIGHT = 11;
const SHOWN = 10;
const LABEL_SIGNS = 17;
const REST_HEIGHT = 22;
/** Of the ones shown, so many because they changed. */
const CHANGED = 4;
/** As comparisons name what no category stands for. */
const OTHERS = '(other)';

/** For each category two bars, one below the other, as the baseline has them; all that are left share a line of figures. */
export function categoricalPicture(shares: CategoryShare[], label: string): string {
  const { rows, rest } = foldedRows(shares);
  const largest = largestOf(rows);
  const room = WIDTH - LABEL_WIDTH - FIGURE_WIDTH;
  const length = (share: number): number => Math.max(share > 0 ? 1 : 0, (share / largest) * room);
  const bar = (kind: string, share: number, top: number): string => {
    const end = LABEL_WIDTH + length(share);
    return `<rect class="${kind} solid" x="${LABEL_WIDTH}" y="${top}" width="${length(share).toFixed(1)}" height="${BAR_HEIGHT}"/><text class="figure" x="${(end + 4).toFixed(1)}" y="${top + BAR_HEIGHT - 1}">${percentText(share)}</text>`;
  };
  const nameAt = (name: string, y: number): string =>
    `<text x="${LABEL_WIDTH - 8}" y="${y}" text-anchor="end">${nameText(name, LABEL_SIGNS)}<title>${nameText(name)}</title></text>`;
  const drawn = rows.map(({ name, baseline, window }, index) => {
    const top = index * ROW + 3;
    return nameAt(name, top + BAR_HEIGHT + 5) + bar('before', baseline, top) + bar('after', window, top + BAR_HEIGHT + 2);
  });
  const height = rows.length * ROW + (rest === undefined ? 0 : REST_HEIGHT);
  const left =
    rest === undefined
      ? ''
      : `${nameAt(rest.name, height - 6)}<text class="figure" x="${LABEL_WIDTH}" y="${height - 6}">${percentText(rest.baseline)} → ${percentText(rest.window)}</text>`;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${nameText(label, 300)}">${drawn.join('')}${left}</svg>`;
}

export function smallCategoricalPicture(shares: CategoryShare[], label: string): string {
  const { rows } = foldedRows(shares);
  const [width, height] = [180, 64];
  const largest = largestOf(rows);
  const step = width / rows.length;
  const wide = Math.min(12, step * 0.38);
  const bar = (kind: string, share: number, left: number): string => {
    const tall = (share / largest) * (height - 6);
    return `<rect class="${kind} solid" x="${left.toFixed(1)}" y="${(height - 1 - tall).toFixed(1)}" width="${wide.toFixed(1)}" height="${tall.toFixed(1)}"/>`;
  };
  const bars = rows.map(({ baseline, window }, index) => {
    const middle = step * (index + 0.5);
    return bar('before', baseline, middle - wide - 0.5) + bar('after', window, middle + 0.5);
  });
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${nameText(label, 300)}">${bars.join('')}<line class="axis" x1="0" x2="${width}" y1="${height - 1}" y2="${height - 1}"/></svg>`;
}

const largestOf = (rows: CategoryShare[]): number =>
  Math.max(...rows.flatMap(({ baseline, window }) => [baseline, window]), Number.MIN_VALUE);

/** The categories that most rows have, before or now, and those that changed most; the rest as one. */
function foldedRows(shares: CategoryShare[]): { rows: CategoryShare[]; rest?: CategoryShare } {
  if (shares.length <= SHOWN + 1) return { rows: shares };
  const named = shares.filter(({ name }) => name !== OTHERS);
  const most = (weight: (share: CategoryShare) => number, count: number, of: CategoryShare[]): CategoryShare[] =>
    [...of].sort((left, right) => weight(right) - weight(left)).slice(0, count);
  const changed = most(({ baseline, window }) => Math.abs(window - baseline), CHANGED, named);
  const large = most(
    ({ baseline, window }) => Math.max(baseline, window),
    SHOWN - CHANGED,
    named.filter((share) => !changed.includes(share)),
  );
  const kept = new Set([...changed, ...large]);
  const rest = shares.filter((share) => !kept.has(share));
  const sum = (side: 'baseline' | 'window'): number => rest.reduce((total, share) => total + share[side], 0);
  return { rows: named.filter((share) => kept.has(share)), rest: { name: 'all others', baseline: sum('baseline'), window: sum('window') } };
}
