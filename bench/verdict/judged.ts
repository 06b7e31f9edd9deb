import { wilson } from '../intervals';
import type { CellResult } from './run-cell';
import { OURS } from './run-cell';

export const PROMISED = 0.05;
const Z = 1.959963984540054;

/** 5 % plus the Monte Carlo error of so many days. */
export function allowedShare(days: number): number {
  return PROMISED + Z * Math.sqrt((PROMISED * (1 - PROMISED)) / days);
}

export interface Held {
  label: string;
  days: number;
  share: number;
  interval: [number, number];
  held: boolean;
}

/** Whether the e-process keeps its promise in a cell without a true change, or with one exactly at the margin. */
export function held({ label, outcomes }: CellResult): Held {
  const { days, alarms } = outcomes[OURS] ?? { days: 0, alarms: 0 };
  const share = alarms / days;
  return { label, days, share, interval: wilson(alarms, days), held: share <= allowedShare(days) };
}

/** What the quick form prints and how it ends. */
export function quickVerdict(results: CellResult[]): { text: string; exitCode: 0 | 1 } {
  const cells = results.map(held);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const lines = cells.map(
    ({ label, days, share, interval: [low, high], held: kept }) =>
      `${kept ? 'held  ' : 'BROKEN'} ${label.padEnd(32)} ${percent(share).padStart(7)} of ${days} days (${percent(low)} to ${percent(high)})`,
  );
  const broken = cells.filter((cell) => !cell.held);
  const end =
    broken.length === 0
      ? `False rollbacks: at most 5 % plus Monte Carlo error in all ${cells.length} cells.`
      : `False rollbacks above 5 % plus Monte Carlo error in ${broken.length} of ${cells.length} cells: ${broken.map(({ label }) => label).join('; ')}. ` +
        'The guarantee of core/verdict is broken: look at its evidence or at how often it is read.';
  return { text: [...lines, end].join('\n'), exitCode: broken.length === 0 ? 0 : 1 };
}
