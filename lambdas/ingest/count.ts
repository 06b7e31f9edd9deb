import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { LedgerKey } from '../../core/contracts';
import type { Ledger } from '../shared/ledger';
import { logger } from '../shared/telemetry';
import { Draft, type DraftItem, type DraftRules, type Effect } from './draft';
import { place } from './fate';
import { exposureKey, keyText, type Known, outcomeKey, readKnown } from './known';
import type { KpiWork, Rejection, Work } from './work';

export interface Counted {
  /** Counted by this call. */
  effects: Effect[];
  /** Counted before. */
  duplicates: Work[];
  /** An observation with a higher revision was there first. */
  outranked: KpiWork[];
  /** Cannot be counted, as the ledger stands. */
  refused: Rejection[];
  failed: Work[];
}

/** What is put beside the counting, without a condition: the same whenever it is written. */
export interface Aside {
  work: Work;
  key: LedgerKey;
  item: object;
}

const MAX_FRUITLESS_ATTEMPTS = 8;
const BACKOFF_MILLIS = 40;
const MAX_BACKOFF_MILLIS = 1_500;
/** Cancellations after which the same transaction can succeed, once what stands there is read again. */
const PASSING = new Set(['ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** Counts every work exactly once, in as few transactions as possible. */
export async function countAll(ledger: Ledger, works: Work[], rules: DraftRules): Promise<Counted> {
  const counted: Counted = { effects: [], duplicates: [], outranked: [], refused: [], failed: [] };
  let pending = byMinute(works);
  let fruitless = 0;
  while (pending.length > 0) {
    if (fruitless > 0) {
      await sleep(Math.min(BACKOFF_MILLIS * 2 ** fruitless, MAX_BACKOFF_MILLIS) * (0.5 + Math.random() / 2));
    }
    const again = await new Round(ledger, rules, counted).count(pending);
    fruitless = again.length < pending.length ? 0 : fruitless + 1;
    pending = again;
    if (fruitless === MAX_FRUITLESS_ATTEMPTS) {
      counted.failed.push(...pending);
      break;
    }
  }
  return counted;
}

/** Works of one minute share the minute's counters: the fewer minutes a transaction has, the fewer items it writes. */
function byMinute(works: Work[]): Work[] {
  return works.toSorted(
    ({ of: one }, { of: other }) =>
      one.exposureMinuteMillis - other.exposureMinuteMillis ||
      (one.releaseId < other.releaseId ? -1 : Number(one.releaseId > other.releaseId)),
  );
}

/** Reads what the ledger knows, and writes what is new to it. */
class Round {
  private known: Known = { exposures: new Map(), outcomes: new Map() };
  private readonly again: Work[] = [];
  private readonly asides: Aside[] = [];

  constructor(
    private readonly ledger: Ledger,
    private readonly rules: DraftRules,
    private readonly counted: Counted,
  ) {}

  /** What must be tried again comes back. */
  async count(pending: Work[]): Promise<Work[]> {
    this.known = await readKnown(this.ledger, pending);
    const { now, later } = withoutRepetition(pending);
    this.again.push(...later);
    await this.writeAll(now, Number.POSITIVE_INFINITY);
    await this.writeAsides();
    return this.again;
  }

  private async writeAll(works: Work[], mostPerTransaction: number): Promise<void> {
    let draft = this.draft();
    for (const work of works) {
      if (draft.isFull || draft.effects.length === mostPerTransaction) {
        await this.write(draft);
        draft = this.draft();
      }
      place(work, draft, this.known, this.counted, this.asides);
    }
    await this.write(draft);
  }

  private draft(): Draft {
    return new Draft(this.ledger, this.rules, this.known);
  }

  private async write(draft: Draft): Promise<void> {
    if (draft.effects.length === 0) return;
    let items: DraftItem[] | undefined;
    try {
      items = draft.transaction();
      await this.ledger.transact(items.map((item) => item.write));
    } catch (error) {
      await this.sortOut(draft, items, error as Error);
      return;
    }
    draft.remember();
    this.counted.effects.push(...draft.effects);
  }

  /** Without items: already what was to be sent could not be made. */
  private async sortOut({ works }: Draft, items: DraftItem[] | undefined, error: Error): Promise<void> {
    const isInvalid = items === undefined || error.name === 'ValidationException';
    if (items !== undefined && error instanceof TransactionCanceledException) {
      const refused = refusedWorks(items, error);
      this.counted.failed.push(...refused);
      this.again.push(...works.filter((work) => !refused.has(work)));
    } else if (isInvalid && works.length > 1) {
      // One of them makes the request as a whole invalid: it must not hold up the others.
      await this.writeAll(works, Math.ceil(works.length / 2));
    } else {
      logger.warn('A transaction failed', { error, works: works.length });
      (isInvalid ? this.counted.failed : this.again).push(...works);
    }
  }

  private async writeAsides(): Promise<void> {
    try {
      await this.ledger.batchPut(this.asides);
    } catch (error) {
      logger.warn('Decisions and superseded events could not be kept', { error: error as Error, items: this.asides.length });
      this.counted.failed.push(...this.asides.map(({ work }) => work));
    }
  }
}

/** A transaction cannot name an item twice: repeated messages wait for the next round, where the ledger knows the first. */
function withoutRepetition(works: Work[]): { now: Work[]; later: Work[] } {
  const taken = new Set<string>();
  const now: Work[] = [];
  const later: Work[] = [];
  for (const work of works) {
    const key = work.kind === 'decision' ? work.decision.decisionId : keyText(outcomeKey(work));
    (taken.has(key) ? later : now).push(work);
    taken.add(key);
  }
  return { now, later };
}

/** Works with an item that the ledger will never take. */
function refusedWorks(items: DraftItem[], { CancellationReasons = [] }: TransactionCanceledException): Set<Work> {
  const refused = new Set<Work>();
  CancellationReasons.forEach(({ Code = 'None', Message }, index) => {
    const { work } = items[index] ?? {};
    if (work !== undefined && Code !== 'None' && !PASSING.has(Code)) {
      logger.error('The ledger refuses an item', {
        key: keyText(work.kind === 'kpi' ? outcomeKey(work) : exposureKey(work)),
        Code,
        Message,
      });
      refused.add(work);
    }
  });
  return refused;
}
