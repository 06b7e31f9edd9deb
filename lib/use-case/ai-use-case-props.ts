import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { CostBudget } from '../cost/cost-budget';
import type { TechnicalThresholds } from '../alarms/technical-thresholds';
import type { DriftSettings } from '../drift/drift-settings';
import type { Gate } from '../gates/gate';
import type { Baseline } from '../gateway/baseline';
import type { ModelSource } from '../model/model-source';
import type { ApprovalPolicy, Lane } from '../release/approval-policy';
import type { ModelRegistry } from '../release/model-registry';
import type { ModelNetwork, RolloutPolicy } from '../release/release-policy';
import type { ServingPolicy } from '../release/serving-policy';
import type { RetrainingSettings } from '../retraining/retraining-settings';
import type { UseCaseKpi } from './use-case-kpi';

export * from './use-case-kpi';

/** How much harm a wrong answer can do. */
export enum RiskClass {
  /** Hardly any. */
  MINIMAL = 'minimal',

  /** Some, and it can be put right. */
  LIMITED = 'limited',

  /** To people's rights, health or money. */
  HIGH = 'high',
}

/** The data that a use case works on. */
export interface UseCaseData {
  /** Where the data comes from. */
  readonly sources: string[];

  /** Whether it is about people. */
  readonly personal: boolean;

  /**
   * Regions in which the data may be kept.
   *
   * @default - not limited
   */
  readonly residency?: string[];

  /**
   * How long decisions are kept, in days.
   *
   * @default 365
   */
  readonly retentionDays?: number;
}

/**
 * When a use case is to be ended: one of the two. It is looked at every day against the units that stay with the baseline
 * (`rollout.holdout`); owners are told when it is met, and decide.
 */
export interface KillCriterion {
  /**
   * Name of the KPI that must become better than the baseline's.
   *
   * @default - the criterion is about cost
   */
  readonly kpi?: string;

  /**
   * After how many days `kpi` must be proven better than the baseline's. Needs a holdout above 0.
   *
   * @default - the criterion is about cost
   */
  readonly noBetterThanBaselineAfterDays?: number;

  /**
   * Highest cost of a decision, in the currency of the prices: of the last 24 hours, looked at every hour.
   *
   * @default - the criterion is about a KPI
   */
  readonly costPerDecisionAbove?: number;

  /**
   * For how many days the cost must be too high.
   *
   * @default - the criterion is about a KPI
   */
  readonly forDays?: number;
}

/** Why a use case exists, and when it ends. */
export interface UseCasePurpose {
  /** What is wrong today, in a sentence. */
  readonly problem: string;

  /** Who works with the answers. */
  readonly users: string;

  /** What the model is to change, with numbers. */
  readonly hypothesis: string;

  /** Day by which the use case is looked at anew, such as `2027-03-31`. */
  readonly reviewBy: string;

  /** How much harm a wrong answer can do. */
  readonly risk: RiskClass;

  /** The data it works on. */
  readonly data: UseCaseData;

  /**
   * When it is to be ended.
   *
   * @default - only its owners end it
   */
  readonly killCriteria?: KillCriterion[];
}

/** Who may decide in a role, and who is told. */
export interface UseCaseOwner {
  /** ARNs of IAM roles or users. */
  readonly principals: string[];

  /**
   * E-mail addresses that are told.
   *
   * @default - none
   */
  readonly notify?: string[];

  /**
   * ARNs of IAM roles or users to whom the role may be lent for a time.
   *
   * @default - the role cannot be delegated
   */
  readonly delegates?: string[];
}

/** What a platform team decides, beside the charter. */
export interface UseCasePlatform {
  /**
   * Bus on which KPI events arrive.
   *
   * @default - the account's default bus
   */
  readonly eventBus?: events.IEventBus;

  /**
   * Whether KPI events are also taken over HTTPS, in batches.
   *
   * @default - as the charter says; without a word there, false
   */
  readonly kpiHttp?: boolean;

  /**
   * Whether KPI events are also taken from files that are dropped into a bucket.
   *
   * @default - as the charter says; without a word there, false
   */
  readonly kpiFiles?: boolean;

  /**
   * What becomes of the ledger when the stack goes.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly ledgerRemovalPolicy?: RemovalPolicy;

  /**
   * How long evidence is locked, in days.
   *
   * @default - as long as decisions are kept
   */
  readonly evidenceLockDays?: number;

