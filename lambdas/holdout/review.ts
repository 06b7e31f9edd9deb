import { ledgerKeys, type ReleaseSpec } from '../../core/contracts';
import { courseOf, type CriterionReview, type HoldoutReview, type KillCriterion, neededSince, reviewHoldout } from '../../core/holdout';
import { readControl } from '../shared/control-store';
import { readDesired } from '../shared/desired';
import { logger } from '../shared/telemetry';
import { HoldoutDays } from './days';
import { readHistory } from './releases';
import { tellOnce, type TellParts } from './tell';

export interface HoldoutParts extends TellParts {
  useCase: string;
  criteria: KillCriterion[];
  counterShards: number;
  retentionDays: number;
  now(): number;
  publish(review: HoldoutReview): void;
}

export type Reviewed = { reviewed: true; met: string[]; told: string[] } | { reviewed: false; reason: string };

/** Ledger item `holdout`, `latest`. */
interface Latest {
  at: string;
  day: string;
  /** JSON of `CriterionReview[]`. */
  criteria: string;
}

/** What a rollout demands, a holdout need not: its guarantee is its own. */
const ALPHA = 0.05;

/** One look at the permanent holdout. Called again on the same day, it looks again and tells nothing twice. */
export async function review(parts: HoldoutParts): Promise<Reviewed> {
  const { ledger, useCase, criteria } = parts;
  const nowMillis = parts.now();
  const control = await readControl(ledger);
  if (control?.mode !== 'live' || control.stable === undefined)
    return idle(`The use case is not live: its mode is ${control?.mode ?? 'unknown'}`);
  const history = await readHistory(ledger, control, new Date(nowMillis).toISOString());
  const course = courseOf(history.live);
  const stable = course.find(({ releaseId }) => releaseId === control.stable?.releaseId);
  // Its promotion is being written at this moment.
  if (stable === undefined) return idle(`Release ${control.stable.releaseId} has only just become stable`);
  const kpis = await kpisOf(parts);
  const days = new HoldoutDays(ledger, parts.counterShards);
  const counts = await days.counts(kpis, history, neededSince(stable, course, nowMillis), nowMillis);
  const latest = await ledger.get<Latest>(ledgerKeys.holdoutLatest());
  const before = latest === undefined ? [] : (JSON.parse(latest.criteria) as CriterionReview[]);
  const { holdout } = control;
  const result = reviewHoldout({ useCase, kpis, criteria, holdout, alpha: ALPHA, stable, course, counts, nowMillis, before });
  await keep(parts, result);
  parts.publish(result);
  return { reviewed: true, ...(await tellAll(parts, result)) };
}

function idle(reason: string): Reviewed {
  logger.info('No holdout review', { reason });
  return { reviewed: false, reason };
}

/** As the stack wants them now: money and targets may have changed since the release was registered. */
async function kpisOf({ ledger }: HoldoutParts): Promise<ReleaseSpec['kpis']> {
  const desired = await readDesired(ledger);
  if (desired === undefined)
    throw new Error('The ledger does not know what the stack wants: deploy the stack, whose custom resource writes it');
  return desired.spec.kpis;
}

async function keep({ ledger, retentionDays }: HoldoutParts, result: HoldoutReview): Promise<void> {
  const { at, day, criteria } = result;
  const expiresAt = Math.ceil(Date.parse(at) / 1000) + retentionDays * 86_400;
  await ledger.put(ledgerKeys.holdoutReview(day), { at, review: JSON.stringify(result), expiresAt });
  const latest: Latest = { at, day, criteria: JSON.stringify(criteria) };
  await ledger.put(ledgerKeys.holdoutLatest(), latest, {
    text: 'attribute_not_exists(pk) OR #at <= :at',
    names: { '#at': 'at' },
    values: { ':at': at },
  });
}

async function tellAll(parts: HoldoutParts, result: HoldoutReview): Promise<{ met: string[]; told: string[] }> {
  const met = result.criteria.filter(({ state }) => state === 'met');
  const told: string[] = [];
  for (const criterion of met) {
    if (await tellOnce(parts, result, criterion)) told.push(criterion.criterion);
  }
  const words = [...result.kpis, ...result.criteria].map((one) => one.words);
  logger.info('Holdout review', { day: result.day, stable: result.stable, words, told });
  return { met: met.map(({ criterion }) => criterion), told };
}
