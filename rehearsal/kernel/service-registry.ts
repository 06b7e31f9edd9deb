import { NormalizedSchema } from '@smithy/core/schema';
import { UnsupportedError } from '../cloud/types';

/** What the rehearsal uses of an SDK client package: its schemas, and its protocol with codecs. */
export type ClientModule = Record<string, unknown>;

export interface OperationSchema {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Method and URI pattern of a REST operation. */
  readonly http?: { method: string; uri: string; status: number };
}

/** The codec of an SDK client's payloads; it writes and reads JSON or XML by schema. */
export interface PayloadCodec {
  createSerializer(): { write(schema: unknown, value: unknown): void; flush(): string | Uint8Array };
  createDeserializer(): { read(schema: unknown, data: unknown): unknown; readObject?(schema: unknown, data: unknown): unknown };
}

export type WireProtocol = 'awsJson1_0' | 'awsJson1_1' | 'awsQuery' | 'restJson1' | 'restXml';

export interface ServiceModel {
  readonly service: string;
  readonly protocol: WireProtocol;
  readonly namespace: string;
  readonly xmlNamespace: string;
  readonly apiVersion: string;
  /** First part of the header `X-Amz-Target`. */
  readonly target: string;
  /** Errors are also named as the older query protocol named them. */
  readonly queryCompatible: boolean;
  readonly codec: PayloadCodec | undefined;
  readonly operations: ReadonlyMap<string, OperationSchema>;
  /** Error shapes by shape name and by the code that the query protocol uses. */
  readonly errors: ReadonlyMap<string, NormalizedSchema>;
}

interface ProtocolInstance {
  getShapeId(): string;
  getPayloadCodec(): PayloadCodec | undefined;
}

interface ProtocolSettings {
  defaultNamespace: string;
  xmlNamespace?: string;
  version?: string;
  serviceTarget?: string;
  awsQueryCompatible?: boolean;
}

/* eslint-disable @typescript-eslint/no-require-imports -- bundled, and yet loaded only when a rehearsal uses the service. */
const clients: Record<string, { load: () => ClientModule; clientName: string }> = {
  'application-auto-scaling': {
    load: () => require('@aws-sdk/client-application-auto-scaling') as ClientModule,
    clientName: 'ApplicationAutoScalingClient',
  },
  'bedrock-runtime': { load: () => require('@aws-sdk/client-bedrock-runtime') as ClientModule, clientName: 'BedrockRuntimeClient' },
  cloudwatch: { load: () => require('@aws-sdk/client-cloudwatch') as ClientModule, clientName: 'CloudWatchClient' },
  'cloudwatch-logs': { load: () => require('@aws-sdk/client-cloudwatch-logs') as ClientModule, clientName: 'CloudWatchLogsClient' },
  dynamodb: { load: () => require('@aws-sdk/client-dynamodb') as ClientModule, clientName: 'DynamoDBClient' },
  eventbridge: { load: () => require('@aws-sdk/client-eventbridge') as ClientModule, clientName: 'EventBridgeClient' },
  kms: { load: () => require('@aws-sdk/client-kms') as ClientModule, clientName: 'KMSClient' },
  lambda: { load: () => require('@aws-sdk/client-lambda') as ClientModule, clientName: 'LambdaClient' },
  s3: { load: () => require('@aws-sdk/client-s3') as ClientModule, clientName: 'S3Client' },
  sagemaker: { load: () => require('@aws-sdk/client-sagemaker') as ClientModule, clientName: 'SageMakerClient' },
  'sagemaker-runtime': { load: () => require('@aws-sdk/client-sagemaker-runtime') as ClientModule, clientName: 'SageMakerRuntimeClient' },
  scheduler: { load: () => require('@aws-sdk/client-scheduler') as ClientModule, clientName: 'SchedulerClient' },
  'secrets-manager': { load: () => require('@aws-sdk/client-secrets-manager') as ClientModule, clientName: 'SecretsManagerClient' },
  sfn: { load: () => require('@aws-sdk/client-sfn') as ClientModule, clientName: 'SFNClient' },
  sns: { load: () => require('@aws-sdk/client-sns') as ClientModule, clientName: 'SNSClient' },
  sqs: { load: () => require('@aws-sdk/client-sqs') as ClientModule, clientName: 'SQSClient' },
  ssm: { load: () => require('@aws-sdk/client-ssm') as ClientModule, clientName: 'SSMClient' },
  sts: { load: () => require('@aws-sdk/client-sts') as ClientModule, clientName: 'STSClient' },
};
/* eslint-enable @typescript-eslint/no-require-imports */

