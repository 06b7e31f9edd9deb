import type { KpiPolicy } from './kpi-policy';

/** Lambda allows 4 096 bytes in all; the other variables take some 700. */
const LARGEST_BYTES = 3_400;

/** What the handler that counts must know of the KPIs, as JSON small enough for its environment. */
export function countedKpis(kpis: KpiPolicy[]): string {
  kpis.forEach(checkScale);
  const text = JSON.stringify(kpis.map(countedPart));
  const bytes = Buffer.byteLength(text);
  if (bytes <= LARGEST_BYTES) return text;
  const [longest] = kpis.map(({ name }) => name).sort((left, right) => right.length - left.length);
  throw new Error(
    `The ${kpis.length} KPIs take ${bytes} bytes in the environment of the handler that counts, where ${LARGEST_BYTES} are free: ` +
      `shorten their names (the longest is '${longest}'), round cap and typical to fewer digits, or name fewer KPIs.`,
  );
}

/** How it is judged (margin, weight, target, money) is pinned in the release instead. */
function countedPart({ name, type, better, windowMinutes, aboveMillis, cap, typical, attribution }: KpiPolicy): Partial<KpiPolicy> {
  const elsewhere = attribution === 'variant' ? { attribution } : {};
  return { name, type, better, windowMinutes, aboveMillis, cap, typical, ...elsewhere };
}

/** A charter is checked before; KPIs that are handed to a construct are not. */
function checkScale({ name, type, aboveMillis, cap, typical }: KpiPolicy): void {
  if (type === 'latency' && aboveMillis === undefined) {
    throw new Error(`KPI ${name} is a latency without aboveMillis: give the milliseconds above which an answer counts, such as 800.`);
  }
  if ((type === 'mean' || type === 'count') && (cap === undefined || typical === undefined)) {
    throw new Error(
      `KPI ${name} is a ${type} without ${cap === undefined ? 'cap' : 'typical'}: run \`sluice backtest\` on your history, it prints both.`,
    );
  }
}
