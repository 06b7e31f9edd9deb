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
const LABEL_SIGNS = 20;

/** For each category two bars, one below the other, the larger share first. */
export function categoricalPicture(shares: CategoryShare[], label: string): string {
  const rows = foldedRows(shares);
  const largest = Math.max(...rows.flatMap(({ baseline, window }) => [baseline, window]), Number.MIN_VALUE);
  const room = WIDTH - LABEL_WIDTH - FIGURE_WIDTH;
  const length = (share: number): number => Math.max(share > 0 ? 1 : 0, (share / largest) * room);
  const bar = (kind: string, share: number, top: number): string => {
    const end = LABEL_WIDTH + length(share);
    return `<rect class="${kind} solid" x="${LABEL_WIDTH}" y="${top}" width="${length(share).toFixed(1)}" height="${BAR_HEIGHT}"/><text class="figure" x="${(end + 4).toFixed(1)}" y="${top + BAR_HEIGHT - 1}">${percentText(share)}</text>`;
  };
  const drawn = rows.map(({ name, baseline, window }, index) => {
    const top = index * ROW + 3;
    const text = `<text x="${LABEL_WIDTH - 8}" y="${top + BAR_HEIGHT + 5}" text-anchor="end">${nameText(name, LABEL_SIGNS)}<title>${nameText(name)}</title></text>`;
    return text + bar('before', baseline, top) + bar('after', window, top + BAR_HEIGHT + 2);
  });
  return `<svg viewBox="0 0 ${WIDTH} ${rows.length * ROW}" role="img" aria-label="${nameText(label, 300)}">${drawn.join('')}</svg>`;
}

export function smallCategoricalPicture(shares: CategoryShare[], label: string): string {
  const rows = foldedRows(shares);
  const [width, height] = [180, 64];
  const largest = Math.max(...rows.flatMap(({ baseline, window }) => [baseline, window]), Number.MIN_VALUE);
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

/** The categories that most rows have, before or now; the rest as one. */
function foldedRows(shares: CategoryShare[]): CategoryShare[] {
  if (shares.length <= SHOWN + 1) return shares;
  const weight = ({ baseline, window }: CategoryShare): number => Math.max(baseline, window);
  const kept = new Set([...shares].sort((left, right) => weight(right) - weight(left)).slice(0, SHOWN));
  const rest = shares.filter((share) => !kept.has(share));
  const sum = (side: 'baseline' | 'window'): number => rest.reduce((total, share) => total + share[side], 0);
  return [...shares.filter((share) => kept.has(share)), { name: `${rest.length} more`, baseline: sum('baseline'), window: sum('window') }];
}
