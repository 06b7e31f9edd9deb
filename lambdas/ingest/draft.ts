import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { counterName, ERROR_RATE_KPI, type KpiPolicy, type LedgerKey, ledgerKeys } from '../../core/contracts';
import { type Counts, countsOf, waitedFor } from '../../core/observation';
import { type Expression, IF_ABSENT, type Ledger } from '../shared/ledger';
import { CounterAdds } from './counter-adds';
import { countsItsUnits, type Exposure, exposureKey, type KeptDecision, keyText, type Known, type Outcome, outcomeKey } from './known';
import type { DecisionWork, KpiWork, Work } from './work';

const MAX_ITEMS = 100;
/** A work adds its outcome, the one it supersedes, an exposure, and two counters at each of two places. */
const MAX_ITEMS_OF_A_WORK = 7;

const SMALLEST_NUMBER = 1e-120;

export interface DraftRules {
  kpis: KpiPolicy[];
  shard: number;
  expiresAt: number;
}

/** An item of the transaction; with the work without which it would not be there. */
export interface DraftItem {
  work?: Work;
  write: TransactWriteItem;
}

interface ChangedExposure {
  work: Work;
  key: LedgerKey;
  exposure: Exposure;
  isNew: boolean;
}

/** What a work of the transaction did to the counters. */
export interface Effect {
  work: Work;
  exposure?: Exposure;
  /** The unit was seen for the first time. */
  exposed: boolean;
  /** Of KPI events: where, and by how much its counters grew. */
  outcome?: Outcome;
  superseded?: Outcome;
}

const NOT_DECIDED: Expression = { text: 'attribute_exists(pk) AND attribute_not_exists(decision)' };

/** One transaction: no item is named twice, the counts of all its works are added up first. */
export class Draft {
  readonly effects: Effect[] = [];
  private readonly exposures = new Map<string, ChangedExposure>();
  private readonly items: DraftItem[] = [];
  private readonly adds: CounterAdds;

  constructor(
    private readonly ledger: Ledger,
    private readonly rules: DraftRules,
    private readonly known: Known,
  ) {
    this.adds = new CounterAdds(rules.shard, rules.expiresAt);
  }

  get expiresAt(): number {
    return this.rules.expiresAt;
  }

  get works(): Work[] {
    return this.effects.map(({ work }) => work);
  }

  get isFull(): boolean {
    return this.items.length + this.exposures.size + this.adds.items + MAX_ITEMS_OF_A_WORK > MAX_ITEMS || this.adds.isFull;
  }

  /** As it is once the works before are written. */
  exposureOf(work: Work): Exposure | undefined {
    const key = keyText(exposureKey(work));
    return this.exposures.get(key)?.exposure ?? this.known.exposures.get(key);
  }

  addDecision(work: DecisionWork): void {
    const { exposed, exposure } = this.expose(work, this.exposureOf(work));
    const { failed } = work.decision;
    const waitedMillis = waitedFor(work.decision);
    this.count(work, exposure, ERROR_RATE_KPI, { n: 1, ...(failed ? { x: 1 } : {}) });
    for (const policy of this.rules.kpis.filter(({ type }) => type === 'latency')) {
      const isSlow = waitedMillis > (policy.aboveMillis ?? Number.POSITIVE_INFINITY);
      this.count(work, exposure, counterName(policy), { n: 1, ...(isSlow ? { x: 1 } : {}) });
    }
    this.effects.push({ work, exposure, exposed });
  }

  /** `before`: what it supersedes. */
  addOutcome(work: KpiWork, before: Outcome | undefined): void {
    const { policy, event, of } = work;
    const ownUnits = countsItsUnits(policy);
    const known = this.exposureOf(work);
    const { exposed, exposure } = ownUnits
      ? { exposed: false, exposure: undefined }
      : known === undefined
        ? this.expose(work, undefined)
        : { exposed: false, exposure: known };
    const { arm, minuteMillis } = exposure ?? { arm: of.arm, minuteMillis: of.exposureMinuteMillis };
    const outcome: Outcome = {
      eventId: event.eventId,
      revision: work.revision,
      value: storable(event.value),
      counter: counterName(policy),
      arm,
      minuteMillis,
      added: { ...(ownUnits ? { n: 1 } : {}), ...countsOf(policy, event.value) },
    };
    if (before !== undefined) {
      this.adds.add(of.releaseId, before, before.counter, before.added, -1);
      const key = ledgerKeys.superseded(of.releaseId, policy.name, of.unitKey, before.revision, before.eventId);
      this.put(work, key, { ...before, expiresAt: this.rules.expiresAt });
    }
    this.count(work, outcome, outcome.counter, outcome.added);
    this.put(
      work,
      outcomeKey(work),
      { ...observation(work), ...outcome, expiresAt: this.rules.expiresAt },
      before === undefined ? IF_ABSENT : unchanged(before),
    );
    this.effects.push({ work, exposure, exposed, outcome, superseded: before });
  }

