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
  /** Who asked for a release, once: attribute `releaseId`. A deploy's request, a version that the registry approved. */
  request: (id: string): LedgerKey => ({ pk: 'requests', sk: id }),
  step: (): LedgerKey => single('step'),
  release: (releaseId: string): LedgerKey => ({ pk: 'releases', sk: releaseId }),
  approval: (releaseId: string, kind: string): LedgerKey => ({ pk: `approval#${releaseId}`, sk: kind }),
  /** One write of the control record, kept beside it in the same transaction. */
  controlChange: (version: number): LedgerKey => ({ pk: 'control-changes', sk: String(version).padStart(10, '0') }),
  /** A `GateResult`. */
  gate: (releaseId: string, name: string): LedgerKey => ({ pk: `gate#${releaseId}`, sk: name }),
  /** What one part of a gate's execution measured, until the gate concludes. */
  gatePart: (releaseId: string, name: string, execution: string, part: string): LedgerKey => ({
    pk: `gate-parts#${releaseId}#${name}#${execution}`,
    sk: part,
  }),
  incident: (id: string): LedgerKey => ({ pk: 'incidents', sk: id }),
  /** Who may decide for a role, and until when; `principal` is hashed. */
  delegation: (role: string, principalHash: string): LedgerKey => ({ pk: 'delegations', sk: `${role}#${principalHash}` }),
  /** What was asked for and refused: bad approvals, unknown packages, releases that nobody may ask for. */
  refusal: (at: string, id: string): LedgerKey => ({ pk: 'refusals', sk: `${at}#${id}` }),
  /** A decision that is not the first of its unit, or made before the first release; the first one stands in the unit's exposure. */
  decision: (decisionId: string): LedgerKey => ({ pk: `decision#${decisionId}`, sk: 'decision' }),
  exposure: (releaseId: string, unitKey: string): LedgerKey => ({ pk: `exposure#${releaseId}#${unitKey}`, sk: 'exposure' }),
  outcome: (releaseId: string, kpi: string, unitKey: string): LedgerKey => ({
    pk: `outcome#${releaseId}#${unitKey}`,
    sk: kpi,
  }),
  /** An observation that another one with a higher revision took the place of. */
  superseded: (releaseId: string, kpi: string, unitKey: string, revision: number, eventId: string): LedgerKey => ({
    pk: `outcome#${releaseId}#${unitKey}`,
    sk: `${kpi}#${revision}#${eventId}`,
  }),
  rejected: (hour: string, id: string): LedgerKey => ({ pk: `rejected#${hour}`, sk: id }),
  counters: (releaseId: string, shard: number): string => `counters#${releaseId}#${shard}`,
  /** What the last look of the verdict decided, and when: attribute `at` names the look. */
  verdict: (releaseId: string): LedgerKey => ({ pk: `verdict#${releaseId}`, sk: 'latest' }),
  /** Everything that one look of the verdict measured: attribute `verdict`, JSON of a `VerdictRecord`. */
  look: (releaseId: string, at: string): LedgerKey => ({ pk: `verdict#${releaseId}`, sk: `look#${at}` }),
  /** How a step ended: a `StepResult` with its time. */
  stepResult: (releaseId: string, index: number): LedgerKey => ({ pk: `verdict#${releaseId}`, sk: `step#${index}` }),
  /** What the permanent holdout says: the last review, and one for each day. */
  holdoutLatest: (): LedgerKey => ({ pk: 'holdout', sk: 'latest' }),
  holdoutReview: (day: string): LedgerKey => ({ pk: 'holdout', sk: `review#${day}` }),
  /** Counts of a day in which nothing changes any more, hour by hour. */
  holdoutDay: (day: string): LedgerKey => ({ pk: 'holdout', sk: `day#${day}` }),
  /** Since when a release that was found, not made, is known to be stable. */
  holdoutStable: (releaseId: string): LedgerKey => ({ pk: 'holdout', sk: `stable#${releaseId}` }),
  /** A kill criterion that was met in a horizon, and whether the owners were told. */
  holdoutCriterion: (criterion: string, horizon: string): LedgerKey => ({ pk: 'holdout', sk: `criterion#${criterion}#${horizon}` }),
  /** What this month has cost so far: attribute `state`, JSON. */
  cost: (): LedgerKey => single('cost'),
  /** What a day cost, by arm. */
  costDay: (day: string): LedgerKey => ({ pk: 'cost-days', sk: day }),
  /** A `CostOrders`. */
  costOrders: (): LedgerKey => single('cost-orders'),
  /** What the capacity handler knows of the endpoint: last request, when it was told to be idle, what it registered. */
  capacity: (): LedgerKey => single('capacity'),
  /** What drift's last look said: a `DriftLook`, and what was told. */
  drift: (): LedgerKey => single('drift'),
  driftMute: (feature: string): LedgerKey => ({ pk: 'drift-mutes', sk: feature }),
  /** Which retraining runs, and when the last ones began. */
  retraining: (): LedgerKey => single('retraining'),
  /** A `RetrainingRecord`. */
  retrainingRun: (id: string): LedgerKey => ({ pk: 'retrainings', sk: id }),
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
