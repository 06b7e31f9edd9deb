import { setTimeout as sleep } from 'node:timers/promises';
import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type Arm, ledgerKeys } from '../../core/contracts';
import type { Ledger } from '../shared/ledger';
import { logger } from '../shared/telemetry';
import { Draft, type DraftItem, type DraftRules } from './draft';
import { type Exposure, exposureKey, readExposures } from './exposures';
import type { KpiWork, Work } from './message';

export interface Counted {
  /** Counted by this call. */
  works: { work: Work; exposure?: Exposure }[];
  /** Arms of the units that were seen for the first time. */
  exposed: Arm[];
  /** Counted before. */
  duplicates: Work[];
  /** Their unit had an outcome for the KPI already. */
  alreadyObserved: KpiWork[];
  failed: Work[];
}

type Fate = 'again' | 'duplicate' | 'already-observed' | 'failed';

const MAX_FRUITLESS_ATTEMPTS = 8;
const BACKOFF_MILLIS = 40;
const MAX_BACKOFF_MILLIS = 1_500;
/** Cancellations after which the same transaction can succeed. */
const PASSING = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** Counts every work exactly once, in as few transactions as possible. */
export async function countAll(ledger: Ledger, works: Work[], rules: DraftRules): Promise<Counted> {
  const counted: Counted = { works: [], exposed: [], duplicates: [], alreadyObserved: [], failed: [] };
  let pending = works;
  let fruitless = 0;
  while (pending.length > 0) {
    if (fruitless > 0) {
      await sleep(Math.min(BACKOFF_MILLIS * 2 ** fruitless, MAX_BACKOFF_MILLIS) * (0.5 + Math.random() / 2));
    }
    const again = await countOnce(ledger, pending, rules, counted);
    fruitless = again.length < pending.length ? 0 : fruitless + 1;
    pending = again;
    if (fruitless === MAX_FRUITLESS_ATTEMPTS) {
      counted.failed.push(...pending);
      break;
    }
  }
  return counted;
}

/** One round: what must be tried again comes back. */
async function countOnce(ledger: Ledger, pending: Work[], rules: DraftRules, counted: Counted): Promise<Work[]> {
  const known = await readExposures(ledger, pending);
  const { now, later } = withoutRepetition(pending);
  const again = later;
  for (let rest = now; rest.length > 0;) {
    const draft = new Draft(ledger, rules, known);
    while (rest.length > draft.works.length && !draft.isFull) {
      draft.add(rest[draft.works.length] as Work);
    }
    rest = rest.slice(draft.works.length);
    again.push(...(await write(ledger, draft, known, counted)));
  }
  return again;
}

/** A transaction cannot name an item twice: repeated messages wait for the next round, where the ledger knows the first. */
function withoutRepetition(works: Work[]): { now: Work[]; later: Work[] } {
  const taken = new Set<string>();
  const now: Work[] = [];
  const later: Work[] = [];
  for (const work of works) {
    const keys = keysOf(work);
    (keys.some((key) => taken.has(key)) ? later : now).push(work);
    keys.forEach((key) => taken.add(key));
  }
  return { now, later };
}

function keysOf(work: Work): string[] {
  if (work.kind === 'decision') {
    return [ledgerKeys.decision(work.decision.decisionId).pk];
  }
  const outcome = ledgerKeys.outcome(work.of.releaseId, work.event.kpi, work.of.unitKey);
  return [ledgerKeys.event(work.event.eventId).pk, `${outcome.pk}|${outcome.sk}`];
}

async function write(ledger: Ledger, draft: Draft, known: Map<string, Exposure>, counted: Counted): Promise<Work[]> {
  const items = draft.transaction();
  try {
    await ledger.transact(items.map((item) => item.write));
  } catch (error) {
    if (error instanceof TransactionCanceledException) {
      return sortOut(draft.works, items, error.CancellationReasons ?? [], counted);
    }
    logger.warn('A transaction failed', { error, messages: draft.works.length });
    return draft.works;
  }
  counted.exposed.push(...[...draft.exposures].filter(([pk]) => !known.has(pk)).map(([, { arm }]) => arm));
  draft.exposures.forEach((exposure, pk) => known.set(pk, exposure));
  counted.works.push(...draft.works.map((work) => ({ work, exposure: known.get(exposureKey(work).pk) })));
  return [];
}

/** Drops what the ledger knows already; the rest is tried again. */
function sortOut(works: Work[], items: DraftItem[], reasons: CancellationReason[], counted: Counted): Work[] {
  const fates = new Map<Work, Fate>();
  reasons.forEach((reason, index) => {
    const item = items[index];
    if (item?.work !== undefined) {
      fates.set(item.work, worse(fates.get(item.work) ?? 'again', fateOf(item, reason)));
    }
  });
  for (const work of works) {
    const fate = fates.get(work);
    if (fate === 'duplicate') {
      counted.duplicates.push(work);
    } else if (fate === 'already-observed') {
      counted.alreadyObserved.push(work as KpiWork);
    } else if (fate === 'failed') {
      counted.failed.push(work);
    }
  }
  return works.filter((work) => (fates.get(work) ?? 'again') === 'again');
}

function fateOf(item: DraftItem, reason: CancellationReason): Fate {
  if (reason.Code === 'ConditionalCheckFailed') {
    return item.role === 'outcome' ? 'already-observed' : 'duplicate';
  }
  if (reason.Code === undefined || reason.Code === 'None' || PASSING.has(reason.Code)) {
    return 'again';
  }
  logger.error('The ledger refuses an item', { role: item.role, code: reason.Code, detail: reason.Message });
  return 'failed';
}

/** The same event again is a duplicate, even though its outcome is there too. */
function worse(one: Fate, other: Fate): Fate {
  const order: Fate[] = ['again', 'already-observed', 'duplicate', 'failed'];
  return order[Math.max(order.indexOf(one), order.indexOf(other))] ?? 'again';
}
