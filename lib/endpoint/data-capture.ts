import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * What SageMaker keeps of requests and answers. It is a sample, not an audit log: capture stops without a word when an instance's disk is
 * full, so watch the disk.
 */
export interface DataCapture {
  /**
   * Share of the requests that is kept, in percent, from 0 to 100.
   *
   * @default 100
   */
  readonly samplingPercent?: number;

  /**
   * Whether requests are kept.
   *
   * @default true
   */
  readonly requests?: boolean;

  /**
   * Whether answers are kept.
   *
   * @default true
   */
  readonly answers?: boolean;

  /**
   * Content types that are kept as JSON; others arrive base64.
   *
   * @default - application/json, application/jsonlines
   */
  readonly jsonContentTypes?: string[];

  /**
   * Content types that are kept as text with commas; others arrive base64.
   *
   * @default - text/csv
   */
  readonly csvContentTypes?: string[];

  /**
   * Where it is kept.
   *
   * @default - a new bucket, which forgets after `retentionDays`
   */
  readonly bucket?: s3.IBucket;

  /**
   * Folder of the bucket.
   *
   * @default captures
   */
  readonly folder?: string;

  /**
   * How long a new bucket keeps it, in days, from 1.
   *
   * @default 30
   */
  readonly retentionDays?: number;

  /**
   * Key that encrypts it.
   *
   * @default - keys managed by S3
   */
  readonly encryptionKey?: kms.IKey;
}

/** @internal What is declared unless said otherwise. */
export const JSON_CONTENT_TYPES = ['application/json', 'application/jsonlines'];

/** @internal */
export const CSV_CONTENT_TYPES = ['text/csv'];
