import { START, TABLE } from '../support';
import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import {
  type Arm,
  counterAttribute,
  type CounterField,
  counterName,
  ERROR_RATE_KPI,
  type KpiPolicy,
  ledgerKeys,
  minuteOf,
} from '../../../core/contracts';
import { countsOf } from '../../../core/observation';
import { Ledger } from '../../../lambdas/shared/ledger';
import { ALL_KPIS, decision, kpiEvent, MINUTE, RELEASE, USE_CASE } from './world';

/** What happens to one unit. `outcomes`: by KPI, the values of its revisions. */
export interface UnitStory {
  arm: Arm;
  minute: number;
  failed: boolean;
  slow: boolean;
  decisions: number;
  outcomes: Record<string, number[]>;
}

const valueOf = ({ type }: KpiPolicy): fc.Arbitrary<number> =>
  type === 'binary'
    ? fc.nat(1)
    : type === 'count'
      ? fc.nat(14)
      : fc.oneof(fc.double({ min: 0, max: 200, noNaN: true }), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }));

const isByVariant = ({ attribution }: KpiPolicy): boolean => attribution === 'variant';

const outcomes: fc.Arbitrary<Record<string, number[]>> = fc.record(
  Object.fromEntries(
    ALL_KPIS.filter(({ type }) => type !== 'latency').map((policy) => [policy.name, fc.array(valueOf(policy), { maxLength: 3 })]),
  ),
);

export const stories: fc.Arbitrary<UnitStory[]> = fc.array(
  fc.record({
    arm: fc.constantFrom<Arm>('candidate', 'stable', 'baseline'),
    minute: fc.nat(3),
    failed: fc.boolean(),
    slow: fc.boolean(),
    decisions: fc.integer({ min: 1, max: 2 }),
    outcomes,
  }),
  { minLength: 1, maxLength: 10 },
);

/** All that producers and gateway send of the stories, each message once. Units meet again in the same minute: no decision differs from the first. */
export function messagesOf(units: UnitStory[]): Record<string, unknown>[] {
  return units.flatMap(({ arm, minute, failed, slow, decisions, outcomes: revisionsOf }, index) => {
    const unit = `u${index}`;
    const atMillis = START + minute * MINUTE;
    const made = Array.from({ length: decisions }, (_, nth) =>
      decision({ unit, arm, atMillis, failed, latencyMillis: slow ? 900 : 30, nonce: `${unit}-${nth}` }),
    );
    const events = ALL_KPIS.flatMap((policy) =>
      (revisionsOf[policy.name] ?? []).flatMap((value, revision) => {
        if (isByVariant(policy) && arm === 'baseline') return [];
        const id = { eventId: `${policy.name}-${unit}-${revision}`, kpi: policy.name, revision };
        const variant = {
          decisionId: undefined,
          variant: arm === 'candidate' ? 'b' : 'a',
          decidedAt: new Date(atMillis).toISOString(),
          unit,
        };
        const of = made[revision % made.length] ?? made[0];
        return of === undefined ? [] : [kpiEvent(of, value, { ...id, ...(isByVariant(policy) ? variant : {}) })];
      }),
    );
    return [...made, ...events] as Record<string, unknown>[];
  });
}

