import type { PolicyStatement } from '../../cloud/types';
import type { Streamed } from './response-stream';

/** A deployed function, as CloudFormation described it. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly constructPath: string;
  configuration: FunctionConfiguration;
  /** Grows with each update: environments of an older generation are not used again. */
  generation: number;
  reservedConcurrency: number | undefined;
  eventInvoke: EventInvokeSettings;
  readonly policy: Map<string, PolicyStatement>;
  url: FunctionUrl | undefined;
  /** Invocations running now. */
  running: number;
  /** Numbers environments and requests, for ids that depend on this function alone. */
  environments: number;
  requests: number;
}

export interface FunctionConfiguration {
  assetDirectory: string;
  /** Folders of its layers, the last first. */
  layers: readonly string[];
  /** Where the packages that Lambda's runtime brings along are looked for. */
  project: readonly string[];
  /** Why its code cannot run here; undefined: it can. */
  problem: string | undefined;
  /** `file.export`. */
  handler: string;
  runtime: string;
  roleArn: string;
  timeoutSeconds: number;
  memoryMegabytes: number;
  environment: Record<string, string>;
  logGroup: string;
  deadLetterArn: string | undefined;
  description: string;
}

export interface EventInvokeSettings {
  maximumRetryAttempts: number;
  maximumEventAgeSeconds: number;
  onSuccessArn: string | undefined;
  onFailureArn: string | undefined;
}

export interface FunctionUrl {
  readonly id: string;
  readonly url: string;
  readonly authType: 'AWS_IAM' | 'NONE';
  readonly invokeMode: 'BUFFERED' | 'RESPONSE_STREAM';
  readonly cors: UrlCors | undefined;
}

/** What browsers of other origins may do. */
export interface UrlCors {
  AllowOrigins?: string[];
  AllowMethods?: string[];
  AllowHeaders?: string[];
  ExposeHeaders?: string[];
  AllowCredentials?: boolean | string;
  MaxAge?: number | string;
}

export const defaultEventInvoke: EventInvokeSettings = {
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 21_600,
  onSuccessArn: undefined,
  onFailureArn: undefined,
};

/** What an invocation gave, as `Invoke` answers it. */
export interface InvocationResult {
  payload: Uint8Array;
  functionError?: 'Unhandled';
  errorType?: string;
  errorMessage?: string;
  /** Of a handler that streams: what it wrote, also where it failed later. */
  streamed?: Streamed;
}