  transaction(): DraftItem[] {
    const { expiresAt } = this.rules;
    const exposures = [...this.exposures.values()].map(({ work, key, exposure, isNew }): DraftItem => {
      const { decision } = exposure;
      const write = isNew
        ? this.ledger.transactPut(key, { ...exposure, expiresAt }, IF_ABSENT)
        : this.ledger.transactUpdate(key, { text: 'SET decision = :decision', values: { ':decision': decision } }, NOT_DECIDED);
      return { work, write };
    });
    return [...this.items, ...exposures, ...this.adds.transaction(this.ledger).map((write): DraftItem => ({ write }))];
  }

  /** The transaction is written. */
  remember(): void {
    this.exposures.forEach(({ exposure }, key) => this.known.exposures.set(key, exposure));
  }

  /** The first exposure stays where it is; a decision that comes later than an outcome is added to it. */
  private expose(work: Work, before: Exposure | undefined): { exposed: boolean; exposure: Exposure } {
    const key = exposureKey(work);
    const exposure: Exposure = {
      ...(before ?? { arm: work.of.arm, minuteMillis: work.of.exposureMinuteMillis, counted: this.countedByExposure() }),
      ...(work.kind === 'decision' ? { decision: keptDecision(work) } : {}),
    };
    if (before === undefined) {
      exposure.counted.forEach((counter) => this.count(work, exposure, counter, { n: 1 }));
    }
    const isNew = before === undefined || this.exposures.get(keyText(key))?.isNew === true;
    this.exposures.set(keyText(key), { work, key, exposure, isNew });
    return { exposed: before === undefined, exposure };
  }

  private countedByExposure(): string[] {
    return this.rules.kpis.filter((policy) => policy.type !== 'latency' && !countsItsUnits(policy)).map(counterName);
  }

  private count(work: Work, place: Pick<Outcome, 'arm' | 'minuteMillis'>, counter: string, counts: Counts): void {
    if (Object.keys(counts).length > 0) this.adds.add(work.of.releaseId, place, counter, counts);
  }

  private put(work: Work, key: LedgerKey, item: object, condition?: Expression): void {
    this.items.push({ work, write: this.ledger.transactPut(key, item, condition) });
  }
}

/** What is kept of a KPI event, whether it counts or gave way to a higher revision. */
export function observation({ event, revision }: KpiWork): object {
  const { eventId, decisionId, inferenceId, variant, value, observedAt } = event;
  return { eventId, revision, decisionId: decisionId ?? inferenceId, variant, value: storable(value), observedAt };
}

/** DynamoDB's numbers end sooner than JSON's, in both directions. */
function storable(value: number | boolean): number | boolean | string {
  const isNumber = Number(value) === 0 || (Number(value) >= SMALLEST_NUMBER && Number(value) <= Number.MAX_SAFE_INTEGER);
  return isNumber ? value : String(value);
}

function keptDecision({ decision }: DecisionWork): KeptDecision {
  const { decisionId, arm, servedRelease, fallback, failed, decidedAt, latencyMillis, controlVersion, requestHash, responseHash } =
    decision;
  const kept = { decisionId, arm, servedRelease, fallback, failed, decidedAt, latencyMillis, controlVersion, requestHash, responseHash };
  return decision.firstByteMillis === undefined ? kept : { ...kept, firstByteMillis: decision.firstByteMillis };
}

const unchanged = ({ eventId, revision }: Outcome): Expression => ({
  text: 'eventId = :eventId AND revision = :revision',
  values: { ':eventId': eventId, ':revision': revision },
});
