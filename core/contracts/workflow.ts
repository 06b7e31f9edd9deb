import type { ControlMode } from './control';
import type { IncidentKind } from './incident';
import type { ApprovalPolicy, CanaryStep } from './release';

/** Answer of release-step's `register`. `release` is missing while another release holds the lock. */
export interface RegisterAnswer {
  locked: boolean;
  /** True when a newer release took this one's place while it waited: the workflow ends as `superseded`. */
  superseded?: boolean;
  /** How long to wait for a turn before asking again; whoever ends a release wakes the next one earlier. */
  waitSeconds?: number;
  plan?: RegisteredRelease;
}

/** What the workflow needs of the release it carries: the policy as it was pinned when the release was registered. */
export interface RegisteredRelease {
  /** True when no endpoint exists yet: there is nothing to describe, and rolling back deletes the endpoint. */
  first: boolean;
  /** The endpoint is made by this release, and goes with it where it is rolled back: a first release, and every one beside stable's endpoint. */
  own: boolean;
  endpointName: string;
  /** The endpoint runs another config than stable's own, such as one that still holds the warm release: also a rollback that touched nothing restores it. */
  restore?: { first: false; own: false; endpointName: string; stableConfigName: string; restoreEndpoint: Record<string, unknown> };
  /** Fewest instances that answer all traffic, and most that a release may have. */
  minInstances: number;
  maxInstances: number;
  /** Empty `requiredRoles`: no approval is owed. Those of the lane, where the release stays inside one. */
  approvals: ApprovalPolicy;
  lane?: string;
  strategy: 'canary' | 'all-at-once' | 'blue-green';
  /** Names of the gates, in their order. */
  gates: string[];
  /** Minutes of the shadow phase; 0: none. */
  shadowMinutes: number;
  keepWarmMinutes: number;
  /** Empty for all-at-once: promotion follows the approval at once. */
  steps: CanaryStep[];
  maxDurationMinutes: number;
}

/** Answer of release-step's `plan`: the arguments of the SageMaker calls, ready to send. */
export interface ReleasePlan {
  first: boolean;
  /** As in `RegisteredRelease`. */
  own: boolean;
  endpointName: string;
  modelName: string;
  darkConfigName: string;
  /** Equal to `darkConfigName` where the candidate already stands alone: nothing is updated after promotion. */
  liveConfigName: string;
  /** Stable's own config: what a rollback restores. Missing for a first release. */
  stableConfigName?: string;
  createModel: Record<string, unknown>;
  createDarkConfig: Record<string, unknown>;
  createLiveConfig: Record<string, unknown>;
  /** CreateEndpoint's arguments for a first release, else UpdateEndpoint's. */
  endpoint: Record<string, unknown>;
  /** UpdateEndpoint's arguments after promotion: the candidate alone, with all the weight. */
  liveEndpoint: Record<string, unknown>;
  /** UpdateEndpoint's arguments for a rollback: stable alone. Missing for a first release. */
  restoreEndpoint?: Record<string, unknown>;
  /** Deleted once the candidate is promoted and stands alone; never what an adopted endpoint came with. */
  obsoleteConfigs: string[];
  obsoleteModels: string[];
  /** Where the release took over from another endpoint: components go before it, its config and model after it. */
  obsoleteEndpoints: string[];
  obsoleteComponents: string[];
  /** Of inference components: CreateInferenceComponent's arguments, sent once the endpoint is in service. */
  componentName?: string;
  createComponent?: Record<string, unknown>;
}

/** What the workflow sends to the rollback handler. */
export interface WorkflowRollbackRequest {
  source: 'workflow';
  releaseId: string;
  reason: string;
  culprit?: string;
  /** True when the rollback could not be finished: the kill switch. */
  kill?: boolean;
}

/** What the rollback handler answers the workflow. */
export interface WorkflowRollbackAnswer {
  mode: ControlMode;
  /** True when the release is stable: the workflow goes on forward. */
  promoted?: boolean;
}

/** Input of the teardown workflow. It stops the releases under way, deletes what was made, and answers CloudFormation where asked. */
export interface TeardownInput {
  kind: 'kill' | 'delete';
  reason: string;
  cloudFormation?: CloudFormationRequest;
}

/** Copied from CloudFormation's request: where and how to answer it. */
export interface CloudFormationRequest {
  responseUrl: string;
  stackId: string;
  requestId: string;
  logicalResourceId: string;
  physicalResourceId: string;
}

/** Answer of release-step's `teardown-plan`: what is left, by tag and name. All empty: done. Adopted endpoints are never listed. */
export interface TeardownPlan {
  /** Releases under way: their execution is stopped, then `finish` is called for each. */
  releases: { releaseId: string; executionArn: string }[];
  endpoints: string[];
  endpointConfigs: string[];
  models: string[];
  /** Inference components: gone before their endpoints go. */
  components: string[];
  /** UpdateEndpoint's arguments: an adopted endpoint goes back to stable's own config before anything is deleted. */
  restoreEndpoint?: Record<string, unknown>;
  /** That endpoint refuses changes until it stands. */
  endpointBusy?: boolean;
}

/** Input of release-step's `finish`. */
export interface FinishRequest {
  action: 'finish';
  releaseId: string;
  outcome: string;
  stage: string;
  reason: string;
  culprit?: string;
  /** Endpoint config that the endpoint was last seen to run. */
  endpointConfigName?: string;
  /** The release before stays on the endpoint for its rollback window. */
  keepWarm?: boolean;
  /** Opens an incident of this kind. */
  incident?: IncidentKind;
}
