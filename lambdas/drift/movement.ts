import type { DriftFinding, DriftPolicy, KpiPolicy } from '../../core/contracts';
import { FIRST_DAYS, kpiMovement, RECENT_DAYS } from '../../core/drift/look/movement';
import { DAY_MILLIS, dayOf, startOfDay } from '../../core/holdout';
import { HoldoutDays } from '../holdout/days';
import { readHistory } from '../holdout/releases';
import { existingControl } from '../shared/control-store';
import { readDesired } from '../shared/desired';
import { type DriftParts, iso } from './parts';
import type { Stable } from './stable';
import type { DriftState } from './state';

/** What has moved, looked up once a day: counters of a day are what the memory must hold. */
export async function currentMovement(
  parts: DriftParts,
  policy: DriftPolicy,
  { releaseId, sinceMillis }: Stable,
  known: DriftState['kpi'],
): Promise<DriftState['kpi']> {
  if (!policy.kpiMovement) return undefined;
  const nowMillis = parts.now();
  const day = dayOf(nowMillis);
  if (known?.day === day && known.releaseId === releaseId) return known;
  return { day, releaseId, findings: await movement(parts, policy, releaseId, sinceMillis, nowMillis) };
}

async function movement(
  { ledger, counterShards }: DriftParts,
  policy: DriftPolicy,
  releaseId: string,
  sinceMillis: number,
  nowMillis: number,
): Promise<DriftFinding[]> {
  const firstDays = policy.baseline.kind === 'first-days' ? policy.baseline.days : FIRST_DAYS;
  const firstUntil = sinceMillis + firstDays * DAY_MILLIS;
  const control = await existingControl(ledger);
  // Without units that stay with the baseline there is nothing to hold stable against.
  if (control.holdout === 0 || nowMillis - firstUntil < RECENT_DAYS * DAY_MILLIS) return [];
  const kpis: KpiPolicy[] = (await readDesired(ledger))?.spec.kpis ?? [];
  if (kpis.length === 0) return [];
  const history = await readHistory(ledger, control, iso(nowMillis));
  const days = new HoldoutDays(ledger, counterShards);
  const longestMinutes = Math.max(...kpis.map(({ windowMinutes }) => windowMinutes));
  const recentFrom = startOfDay(nowMillis - longestMinutes * 60_000 - (RECENT_DAYS + 2) * DAY_MILLIS);
  // Between the first days and the last ones may lie months, which nobody reads.
  const first = await days.counts(kpis, history, startOfDay(sinceMillis), nowMillis, Math.min(firstUntil, recentFrom));
  const recent = await days.counts(kpis, history, Math.max(recentFrom, startOfDay(sinceMillis)), nowMillis);
  const counts = Object.fromEntries(
    Object.keys(recent).map((counter) => [counter, [...(first[counter] ?? []), ...(recent[counter] ?? [])]]),
  );
  return kpiMovement({
    kpis,
    counts,
    releaseId,
    liveSinceMillis: sinceMillis,
    nowMillis,
    firstDays,
    falseAlarmsPerYear: policy.falseAlarmsPerYear,
  });
}