const models = new Map<string, ServiceModel>();

/** Services whose requests can be checked and whose wire format is known. */
export function knownServices(): string[] {
  return Object.keys(clients);
}

export function hasServiceModel(service: string): boolean {
  return Object.hasOwn(clients, service);
}

export function serviceModel(service: string): ServiceModel {
  const known = models.get(service);
  if (known !== undefined) return known;
  const client = clients[service];
  if (client === undefined) {
    throw new UnsupportedError(`The laptop cloud has no schema of the service "${service}". It knows: ${knownServices().join(', ')}.`);
  }
  const model = readModel(service, client.load(), client.clientName);
  models.set(service, model);
  return model;
}

export function operationSchema(service: string, operation: string): OperationSchema {
  const found = serviceModel(service).operations.get(operation);
  if (found === undefined) throw new UnsupportedError(`The service "${service}" has no operation "${operation}".`);
  return found;
}

function readModel(service: string, module: ClientModule, clientName: string): ServiceModel {
  const { protocol, settings } = readProtocol(module, clientName);
  const operations = new Map<string, OperationSchema>();
  const errors = new Map<string, NormalizedSchema>();
  for (const schema of Object.values(module)) {
    if (!Array.isArray(schema)) continue;
    if (schema[0] === 9) {
      const operation = readOperation(schema);
      operations.set(operation.name, operation);
    } else if (schema[0] === -3) {
      addError(errors, schema as unknown[]);
    }
  }
  const wireProtocol = protocol.getShapeId().split('#')[1] as WireProtocol;
  return {
    service,
    protocol: wireProtocol,
    namespace: settings.defaultNamespace,
    xmlNamespace: settings.xmlNamespace ?? '',
    apiVersion: settings.version ?? '',
    target: settings.serviceTarget ?? '',
    queryCompatible: settings.awsQueryCompatible ?? false,
    // The query protocol has no codec: forms in, XML out.
    codec: wireProtocol === 'awsQuery' ? undefined : protocol.getPayloadCodec(),
    operations,
    errors,
  };
}

function readProtocol(module: ClientModule, clientName: string): { protocol: ProtocolInstance; settings: ProtocolSettings } {
  const Client = module[clientName] as new (config: object) => {
    config: { protocol: ProtocolInstance; protocolSettings: ProtocolSettings };
    middlewareStack: unknown;
  };
  // The client is only asked for its protocol; it never sends anything.
  const { config } = new Client({ region: 'us-east-1', credentials: { accessKeyId: 'none', secretAccessKey: 'none' } });
  const protocol = config.protocol as ProtocolInstance & { setSerdeContext(context: unknown): void };
  protocol.setSerdeContext(config);
  return { protocol, settings: config.protocolSettings };
}

function readOperation(schema: unknown[]): OperationSchema {
  const traits = schema[3];
  const http =
    typeof traits === 'object' && traits !== null && 'http' in traits ? (traits.http as [string, string, number | undefined]) : undefined;
  return {
    name: schema[2] as string,
    input: NormalizedSchema.of(schema[4] as never),
    output: NormalizedSchema.of(schema[5] as never),
    ...(http === undefined ? {} : { http: { method: http[0], uri: http[1], status: http[2] ?? 200 } }),
  };
}

function addError(errors: Map<string, NormalizedSchema>, schema: unknown[]): void {
  const error = NormalizedSchema.of(schema as never);
  errors.set(schema[2] as string, error);
  const queryError = error.getMergedTraits()['awsQueryError' as never] as [string, number] | undefined;
  if (queryError !== undefined && !errors.has(queryError[0])) errors.set(queryError[0], error);
}
