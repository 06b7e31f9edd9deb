import type { S3Client } from '@aws-sdk/client-s3';
import type { DriftPolicy, Notifier } from '../../core/contracts';
import type { Owners } from '../../core/release/principals';
import type { Bucket } from '../shared/bucket';
import type { Ledger } from '../shared/ledger';
import type { MetricValue } from '../shared/telemetry';
import type { Job } from './job';

export interface DriftParts {
  useCase: string;
  owners: Owners;
  policy(): Promise<DriftPolicy>;
  ledger: Ledger;
  s3: S3Client;
  bucket: Bucket;
  captures: Bucket;
  counterShards: number;
  /** Requests that SageMaker counted under the variant in that hour. */
  requests(endpointName: string, variantName: string, fromMillis: number, toMillis: number): Promise<number>;
  /** Properties of a model package of the registry group; undefined: it is of another, or there is none. */
  packageProperties(modelPackageArn: string): Promise<Record<string, string> | undefined>;
  /** Starts the job machine, once under a name. */
  start(name: string, input: { job: Job; manifest: string }): Promise<void>;
  notify: Notifier;
  measure(dimensions: Record<string, string>, values: MetricValue[]): void;
  now(): number;
  /** Milliseconds until Lambda ends the call. */
  remaining(): number;
}

/** Nothing new is begun in the last two minutes: what is left is for the next look. */
export const hasTime = ({ remaining }: Pick<DriftParts, 'remaining'>): boolean => remaining() > 120_000;

export const iso = (millis: number): string => new Date(millis).toISOString();
