import type * as kms from 'aws-cdk-lib/aws-kms';
import type { EvidenceSeal } from '../evidence/evidence-seal';
import type { TechnicalThresholds } from '../alarms/technical-thresholds';
import type { EvidenceStore } from '../evidence/evidence-store';
import type { GateRunner } from '../gates/gate-runner';
import type { Ledger } from '../ledger/ledger';
import type { ModelSource } from '../model/model-source';
import type { KpiPolicy } from '../observation/kpi-policy';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import type { RollbackController } from '../rollback/rollback-controller';
import type { ModelRegistry } from './model-registry';
import type { ApprovalPolicy, Lane } from './approval-policy';
import type { ModelNetwork, RolloutPolicy } from './release-policy';
import type { ServingPolicy } from './serving-policy';

/** What a release workflow releases, and how. */
export interface ReleaseWorkflowProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where releases, steps and approvals are written. */
  readonly ledger: Ledger;

  /** Where the evidence bundle of every ended release is kept. */
  readonly evidence: EvidenceStore;

  /**
   * What signs that evidence: stays until the last release of a deleted stack has ended.
   *
   * @default - bundles are chained, and signed by nobody
   */
  readonly seal?: EvidenceSeal;

  /** What takes a candidate out of traffic. */
  readonly rollback: RollbackController;

  /** Where approvals are asked for and ends are announced. */
  readonly notifications: OwnerNotifications;

  /** Role of the charter → ARNs of the IAM principals that may decide in that role. */
  readonly owners: Record<string, string[]>;

  /** What SageMaker is asked to run. */
  readonly model: ModelSource;

  /**
   * Environment of the model's container.
   *
   * @default - what the source of the model sets
   */
  readonly modelEnvironment?: Record<string, string>;

  /**
   * Environment variable of the model's container → name of a secret in Secrets Manager. It gets the secret's ARN, and may read the secret.
   *
   * @default - none
   */
  readonly modelSecrets?: Record<string, string>;

  /**
   * Prompt, thresholds, index: any JSON. Part of the release's hash; reaches the container as `SLUICE_BEHAVIOUR`.
   *
   * @default - none
   */
  readonly behaviour?: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

  /** How the model is served. */
  readonly serving: ServingPolicy;

  /** How the candidate is judged. */
  readonly kpis: KpiPolicy[];

  /**
   * How the release takes over traffic.
   *
   * @default - a canary of 5 %, 25 % and 50 %, 30 minutes each
   */
  readonly rollout?: RolloutPolicy;

  /**
   * When the new fleet of a blue/green deployment is broken, so that SageMaker keeps the old one.
   *
   * @default - as for technical alarms, with a 95th percentile of 4000 ms
   */
  readonly guardThresholds?: TechnicalThresholds;

  /**
   * What the candidate must pass in the dark, before anybody is asked.
   *
   * @default - no gates
   */
  readonly gates?: GateRunner;

  /**
   * Who must agree before the release gets traffic.
   *
   * @default - nobody
   */
  readonly approvals?: ApprovalPolicy;

  /**
   * Agreed to in advance: a release that changes no more than a lane allows owes the lane's approvals.
   *
   * @default - none
   */
  readonly lanes?: Lane[];

  /**
   * Role of the charter → ARNs of the IAM principals to whom it may be lent for a time.
   *
   * @default - no role can be delegated
   */
  readonly delegates?: Record<string, string[]>;

  /**
   * The model registry whose approvals ask for releases, beside deploys and owners.
   *
   * @default - none
   */
  readonly registry?: ModelRegistry;

  /**
   * Name of a live endpoint that is adopted as the first stable release: read, never recreated or deleted.
   *
   * @default - the endpoint is made by the first release
   */
  readonly existingEndpoint?: string;

  /**
   * Where model containers run.
   *
   * @default - in SageMaker's own network
   */
  readonly network?: ModelNetwork;

  /**
   * Tags on everything that is made at run time, beside `sluice:use-case`, `sluice:stack` and `sluice:release`.
   *
   * @default - none
   */
  readonly runtimeTags?: Record<string, string>;

  /**
   * How long release records are kept, in days.
   *
   * @default 365
   */
  readonly retentionDays?: number;

  /**
   * How many items share the counting of one minute; the same as the intake's.
   *
   * @default 4
   */
  readonly counterShards?: number;

  /**
   * Key that encrypts the environment of handlers and the storage of model containers.
   *
   * @default - keys managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}
