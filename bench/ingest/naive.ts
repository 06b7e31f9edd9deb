import type { SQSRecord } from 'aws-lambda';
import { counterAttribute, counterName, hourOf, ledgerKeys, minuteOf } from '../../core/contracts';
import { countsOf } from '../../core/observation';
import { type Rules, readEvent } from '../../lambdas/ingest/event';
import { entriesOf } from '../../lambdas/ingest/message';
import { IF_ABSENT, type Ledger } from '../../lambdas/shared/ledger';

interface Exposure {
  arm: 'baseline' | 'stable' | 'candidate';
  minuteMillis: number;
}

/** What one would write first: the same checks and the same items, one read and one transaction per event. */
export async function countOne(ledger: Ledger, record: SQSRecord, rules: Rules, expiresAt: number): Promise<void> {
  const [entry] = entriesOf(record);
  const work = entry?.kind === 'event' ? readEvent(entry, rules) : undefined;
  if (work?.kind !== 'kpi') throw new Error(`Not an event: ${record.body.slice(0, 80)}`);
  const { of, policy, event } = work;
  const exposure = (await ledger.get<Exposure>(ledgerKeys.exposure(of.releaseId, of.unitKey))) ?? {
    arm: of.arm,
    minuteMillis: of.exposureMinuteMillis,
  };
  const counts = Object.entries(countsOf(policy, event.value));
  const pk = ledgerKeys.counters(of.releaseId, 0);
  const outcome = { eventId: event.eventId, revision: 0, value: event.value, decisionId: event.decisionId, expiresAt };
  const minute = {
    text: `ADD ${counts.map((_, index) => `#${index} :${index}`).join(',')} SET expiresAt = :expiresAt`,
    names: Object.fromEntries(
      counts.map(([field], index) => [`#${index}`, counterAttribute(counterName(policy), exposure.arm, field as 'x')]),
    ),
    values: { ...Object.fromEntries(counts.map(([, by], index) => [`:${index}`, by])), ':expiresAt': expiresAt },
  };
  const put = ledger.transactPut(ledgerKeys.outcome(of.releaseId, policy.name, of.unitKey), outcome, IF_ABSENT);
  if (counts.length === 0) return ledger.transact([put]);
  await ledger.transact([
    put,
    ledger.transactUpdate({ pk, sk: ledgerKeys.minute(minuteOf(exposure.minuteMillis)) }, minute),
    ledger.transactUpdate({ pk, sk: ledgerKeys.hour(hourOf(exposure.minuteMillis)) }, { text: 'ADD changes :one', values: { ':one': 1 } }),
  ]);
}
