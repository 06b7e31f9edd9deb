import type { KpiObserved, RejectionReason } from '../../core/contracts';
import type { Cloud, Random } from '../cloud/types';
import type { GarbageKind } from './kpi-events-schema';
import type { Scenario } from './scenario-schema';
import { scheduleArrivals } from './traffic';

const DAY_MILLIS = 86_400_000;
const HUGE_CHARACTERS = 300 * 1024;
const PLACE = '"a value that JSON cannot write"';

/** Why each kind must be rejected. */
export const REASONS_OF: Record<GarbageKind, RejectionReason[]> = {
  // Rows of files are checked by the schema alone.
  nan: ['bad-value', 'malformed'],
  infinity: ['bad-value', 'malformed'],
  negative: ['bad-value', 'malformed'],
  future: ['future'],
  'unknown-kpi': ['unknown-kpi'],
  'forged-id': ['bad-decision-id', 'bad-variant'],
  'wrong-use-case': ['wrong-use-case'],
  huge: ['too-large', 'malformed'],
  malformed: ['malformed'],
};

/** A poisoned source sends one kind after the other, at random moments, until traffic stops. */
export function pourGarbage(
  cloud: Cloud,
  random: Random,
  { kpiEvents, duration }: Pick<Scenario, 'kpiEvents' | 'duration'>,
  startMillis: number,
  source: { sendGarbage(kind: GarbageKind, random: Random): Promise<void> },
): void {
  const { garbage } = kpiEvents;
  if (garbage === undefined) return;
  const { at, for: lasts = Number.POSITIVE_INFINITY, perMinute, kinds } = garbage;
  let sent = 0;
  const arrive = (): void => {
    const kind = kinds[sent % kinds.length] as GarbageKind;
    sent += 1;
    cloud.clock.after(0, () => source.sendGarbage(kind, random));
  };
  const untilMillis = startMillis + Math.min(duration, at + lasts);
  cloud.clock.at(startMillis + at, () => scheduleArrivals(cloud, random.fork('arrivals'), { perMinute, daily: 0 }, untilMillis, arrive));
}

/** The text of an event that is wrong in one way; `anyText`: it may be no JSON at all. */
export function garbageText(kind: GarbageKind, good: KpiObserved, anyText: boolean): string {
  switch (kind) {
    case 'nan':
      return withLiteral(good, anyText ? 'NaN' : '"NaN"');
    case 'infinity':
      // JSON's grammar has no largest number: readers make infinity of it.
      return withLiteral(good, '1e999');
    case 'negative':
      return JSON.stringify({ ...good, value: -1 });
    case 'future':
      return JSON.stringify({ ...good, observedAt: new Date(Date.parse(good.observedAt) + DAY_MILLIS).toISOString() });
    case 'unknown-kpi':
      return JSON.stringify({ ...good, kpi: `${good.kpi}-of-nobody` });
    case 'forged-id':
      return JSON.stringify(forged(good));
    case 'wrong-use-case':
      return JSON.stringify({ ...good, useCase: `${good.useCase}-of-others` });
    case 'huge':
      return JSON.stringify({ ...good, unit: 'x'.repeat(HUGE_CHARACTERS) });
    case 'malformed':
      return JSON.stringify({ ...good, schema: 'sluice.kpi/v0' });
  }
}

const withLiteral = (good: KpiObserved, literal: string): string =>
  JSON.stringify({ ...good, value: JSON.parse(PLACE) as string }).replace(PLACE, literal);

/** Another decision's signature, or a variant that nobody runs. */
function forged(good: KpiObserved): KpiObserved {
  const { decisionId, inferenceId } = good;
  if (decisionId !== undefined) return { ...good, decisionId: tampered(decisionId) };
  if (inferenceId !== undefined) return { ...good, inferenceId: tampered(inferenceId) };
  return { ...good, variant: 'a-variant-of-nobody' };
}

const tampered = (decisionId: string): string => `${decisionId.slice(0, -1)}${decisionId.endsWith('A') ? 'B' : 'A'}`;
