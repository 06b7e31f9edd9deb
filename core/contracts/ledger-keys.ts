import type { Arm } from './arms';

export interface LedgerKey {
  pk: string;
  sk: string;
}

const single = (name: string): LedgerKey => ({ pk: name, sk: name });

/** Every key of the ledger table, in one place. Attribute `expiresAt` (epoch seconds) is the table's TTL. */
export const ledgerKeys = {
  control: (): LedgerKey => single('control'),
  /** Attribute `value`: the last sequence number given out. */
  sequence: (): LedgerKey => single('sequence'),
  /** Attribute `hash`: what the stack wants released. */
  desired: (): LedgerKey => single('desired'),
  step: (): LedgerKey => single('step'),
  release: (releaseId: string): LedgerKey => ({ pk: 'releases', sk: releaseId }),
  approval: (releaseId: string, kind: string): LedgerKey => ({ pk: `approval#${releaseId}`, sk: kind }),
  decision: (decisionId: string): LedgerKey => ({ pk: `decision#${decisionId}`, sk: 'decision' }),
  exposure: (releaseId: string, unitKey: string): LedgerKey => ({ pk: `exposure#${releaseId}#${unitKey}`, sk: 'exposure' }),
  outcome: (releaseId: string, kpi: string, unitKey: string): LedgerKey => ({
    pk: `outcome#${releaseId}#${unitKey}`,
    sk: kpi,
  }),
  event: (eventId: string): LedgerKey => ({ pk: `event#${eventId}`, sk: 'event' }),
  rejected: (hour: string, id: string): LedgerKey => ({ pk: `rejected#${hour}`, sk: id }),
  counters: (releaseId: string, shard: number): string => `counters#${releaseId}#${shard}`,
  /** What the last look of the verdict measured: `KpiEvidence[]` and its decision. */
  verdict: (releaseId: string): LedgerKey => ({ pk: `verdict#${releaseId}`, sk: 'latest' }),
  /** How a step ended: a `StepResult` with its time. */
  stepResult: (releaseId: string, index: number): LedgerKey => ({ pk: `verdict#${releaseId}`, sk: `step#${index}` }),
  /** Attribute `sha256`: of the last evidence bundle, to which the next one is chained. */
  evidenceChain: (): LedgerKey => single('evidence-chain'),
  /** Under `counters`: one item per minute of exposure. */
  minute: (minute: string): string => `minute#${minute}`,
  /** Under `counters`: attribute `changes` grows whenever a minute of the hour changed. */
  hour: (hour: string): string => `hour#${hour}`,
};

/** `2026-03-02T09:05`. */
export const minuteOf = (epochMillis: number): string => new Date(epochMillis).toISOString().slice(0, 16);

/** `2026-03-02T09`. */
export const hourOf = (epochMillis: number): string => new Date(epochMillis).toISOString().slice(0, 13);

/**
 * `n` units exposed; `x` of them with the outcome (`mean`, `count`: observed). Of `mean` and `count` also, in the whole numbers of
 * `core/verdict/value-scale`: `s` Σ value, `q` Σ value², `e0` to `e4` Σ e^(λ·harm) for each λ of the bets.
 */
export type CounterField = 'n' | 'x' | 's' | 'q' | 'e0' | 'e1' | 'e2' | 'e3' | 'e4';

/** Attribute of a minute item; `counter` from `counterName`. */
export const counterAttribute = (counter: string, arm: Arm, field: CounterField): string => `${counter}|${arm}|${field}`;