/** What the counters must hold, by minute and attribute, told from the stories alone. */
export function expectedCounters(units: UnitStory[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { arm, minute, failed, slow, outcomes: revisionsOf } of units) {
    const add = (counter: string, counts: Partial<Record<CounterField, number>>): void => {
      for (const [field, count] of Object.entries(counts) as [CounterField, number][]) {
        const name = `${ledgerKeys.minute(minuteOf(START + minute * MINUTE))} ${counterAttribute(counter, arm, field)}`;
        sums[name] = (sums[name] ?? 0) + count;
      }
    };
    add(ERROR_RATE_KPI, { n: 1, x: failed ? 1 : 0 });
    for (const policy of ALL_KPIS) {
      const last = (revisionsOf[policy.name] ?? []).at(-1);
      const isCounted = last !== undefined && !(isByVariant(policy) && arm === 'baseline');
      if (policy.type === 'latency') add(counterName(policy), { n: 1, x: slow ? 1 : 0 });
      else if (!isByVariant(policy) || isCounted) add(counterName(policy), { n: 1 });
      if (isCounted) add(counterName(policy), countsOf(policy, last));
    }
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
}

/** `lost`: written, but the answer never comes. `crash`: written, and the handler dies. `unwritten`: it dies before. `blind`: a read finds nothing. */
type Fault = 'none' | 'conflict' | 'throttled' | 'lost' | 'crash' | 'unwritten' | 'blind';

/** Ways in which no ledger may behave: with them, counting exactly once must fail. */
export type Breakage = 'conditions are ignored' | 'transactions are not atomic';

export const faults: fc.Arbitrary<Fault[]> = fc.array(
  fc.constantFrom<Fault>('none', 'none', 'conflict', 'throttled', 'lost', 'crash', 'unwritten', 'blind'),
  { maxLength: 12 },
);

interface Command {
  constructor: { name: string };
  input: { TransactItems?: Record<string, object>[] };
}

/** The ledger as one handler meets it: with a fault per call, until there are none left. */
export function faultyLedger(inner: Ledger, plan: Fault[], breakage?: Breakage): { ledger: Ledger; restart(): void } {
  const { client } = inner as unknown as { client: { send(command: object): Promise<unknown> } };
  const left = [...plan];
  let dead = false;
  const send = async (command: Command): Promise<unknown> => {
    // As on a network: whoever else calls can be faster.
    await Promise.resolve();
    if (dead) throw new Error('The handler is dead');
    const fault = left.shift() ?? 'none';
    const { TransactItems } = command.input;
    if (TransactItems === undefined) {
      return fault === 'blind' && isReadOfUnits(command) ? {} : client.send(command);
    }
    dead = fault === 'crash' || fault === 'unwritten';
    if (fault === 'unwritten') throw new Error('The handler died');
    if (fault === 'throttled') throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    if (fault === 'conflict') {
      const CancellationReasons = TransactItems.map(() => ({ Code: 'TransactionConflict' }));
      throw new TransactionCanceledException({ message: 'conflict', $metadata: {}, CancellationReasons });
    }
    const answer = await client.send(fault === 'crash' || breakage === 'conditions are ignored' ? broken(command, breakage) : command);
    if (fault === 'lost' || fault === 'crash') throw new Error('The answer is lost');
    return answer;
  };
  const restart = (): void => {
    dead = false;
  };
  return { ledger: new Ledger({ send } as unknown as DynamoDBClient, TABLE), restart };
}

const isReadOfUnits = (command: Command): boolean =>
  /"S":"(exposure|outcome)#/.test(JSON.stringify(command.input)) && command.constructor.name === 'BatchGetItemCommand';

function broken(command: Command, breakage: Breakage | undefined): object {
  const items = command.input.TransactItems ?? [];
  if (breakage === undefined || items.length === 0) return command;
  const half = breakage === 'transactions are not atomic' ? items.slice(0, Math.ceil(items.length / 2)) : items;
  const TransactItems = breakage !== 'conditions are ignored' ? half : half.map(withoutCondition);
  return { constructor: command.constructor, input: { ...command.input, TransactItems } };
}

/** What only the condition of a Put names must go with it. */
const withoutCondition = (item: Record<string, object>): object =>
  Object.fromEntries(
    Object.entries(item).map(([kind, request]) => {
      const names = kind === 'Put' ? ['ConditionExpression', 'ExpressionAttributeValues'] : ['ConditionExpression'];
      return [kind, Object.fromEntries(Object.entries(request).filter(([name]) => !names.includes(name)))];
    }),
  );

/** As SQS does it: what failed comes again, until nothing does. */
export async function deliver(
  run: (event: SQSEvent) => Promise<{ batchItemFailures: { itemIdentifier: string }[] }>,
  event: SQSEvent,
  restart: () => void,
): Promise<void> {
  let records = event.Records;
  for (let attempt = 0; records.length > 0; attempt += 1) {
    if (attempt === 30) throw new Error(`${records.length} messages never got through`);
    const failed = await run({ Records: records }).then(
      ({ batchItemFailures }) => new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)),
      () => new Set(records.map(({ messageId }) => messageId)),
    );
    records = records.filter(({ messageId }) => failed.has(messageId));
    restart();
  }
}

export const CONTROL = {
  version: 3,
  mode: 'live',
  useCase: USE_CASE,
  stable: { releaseId: 'r0-00000000', variantName: 'a' },
  candidate: { releaseId: RELEASE, variantName: 'b' },
  armsSince: new Date(START - 60 * MINUTE).toISOString(),
  changedAt: new Date(START).toISOString(),
};
