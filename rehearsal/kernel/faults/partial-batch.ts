import type { AwsError, Members } from '../../cloud/types';

interface Part {
  /** The request without the entries that fail; undefined when nothing is left of it. */
  kept: Members | undefined;
  /** The answer with the failed entries added. */
  answer(output: Members | undefined): Members;
}

type Fails = () => boolean;
type Split = (input: Members, fails: Fails, error: AwsError) => Part;

/** Batches that answer per id: SQS and SNS. */
const byId =
  (member: string): Split =>
  (input, fails, error) => {
    const entries = input[member] as Members[];
    const failed = entries.filter(() => fails());
    const rest = entries.filter((entry) => !failed.includes(entry));
    const failures = failed.map(({ Id }) => ({ Id: Id as string, SenderFault: false, Code: error.code, Message: error.message }));
    return {
      kept: rest.length === 0 ? undefined : { ...input, [member]: rest },
      answer: (output) => ({
        ...output,
        Successful: (output?.['Successful'] ?? []) as Members[],
        Failed: [...((output?.['Failed'] ?? []) as Members[]), ...failures],
      }),
    };
  };

/** Batches that answer in the order of the request: EventBridge. */
const byPlace: Split = (input, fails, error) => {
  const entries = input['Entries'] as Members[];
  const struck = entries.map(() => fails());
  const rest = entries.filter((_entry, index) => !struck[index]);
  return {
    kept: rest.length === 0 ? undefined : { ...input, Entries: rest },
    answer: (output) => {
      const answers = [...((output?.['Entries'] ?? []) as Members[])];
      const merged = struck.map((isStruck) => (isStruck ? { ErrorCode: error.code, ErrorMessage: error.message } : answers.shift()));
      return { FailedEntryCount: ((output?.['FailedEntryCount'] ?? 0) as number) + struck.filter(Boolean).length, Entries: merged };
    },
  };
};

/** Writes that DynamoDB gives back unprocessed: no error comes with them. */
const unprocessedWrites: Split = (input, fails) => {
  const { kept, failed } = splitTables(
    input['RequestItems'] as Record<string, Members[]>,
    (requests) => requests,
    (_all, some) => some,
    fails,
  );
  return part(input, kept, failed, 'UnprocessedItems', {});
};

const unprocessedKeys: Split = (input, fails) => {
  const tables = input['RequestItems'] as Record<string, Members>;
  const { kept, failed } = splitTables(
    tables,
    (table) => table['Keys'] as Members[],
    (table, Keys) => ({ ...table, Keys }),
    fails,
  );
  return part(input, kept, failed, 'UnprocessedKeys', { Responses: Object.fromEntries(Object.keys(tables).map((name) => [name, []])) });
};

function part(input: Members, kept: Members, failed: Members, member: string, empty: Members): Part {
  return {
    kept: Object.keys(kept).length === 0 ? undefined : { ...input, RequestItems: kept },
    answer: (output) => ({ ...empty, ...output, [member]: { ...(output?.[member] as Members | undefined), ...failed } }),
  };
}

function splitTables<T>(
  tables: Record<string, T>,
  itemsOf: (table: T) => Members[],
  withItems: (table: T, items: Members[]) => unknown,
  fails: Fails,
): { kept: Members; failed: Members } {
  const kept: Members = {};
  const failed: Members = {};
  for (const [name, table] of Object.entries(tables)) {
    const struck = itemsOf(table).map((item) => ({ item, fails: fails() }));
    const some = (failing: boolean) => struck.filter((one) => one.fails === failing).map(({ item }) => item);
    if (some(false).length > 0) kept[name] = withItems(table, some(false));
    if (some(true).length > 0) failed[name] = withItems(table, some(true));
  }
  return { kept, failed };
}

const splits: Record<string, Record<string, Split>> = {
  dynamodb: { BatchWriteItem: unprocessedWrites, BatchGetItem: unprocessedKeys },
  eventbridge: { PutEvents: byPlace },
  sns: { PublishBatch: byId('PublishBatchRequestEntries') },
  sqs: {
    SendMessageBatch: byId('Entries'),
    DeleteMessageBatch: byId('Entries'),
    ChangeMessageVisibilityBatch: byId('Entries'),
  },
};

/** Operations of which a part can fail. */
export const batchOperations = (service: string): string[] => Object.keys(splits[service] ?? {});

export function failingPart(service: string, operation: string, input: Members, fails: Fails, error: AwsError): Part {
  const split = splits[service]?.[operation];
  if (split === undefined) throw new Error(`${service} ${operation} is no batch: no share of its entries can fail.`);
  return split(input, fails, error);
}
