import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { counterAttribute, type CounterField, hourOf, type LedgerKey, ledgerKeys, minuteOf } from '../../core/contracts';
import type { Counts } from '../../core/observation';
import type { Ledger } from '../shared/ledger';
import type { Place } from './known';

/** An update expression holds 4 KB. */
const MAX_ATTRIBUTES = 200;

interface Minute {
  key: LedgerKey;
  hour: LedgerKey;
  adds: Map<string, number>;
}

/** What a transaction adds to the counters of one shard: one item per minute, and one per hour that tells that a minute changed. */
export class CounterAdds {
  private readonly minutes = new Map<string, Minute>();
  private readonly hours = new Set<string>();

  constructor(
    private readonly shard: number,
    private readonly expiresAt: number,
  ) {}

  /** At most. */
  get items(): number {
    return this.minutes.size + this.hours.size;
  }

  get isFull(): boolean {
    return [...this.minutes.values()].some(({ adds }) => adds.size >= MAX_ATTRIBUTES);
  }

  add(releaseId: string, { arm, minuteMillis }: Place, counter: string, counts: Counts, sign: 1 | -1 = 1): void {
    const { adds } = this.minute(releaseId, minuteMillis);
    for (const [field, count] of Object.entries(counts) as [CounterField, number][]) {
      const attribute = counterAttribute(counter, arm, field);
      adds.set(attribute, (adds.get(attribute) ?? 0) + sign * count);
    }
  }

  transaction(ledger: Ledger): TransactWriteItem[] {
    const hours = new Map<string, LedgerKey>();
    const minutes = [...this.minutes.values()].flatMap(({ key, hour, adds }) => {
      const changes = [...adds].filter(([, by]) => by !== 0);
      if (changes.length === 0) return [];
      hours.set(`${hour.pk}|${hour.sk}`, hour);
      return [this.update(ledger, key, changes)];
    });
    return [...minutes, ...[...hours.values()].map((hour) => this.update(ledger, hour, [['changes', 1]]))];
  }

  private minute(releaseId: string, minuteMillis: number): Minute {
    const pk = ledgerKeys.counters(releaseId, this.shard);
    const name = `${pk}|${minuteMillis}`;
    const known = this.minutes.get(name);
    if (known !== undefined) return known;
    const minute: Minute = {
      key: { pk, sk: ledgerKeys.minute(minuteOf(minuteMillis)) },
      hour: { pk, sk: ledgerKeys.hour(hourOf(minuteMillis)) },
      adds: new Map(),
    };
    this.minutes.set(name, minute);
    this.hours.add(`${pk}|${minute.hour.sk}`);
    return minute;
  }

  private update(ledger: Ledger, key: LedgerKey, adds: [string, number][]): TransactWriteItem {
    return ledger.transactUpdate(key, {
      text: `ADD ${adds.map((_, index) => `#${index} :${index}`).join(',')} SET expiresAt = :expiresAt`,
      names: Object.fromEntries(adds.map(([name], index) => [`#${index}`, name])),
      values: { ...Object.fromEntries(adds.map(([, by], index) => [`:${index}`, by])), ':expiresAt': this.expiresAt },
    });
  }
}
