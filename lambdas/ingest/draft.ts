import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { counterAttribute, ERROR_RATE_KPI, hourOf, type LedgerKey, ledgerKeys, minuteOf } from '../../core/contracts';
import { IF_ABSENT, type Ledger } from '../shared/ledger';
import { type Exposure, exposureKey, isCompared } from './exposures';
import type { Work } from './message';

export const MAX_ITEMS = 100;

export interface DraftRules {
  kpiNames: string[];
  shard: number;
  expiresAt: number;
}

type Role = 'decision' | 'event' | 'outcome' | 'exposure' | 'counter';

/** An item of the transaction, and which message it stands for when its condition fails. */
export interface DraftItem {
  role: Role;
  work?: Work;
  write: TransactWriteItem;
}

/** One transaction: no item is named twice, the counts of all its messages are added up first. */
export class Draft {
  readonly works: Work[] = [];
  /** Exposures as they are once the transaction is written. */
  readonly exposures = new Map<string, Exposure>();
  private readonly items: DraftItem[] = [];
  private readonly counters = new Map<string, { key: LedgerKey; adds: Map<string, number> }>();

  constructor(
    private readonly ledger: Ledger,
    private readonly rules: DraftRules,
    private readonly known: Map<string, Exposure>,
  ) {}

  /** A work adds at most three items of its own and two counters. */
  get isFull(): boolean {
    return this.items.length + this.exposures.size + this.counters.size + 5 > MAX_ITEMS;
  }

  add(work: Work): void {
    this.works.push(work);
    const { expiresAt } = this.rules;
    if (work.kind === 'decision') {
      this.put('decision', work, ledgerKeys.decision(work.decision.decisionId), { ...work.decision, expiresAt });
    } else {
      const { event, of } = work;
      const seen = { eventId: event.eventId, decisionId: event.decisionId, value: work.happened, observedAt: event.observedAt, expiresAt };
      this.put('event', work, ledgerKeys.event(event.eventId), { kpi: event.kpi, ...seen });
      this.put('outcome', work, ledgerKeys.outcome(of.releaseId, event.kpi, of.unitKey), seen);
    }
    if (isCompared(work)) {
      this.count(work, this.expose(work));
    }
  }

  transaction(): DraftItem[] {
    const { expiresAt } = this.rules;
    const exposures = [...this.exposures].map(([pk, exposure]): DraftItem => {
      const key = { pk, sk: 'exposure' };
      const put = (): TransactWriteItem => this.ledger.transactPut(key, { ...exposure, expiresAt }, IF_ABSENT);
      return { role: 'exposure', write: this.known.has(pk) ? this.decide(key) : put() };
    });
    const counters = [...this.counters.values()].map(({ key, adds }): DraftItem => ({ role: 'counter', write: this.adding(key, adds) }));
    return [...this.items, ...exposures, ...counters];
  }

  /** The unit's first exposure: the known one, one of this transaction, or this very message. */
  private expose(work: Work): Exposure {
    const { pk } = exposureKey(work);
    const before = this.exposures.get(pk) ?? this.known.get(pk);
    const after: Exposure = {
      arm: before?.arm ?? work.of.arm,
      minuteMillis: before?.minuteMillis ?? work.of.exposureMinuteMillis,
      ...(before?.decided === true || work.kind === 'decision' ? { decided: true } : {}),
    };
    if (before === undefined) {
      this.rules.kpiNames.forEach((kpi) => this.increment(work, after, kpi, 'n'));
    }
    if (before === undefined || before.decided !== after.decided) {
      this.exposures.set(pk, after);
      this.countErrorRate(work, after);
    }
    return after;
  }

  /** Once per unit, by its first decision. */
  private countErrorRate(work: Work, exposure: Exposure): void {
    if (work.kind === 'decision') {
      this.increment(work, exposure, ERROR_RATE_KPI, 'n');
      if (work.decision.failed) {
        this.increment(work, exposure, ERROR_RATE_KPI, 'x');
      }
    }
  }

  private count(work: Work, exposure: Exposure): void {
    if (work.kind === 'kpi' && work.happened) {
      this.increment(work, exposure, work.event.kpi, 'x');
    }
  }

  private increment(work: Work, exposure: Exposure, kpi: string, what: 'n' | 'x'): void {
    const pk = ledgerKeys.counters(work.of.releaseId, this.rules.shard);
    const minute = this.counter({ pk, sk: ledgerKeys.minute(minuteOf(exposure.minuteMillis)) });
    const attribute = counterAttribute(kpi, exposure.arm, what);
    minute.set(attribute, (minute.get(attribute) ?? 0) + 1);
    this.counter({ pk, sk: ledgerKeys.hour(hourOf(exposure.minuteMillis)) }).set('changes', 1);
  }

  private counter(key: LedgerKey): Map<string, number> {
    const name = `${key.pk}|${key.sk}`;
    const counter = this.counters.get(name) ?? { key, adds: new Map<string, number>() };
    this.counters.set(name, counter);
    return counter.adds;
  }

  private put(role: Role, work: Work, key: LedgerKey, item: object): void {
    this.items.push({ role, work, write: this.ledger.transactPut(key, item, IF_ABSENT) });
  }

  private decide(key: LedgerKey): TransactWriteItem {
    return this.ledger.transactUpdate(
      key,
      { text: 'SET decided = :decided', values: { ':decided': true } },
      { text: 'attribute_exists(pk) AND attribute_not_exists(decided)' },
    );
  }

  private adding(key: LedgerKey, adds: Map<string, number>): TransactWriteItem {
    const attributes = [...adds];
    return this.ledger.transactUpdate(key, {
      text: `ADD ${attributes.map((_, index) => `#a${index} :a${index}`).join(', ')} SET expiresAt = :expiresAt`,
      names: Object.fromEntries(attributes.map(([name], index) => [`#a${index}`, name])),
      values: {
        ...Object.fromEntries(attributes.map(([, value], index) => [`:a${index}`, value])),
        ':expiresAt': this.rules.expiresAt,
      },
    });
  }
}