  /**
   * Whether not even an administrator can shorten the lock of evidence.
   *
   * @default false
   */
  readonly evidenceCompliance?: boolean;

  /**
   * Longest time that a model may take before the baseline answers, in milliseconds, from 50 to 25000.
   *
   * @default 5000
   */
  readonly invokeTimeoutMillis?: number;

  /**
   * When a candidate is technically broken.
   *
   * @default - see the single thresholds
   */
  readonly thresholds?: TechnicalThresholds;

  /**
   * How many items share the counting of one minute, from 2 to 64.
   *
   * @default 4
   */
  readonly counterShards?: number;

  /**
   * Key that encrypts everything the use case keeps. CloudWatch and EventBridge must be allowed to use it by its own policy where
   * the key was imported.
   *
   * @default - the charter's key; without one, keys owned or managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}

/** A use case read from its charter. */
export interface FromCharterOptions extends UseCasePlatform {
  /**
   * Name under `profiles` whose serving section is laid over the charter's.
   *
   * @default - the charter as it is
   */
  readonly profile?: string;
}

/** A use case in code: what `usecase.yaml` says, as far as it has an effect. */
export interface AiUseCaseProps extends UseCasePlatform {
  /** Name: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly name: string;

  /** Why it exists, and when it ends. */
  readonly purpose: UseCasePurpose;

  /** Role → who may decide in it. `process` must be there. */
  readonly owners: Record<string, UseCaseOwner>;

  /** KPIs by which releases are judged; at least one. */
  readonly kpis: UseCaseKpi[];

  /** What answers without a model. */
  readonly baseline: Baseline;

  /** What SageMaker is asked to run. */
  readonly model: ModelSource;

  /** How the model is served. */
  readonly serving: ServingPolicy;

  /**
   * Environment of the model's container.
   *
   * @default - what the source of the model sets
   */
  readonly modelEnvironment?: Record<string, string>;

  /**
   * Environment variable of the model's container → name of a secret in Secrets Manager, such as `models/hub-token`. It gets the secret's
   * ARN, and may read the secret.
   *
   * @default - none
   */
  readonly modelSecrets?: Record<string, string>;

  /**
   * Prompt, thresholds, index: any JSON. Part of the release like the model.
   *
   * @default - none
   */
  readonly behaviour?: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

  /**
   * How a release takes over traffic.
   *
   * @default - a canary of 5 %, 25 % and 50 %, 30 minutes each
   */
  readonly rollout?: RolloutPolicy;

  /**
   * What a candidate must pass in the dark, before anybody is asked to approve it.
   *
   * @default - none
   */
  readonly gates?: Gate[];

  /**
   * Who must agree before a release gets traffic.
   *
   * @default - nobody
   */
  readonly approvals?: ApprovalPolicy;

  /**
   * Agreed to in advance: a release that changes no more than a lane allows owes the lane's approvals in the place of `approvals`.
   *
   * @default - none
   */
  readonly lanes?: Lane[];

  /**
   * What it may cost in a month, and what happens when that is not enough.
   *
   * @default - it is metered, and nothing is judged
   */
  readonly budget?: CostBudget;

  /**
   * What of requests and answers is watched for drift. Needs `serving.capture`.
   *
   * @default - nothing is watched
   */
  readonly drift?: DriftSettings;

  /**
   * When a new model is made, and of what. Needs `registry` and `drift` with a truth.
   *
   * @default - models come from people
   */
  readonly retraining?: RetrainingSettings;

  /**
   * Path of a JSON file with prices of your own, laid over the built-in ones.
   *
   * @default - the built-in prices, in USD
   */
  readonly pricesFile?: string;

  /**
   * Name of a secret in Secrets Manager that holds the URL of a chat's incoming webhook: owners are told there as well.
   *
   * @default - owners are told by e-mail and over the event bus only
   */
  readonly chatWebhookSecretName?: string;

  /**
   * Tags on everything, also on what is made at run time.
   *
   * @default - none
   */
  readonly tags?: Record<string, string>;

  /**
   * ARN of a managed policy that bounds every role.
   *
   * @default - roles are not bounded
   */
  readonly permissionsBoundaryArn?: string;

  /**
   * The model registry whose approvals ask for releases, beside deploys and owners.
   *
   * @default - none
   */
  readonly registry?: ModelRegistry;

  /**
   * Name of a live endpoint that is adopted as the first stable release.
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
}
