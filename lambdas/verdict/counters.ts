import { type Arm, ARMS, counterAttribute, ledgerKeys } from '../../core/contracts';
import type { ArmCounts, Counters, MinuteCounts } from '../../core/verdict';
import type { Ledger } from '../shared/ledger';

type MinuteItem = Record<string, unknown> & { sk: string };

interface KeptHour {
  changes: number;
  minutes: MinuteItem[];
}

const HOUR_PREFIX = ledgerKeys.hour('');
const MINUTE_PREFIX = ledgerKeys.minute('');

/** The counters of one release. Only hours that changed since the last look are read again. */
export class CounterReader {
  private readonly hours = new Map<string, KeptHour>();

  constructor(
    private readonly ledger: Ledger,
    readonly releaseId: string,
    private readonly shards: number,
  ) {}

  async read(kpis: string[]): Promise<Counters> {
    const partitions = Array.from({ length: this.shards }, (_, shard) => ledgerKeys.counters(this.releaseId, shard));
    await Promise.all(partitions.map((pk) => this.refresh(pk)));
    const minutes = [...this.hours.values()].flatMap((hour) => hour.minutes);
    return Object.fromEntries(kpis.map((kpi) => [kpi, summed(minutes, kpi)]));
  }

  private async refresh(pk: string): Promise<void> {
    const hours = await this.ledger.query<{ changes: number }>(pk, HOUR_PREFIX);
    const changed = hours.filter(({ sk, changes }) => this.hours.get(`${pk}|${sk}`)?.changes !== changes);
    await Promise.all(
      changed.map(async ({ sk, changes }) => {
        const hour = sk.slice(HOUR_PREFIX.length);
        const minutes = await this.ledger.query<MinuteItem>(pk, `${ledgerKeys.minute(hour)}:`);
        // Newer minutes than `changes` says only mean that the next look reads them once more.
        this.hours.set(`${pk}|${sk}`, { changes, minutes });
      }),
    );
  }
}

/** Adds the shards up. */
function summed(items: MinuteItem[], kpi: string): MinuteCounts[] {
  const byMinute = new Map<string, MinuteCounts>();
  for (const item of items) {
    const counts = ARMS.map((arm): [Arm, ArmCounts] => [arm, { n: counterOf(item, kpi, arm, 'n'), x: counterOf(item, kpi, arm, 'x') }]);
    const minute: MinuteCounts = byMinute.get(item.sk) ?? {
      minuteMillis: Date.parse(`${item.sk.slice(MINUTE_PREFIX.length)}:00Z`),
      arms: {},
    };
    for (const [arm, { n, x }] of counts.filter(([, { n, x }]) => n > 0 || x > 0)) {
      const before = minute.arms[arm] ?? { n: 0, x: 0 };
      minute.arms[arm] = { n: before.n + n, x: before.x + x };
    }
    byMinute.set(item.sk, minute);
  }
  return [...byMinute.values()].sort((one, other) => one.minuteMillis - other.minuteMillis);
}

function counterOf(item: MinuteItem, kpi: string, arm: Arm, what: 'n' | 'x'): number {
  return Number(item[counterAttribute(kpi, arm, what)] ?? 0);
}
