import { canonicalJson, sha256Hex } from '../hash';

/** What of a charter and a sizing goes into a load test of Inference Recommender. */
export interface RecommenderRequest {
  useCase: string;
  modelPackageArn: string;
  roleArn: string;
  instanceTypes: string[];
  requestsPerSecond: number;
  headroom: number;
  latencyP95Millis?: number | undefined;
}

/** Input of CreateInferenceRecommendationsJob, as `aws sagemaker create-inference-recommendations-job --cli-input-json` takes it. */
export interface RecommenderJob {
  JobName: string;
  JobType: 'Advanced';
  JobDescription: string;
  RoleArn: string;
  InputConfig: {
    ModelPackageVersionArn: string;
    JobDurationInSeconds: number;
    TrafficPattern: {
      TrafficType: 'PHASES';
      Phases: { InitialNumberOfUsers: number; SpawnRate: number; DurationInSeconds: number }[];
    };
    ResourceLimit: { MaxNumberOfTests: number; MaxParallelOfTests: number };
    EndpointConfigurations: { InstanceType: string }[];
  };
  StoppingConditions: {
    MaxInvocations: number;
    FlatInvocations: 'Stop';
    ModelLatencyThresholds?: { Percentile: 'P95'; ValueInMilliseconds: number }[];
  };
}

/** A custom load test takes ten instance types. */
export const MOST_TESTED_TYPES = 10;

/**
 * A custom load test: one caller, then one more each minute, until the load is reached, latency is above the target,
 * or the instance answers no more.
 */
export function recommenderJob(request: RecommenderRequest): RecommenderJob {
  const types = request.instanceTypes.slice(0, MOST_TESTED_TYPES);
  const latency = request.latencyP95Millis;
  const thresholds =
    latency === undefined ? {} : { ModelLatencyThresholds: [{ Percentile: 'P95' as const, ValueInMilliseconds: Math.round(latency) }] };
  return {
    JobName: `${request.useCase}-size-${sha256Hex(canonicalJson({ ...request })).slice(0, 8)}`,
    JobType: 'Advanced',
    JobDescription: `Sizes ${request.useCase} for ${request.requestsPerSecond} requests a second`,
    RoleArn: request.roleArn,
    InputConfig: {
      ModelPackageVersionArn: request.modelPackageArn,
      JobDurationInSeconds: 7200,
      TrafficPattern: {
        TrafficType: 'PHASES',
        Phases: [
          { InitialNumberOfUsers: 1, SpawnRate: 1, DurationInSeconds: 600 },
          { InitialNumberOfUsers: 1, SpawnRate: 3, DurationInSeconds: 600 },
        ],
      },
      ResourceLimit: { MaxNumberOfTests: types.length, MaxParallelOfTests: Math.min(2, types.length) },
      EndpointConfigurations: types.map((type) => ({ InstanceType: type })),
    },
    StoppingConditions: {
      MaxInvocations: Math.ceil(request.requestsPerSecond * 60 * (1 + request.headroom)),
      FlatInvocations: 'Stop',
      ...thresholds,
    },
  };
}
