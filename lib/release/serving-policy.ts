import type { Duration } from 'aws-cdk-lib';
import type { IdlePolicy, OfficeHours, ReleaseScaling } from '../capacity/endpoint-capacity-props';
import type { ServingMode } from './serving-mode';

/** Which instance gets a request. */
export enum RequestRouting {
  /** The one with the fewest requests under way. */
  LEAST_OUTSTANDING = 'least-outstanding',
  /** Any. */
  RANDOM = 'random',
  /** The one that answered a request with the same beginning before. */
  PREFIX_AWARE = 'prefix-aware',
}

/** What SageMaker keeps of requests and answers. A sample, not an audit log: it stops without a word when an instance's disk is full. */
export interface ServingCapture {
  /**
   * Share of the requests that is kept, a fraction above 0.
   *
   * @default 1
   */
  readonly sampling?: number;

  /**
   * Content types that are kept as JSON; others arrive base64.
   *
   * @default - application/json
   */
  readonly jsonContentTypes?: string[];

  /**
   * Content types that are kept as text with commas; others arrive base64.
   *
   * @default - text/csv
   */
  readonly csvContentTypes?: string[];
}

/** Files that the stable release scores at fixed times. */
export interface BatchScoring {
  /** When, such as `rate(1 day)` or `cron(0 3 * * ? *)`. In UTC. */
  readonly schedule: string;

  /** Where the files are: `s3://bucket/prefix`. */
  readonly input: string;

  /** Where the answers go: `s3://bucket/prefix`. */
  readonly output: string;

  /**
   * Instance type of the job.
   *
   * @default - as `instanceType`; a serverless model must give one
   */
  readonly instanceType?: string;

  /**
   * Instances of the job.
   *
   * @default 1
   */
  readonly instances?: number;

  /**
   * Content type of the files; each line is one request.
   *
   * @default application/jsonlines
   */
  readonly contentType?: string;
}

/**
 * How the model is served.
 *
 * @example
 * const serving: ServingPolicy = {
 *   instanceType: 'ml.g5.xlarge',
 *   minInstances: 1,
 *   maxInstances: 4,
 *   scaling: { target: ScalingTarget.invocationsPerMinute(600) },
 *   officeHours: { from: '08:00', to: '18:00', timeZone: 'Europe/Dublin' },
 * };
 */
export interface ServingPolicy {
  /**
   * SageMaker instance type, such as `ml.g5.xlarge`.
   *
   * @default - that of `instancePools`; a serverless model has none
   */
  readonly instanceType?: string;

  /**
   * How requests are answered.
   *
   * @default ServingMode.realTime()
   */
  readonly mode?: ServingMode;

  /**
   * Two to five instance types in the place of `instanceType`: where the first has no capacity the next is asked. Real-time only.
   *
   * @default - `instanceType` alone
   */
  readonly instancePools?: string[];

  /**
   * Fewest instances, from 1; from 0 where the mode is asynchronous or inference components.
   *
   * @default 1
   */
  readonly minInstances?: number;

  /**
   * Most instances; `scaling` moves between the two.
   *
   * @default - as many as `minInstances`, at least 1
   */
  readonly maxInstances?: number;

  /**
   * Size of each instance's volume, in GiB, from 1 to 512. Not for types that have disks of their own.
   *
   * @default - SageMaker's
   */
  readonly volumeGib?: number;

  /**
   * How long downloading the model may take, from 1 to 60 minutes.
   *
   * @default - SageMaker's
   */
  readonly downloadTimeoutMinutes?: number;

  /**
   * How long the container may take to pass its health check, from 1 to 60 minutes.
   *
   * @default - SageMaker's
   */
  readonly startupTimeoutMinutes?: number;

  /**
   * How long SageMaker may look for capacity, from 5 to 60 minutes.
   *
   * @default - SageMaker's
   */
  readonly provisionTimeoutMinutes?: number;

  /**
   * Which instance gets a request.
   *
   * @default - SageMaker's: random
   */
  readonly routing?: RequestRouting;

  /**
   * Whether the container reaches no network at all.
   *
   * @default false
   */
  readonly networkIsolation?: boolean;

  /**
   * Whether the gateway hands answers on while the model still writes them.
   *
   * @default false
   */
  readonly streaming?: boolean;

  /**
   * What SageMaker keeps of requests and answers.
   *
   * @default - nothing
   */
  readonly capture?: ServingCapture;

  /**
   * What the number of instances, or copies, follows.
   *
   * @default - nothing scales: as many as `minInstances` run
   */
  readonly scaling?: ReleaseScaling;

  /**
   * When the endpoint is on.
   *
   * @default - always
   */
  readonly officeHours?: OfficeHours;

  /**
   * What becomes of the endpoint when nobody asks it.
   *
   * @default - nothing
   */
  readonly idle?: IdlePolicy;

  /**
   * So long after its release became stable the endpoint is switched off: an experiment that was forgotten.
   *
   * @default - never
   */
  readonly timeToLive?: Duration;

  /**
   * Files that the stable release scores at fixed times.
   *
   * @default - none
   */
  readonly batch?: BatchScoring;
}
