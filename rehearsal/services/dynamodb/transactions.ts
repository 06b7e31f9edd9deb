import { createHash } from 'node:crypto';
import { AwsError } from '../../cloud/types';
import type { Clock, Members } from '../../cloud/types';
import { validation } from './errors';
import { CapacityByTable } from './request';
import type { Table } from './table';
import { copyItem, itemSize } from './values';
import type { Item } from './values';
import { conditionHolds, prepareWrite } from './write';
import type { PreparedWrite, WriteKind } from './write';

const maxItems = 100;
const maxBytes = 4 * 1024 * 1024;
const tokenLifeMillis = 10 * 60_000;
const kinds: readonly WriteKind[] = ['Put', 'Update', 'Delete', 'ConditionCheck'];

interface Reason {
  Code: string;
  Message?: string;
  Item?: Item;
}

export interface TransactionItem {
  kind: WriteKind;
  request: Members;
}

export function transactionItems(input: Members): TransactionItem[] {
  return (input['TransactItems'] as Members[]).map((entry) => {
    const given = kinds.filter((kind) => entry[kind] !== undefined);
    if (given.length !== 1) {
      throw validation('TransactItems can only contain one of Check, Put, Update or Delete');
    }
    const kind = given[0] as WriteKind;
    return { kind, request: entry[kind] as Members };
  });
}

function prepareAll(tables: ReadonlyMap<string, Table>, input: Members): PreparedWrite[] {
  const items = transactionItems(input);
  if (items.length > maxItems) {
    throw validation(
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: " +
        'Member must have length less than or equal to 100',
    );
  }
  const writes = items.map(({ kind, request }) => prepareWrite(tables, kind, request));
  const seen = new Set<string>();
  for (const { table, place } of writes) {
    const identity = `${table.name}\u0000${place.partition}\u0000${place.sort}`;
    if (seen.has(identity)) throw validation('Transaction request cannot include multiple operations on one item');
    seen.add(identity);
  }
  return writes;
}

interface Step {
  write: PreparedWrite;
  before: Item | undefined;
  after: Item | undefined;
}

function evaluate(write: PreparedWrite): Step | Reason {
  const before = write.table.items.get(write.place);
  if (!conditionHolds(write, before)) {
    const reason: Reason = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    return write.returnsItemOnFailure && before !== undefined ? { ...reason, Item: copyItem(before) } : reason;
  }
  try {
    return { write, before, after: write.next(before) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { Code: 'ValidationError', Message: error.message };
  }
}

const isReason = (outcome: Step | Reason): outcome is Reason => 'Code' in outcome;

function cancelled(outcomes: readonly (Step | Reason)[]): AwsError {
  const reasons = outcomes.map((outcome): Reason => (isReason(outcome) ? outcome : { Code: 'None' }));
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

interface Remembered {
  /** Hash of what was to be written. */
  request: string;
  answer: Members;
  untilMillis: number;
}

export class Transactions {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly tables: ReadonlyMap<string, Table>,
    private readonly clock: Clock,
  ) {}

  /** All or nothing. The same ClientRequestToken within ten minutes answers again without writing again. */
  write(input: Members): Members {
    const token = input['ClientRequestToken'] as string | undefined;
    if (token === undefined) return this.commit(input);
    // The SDK sends a token of its own with every call, so most are never asked for again.
    this.forgetOld();
    const request = createHash('sha256').update(JSON.stringify(input['TransactItems'])).digest('base64');
    const known = this.remembered.get(token);
    if (known !== undefined) {
      if (known.request === request) return known.answer;
      throw new AwsError('IdempotentParameterMismatchException', 'A client request token was reused with different parameters');
    }
    const answer = this.commit(input);
    this.remembered.set(token, { request, answer, untilMillis: this.clock.now() + tokenLifeMillis });
    return answer;
  }

  private commit(input: Members): Members {
    const outcomes = prepareAll(this.tables, input).map(evaluate);
    if (outcomes.some(isReason)) throw cancelled(outcomes);
    const steps = outcomes as Step[];
    const bytes = steps.reduce((sum, { before, after }) => sum + itemSize(after ?? before ?? {}), 0);
    if (bytes > maxBytes) throw validation('Transaction request size exceeded the maximum allowed size of 4 MB');
    const consumed = new CapacityByTable();
    for (const { write, before, after } of steps) {
      const checkOnly = before !== undefined && before === after;
      consumed.add(write.table, checkOnly ? write.table.read(itemSize(before), true, 2) : write.table.write(write.place, after, before, 2));
    }
    return consumed.answer(input);
  }

  private forgetOld(): void {
    const now = this.clock.now();
    for (const [token, { untilMillis }] of this.remembered) {
      if (untilMillis > now) return;
      this.remembered.delete(token);
    }
  }
}
