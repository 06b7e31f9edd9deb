import type * as kms from 'aws-cdk-lib/aws-kms';
import type { DriftMonitor } from '../drift/drift-monitor';
import type { Ledger } from '../ledger/ledger';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import type { ModelNetwork } from '../release/release-policy';
import type { ReleaseWorkflow } from '../release/release-workflow';
import type { RetrainingSettings } from './retraining-settings';

/** What is retrained, and when. */
export interface RetrainingWorkflowProps extends RetrainingSettings {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** The memory of the use case: runs, and which release is stable. */
  readonly ledger: Ledger;

  /** The releases, which capture requests and listen to the model package group. */
  readonly release: ReleaseWorkflow;

  /** What knows truth, and what in an answer is the prediction; data sets and models lie in its bucket. */
  readonly drift: DriftMonitor;

  /** Who is told. */
  readonly notifications: OwnerNotifications;

  /** Role of the charter → principals that may act in it: they may ask for runs. */
  readonly owners: Record<string, string[]>;

  /** Model package group that new versions go to, by name or ARN: the one that `release` listens to. */
  readonly group: string;

  /**
   * Path of a JSON file with prices of your own, laid over the built-in ones.
   *
   * @default - the built-in prices, in USD
   */
  readonly pricesFile?: string;

  /**
   * Subnets and security groups of training jobs, and of the new model while it is evaluated.
   *
   * @default - SageMaker's own network
   */
  readonly network?: ModelNetwork;

  /**
   * Tags on jobs and models, beside `sluice:use-case`, `sluice:stack` and `sluice:retraining-run`.
   *
   * @default - none
   */
  readonly runtimeTags?: Record<string, string>;

  /**
   * Key that encrypts data sets, models, the volumes of jobs and the handler's environment.
   *
   * @default - keys managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}
