import './quiet';
import { ConditionalCheckFailedException, type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { KpiPolicy, LedgerKey, ReleaseSpec } from '../../core/contracts';
import { Ledger } from '../../lambdas/shared/ledger';
import { AwsError, type Cloud, type Members } from '../../rehearsal/cloud/types';
import { createRandom } from '../../rehearsal/kernel/random';
import { createDynamoDb } from '../../rehearsal/services/dynamodb';

export const TABLE = 'ledger';
export const START = Date.parse('2026-03-02T09:00:00Z');

export interface Sent {
  name: string;
  input: Members;
}

/** A client whose `send` answers by operation name and remembers what was sent. */
export function fakeClient<Client>(answers: Record<string, (input: Members) => unknown> = {}): { client: Client; sent: Sent[] } {
  const sent: Sent[] = [];
  const send = async (command: { constructor: { name: string }; input: Members }): Promise<unknown> => {
    const name = command.constructor.name.replace(/Command$/, '');
    sent.push({ name, input: command.input });
    const answer = answers[name];
    return answer === undefined ? {} : answer(command.input);
  };
  return { client: { send } as Client, sent };
}

export interface FakeLedger {
  ledger: Ledger;
  sent: Sent[];
  item<T>(key: LedgerKey): T | undefined;
  items(pkPrefix: string): Record<string, unknown>[];
  /** Runs before the next operation of that name; may throw. */
  before(operation: string, action: (input: Members) => void | Promise<void>): void;
  /** Runs after every operation of that name was done; may throw: the answer is lost. */
  after(operation: string, action: () => void): void;
}

/** The ledger over the laptop cloud's DynamoDB: real conditions, real transactions. */
export function fakeLedger(): FakeLedger {
  const cloud = { clock: { now: () => START }, random: createRandom(1) } as unknown as Cloud;
  const dynamoDb = createDynamoDb(cloud);
  const key = (name: string) => ({ name, type: 'S' as const });
  const table = dynamoDb.createTable({
    name: TABLE,
    arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/ledger',
    id: 'id',
    schema: { partition: key('pk'), sort: key('sk') },
    createdAtMillis: START,
  } as never);
  const sent: Sent[] = [];
  const after = new Map<string, () => void>();
  const hooks: { operation: string; action: (input: Members) => void | Promise<void> }[] = [];
  const send = async (command: { constructor: { name: string }; input: Members }): Promise<unknown> => {
    const name = command.constructor.name.replace(/Command$/, '');
    sent.push({ name, input: command.input });
    const index = hooks.findIndex(({ operation }) => operation === name);
    if (index >= 0) {
      const [hook] = hooks.splice(index, 1);
      await hook?.action(command.input);
    }
    const input = asSent(command.input) as Members;
    try {
      const answer = await dynamoDb.operations[name]?.run(input, {} as never);
      after.get(name)?.();
      return answer;
    } catch (error) {
      throw error instanceof AwsError ? asSdkError(error) : error;
    }
  };
  const all = (): Record<string, unknown>[] => [...table].map((item) => unmarshall(item as never));
  return {
    ledger: new Ledger({ send } as unknown as DynamoDBClient, TABLE),
    sent,
    item: <T>({ pk, sk }: LedgerKey) => all().find((item) => item['pk'] === pk && item['sk'] === sk) as T | undefined,
    items: (prefix) => all().filter((item) => String(item['pk']).startsWith(prefix)),
    before: (operation, action) => hooks.push({ operation, action }),
    after: (operation, action) => after.set(operation, action),
  };
}

/** As over the wire: a copy without undefined members. */
function asSent(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(asSent);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, asSent(member)]));
}

function asSdkError(error: AwsError): Error {
  const options = { message: error.message, $metadata: {}, ...error.members };
  switch (error.code) {
    case 'ConditionalCheckFailedException':
      return new ConditionalCheckFailedException(options);
    case 'TransactionCanceledException':
      return new TransactionCanceledException(options);
    default:
      return Object.assign(new Error(error.message), { name: error.code });
  }
}

export function named(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

export const KPIS: KpiPolicy[] = (['missed-spam', 'wrongly-blocked'] as const).map((name) => ({
  name,
  type: 'binary',
  better: 'lower',
  role: 'goal',
  unit: 'case',
  margin: 0.2,
  weight: 1,
  windowMinutes: 60,
  delayDependsOnArm: true,
}));

export const SPEC: ReleaseSpec = {
  useCase: 'support-triage',
  model: { image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/triage:1', artefactUrl: 's3://models/7.tar.gz', environment: { A: '1' } },
  serving: { mode: 'real-time', instanceType: 'ml.m5.large', minInstances: 2, maxInstances: 4 },
  behaviour: { threshold: 0.62 },
  rollout: {
    strategy: 'canary',
    steps: [
      { weight: 0.05, bakeMinutes: 60 },
      { weight: 0.5, bakeMinutes: 60 },
    ],
    maxDurationMinutes: 1440,
    inconclusive: 'hold',
    holdout: 0.02,
    rollbackAlpha: 0.05,
    promotionAlpha: 0.05,
    stratumMinutes: 1,
  },
  kpis: KPIS,
  approvals: { requiredRoles: ['quality'], deadlineMinutes: 60, onDeadline: 'reject' },
};

/** A posted request at a function URL, signed by the given principal. */
export function posted(path: string, body: unknown, userArn?: string, method = 'POST') {
  return {
    headers: {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { http: { method, path }, ...(userArn === undefined ? {} : { authorizer: { iam: { userArn } } }) },
  };
}
