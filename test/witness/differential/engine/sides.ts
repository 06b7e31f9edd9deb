import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { VirtualClock } from '../../../../rehearsal/kernel/clock';
import { createCloud } from '../../../../rehearsal/kernel/cloud';
import type { LaptopCloud } from '../../../../rehearsal/kernel/cloud';
import { createRandom } from '../../../../rehearsal/kernel/random';
import { createDynamoDb } from '../../../../rehearsal/services/dynamodb';
import { createEventBridge } from '../../../../rehearsal/services/eventbridge';
import { createS3 } from '../../../../rehearsal/services/s3';
import { createStepFunctions } from '../../../../rehearsal/services/sfn';
import { sdkClient, startMillis } from '../../../rehearsal/support/harness';

const clients = { dynamodb: DynamoDBClient, s3: S3Client, eventbridge: EventBridgeClient, sfn: SFNClient };

export type Service = keyof typeof clients;
export type Answer = Record<string, unknown>;

interface Sender {
  send(command: unknown): Promise<Answer>;
}

/** One of the two clouds that a case is played against, each behind the SDK's own clients. */
export interface Side {
  readonly name: 'ours' | 'witness';
  send(service: Service, command: object): Promise<Answer>;
  /** Lets pass what AWS needs until eventually consistent reads and executions show what was done. */
  settle(): Promise<void>;
}

export interface OurSide extends Side {
  readonly cloud: LaptopCloud;
}

const accountId = '000000000000';
const region = 'us-east-1';
const settleMillis = 5000;

/** The laptop cloud, its clients going through the wire layer as handlers' do. */
export function ourSide(): OurSide {
  const clock = new VirtualClock({ startMillis });
  const cloud = createCloud({
    clock,
    random: createRandom(1),
    accountId,
    region,
    doubles: (made) => [createDynamoDb(made), createS3(made), createEventBridge(made), createStepFunctions(made)],
  });
  const made = new Map<Service, Sender>();
  const clientOf = (service: Service): Sender => {
    const known = made.get(service) ?? (sdkClient(cloud, clients[service] as typeof DynamoDBClient) as unknown as Sender);
    made.set(service, known);
    return known;
  };
  return {
    name: 'ours',
    cloud,
    send: (service, command) => clock.complete(clientOf(service).send(command)),
    settle: () => clock.run(clock.now() + settleMillis),
  };
}

export function witnessEndpoint(): string {
  const endpoint = process.env['SLUICE_WITNESS'];
  if (endpoint === undefined)
    throw new Error('SLUICE_WITNESS is not set. Run `npm run test:differential`, which starts the witness and names its URL here.');
  return endpoint;
}

export function witnessSide(): Side & { close(): void } {
  const configuration = {
    endpoint: witnessEndpoint(),
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    forcePathStyle: true,
  };
  const made = Object.fromEntries(
    Object.entries(clients).map(([service, Client]) => [service, new Client(configuration)]),
  ) as unknown as Record<Service, Sender & { destroy(): void }>;
  return {
    name: 'witness',
    send: (service, command) => made[service].send(command),
    settle: () => Promise.resolve(),
    close: () => Object.values(made).forEach((client) => client.destroy()),
  };
}

export const isOurs = (side: Side): side is OurSide => side.name === 'ours';
