import type { CreateInferenceRecommendationsJobCommandInput } from '@aws-sdk/client-sagemaker';
import {
  CreateInferenceRecommendationsJobCommand,
  FlatInvocations,
  ProductionVariantInstanceType,
  RecommendationJobType,
  SageMakerClient,
  TrafficType,
} from '@aws-sdk/client-sagemaker';
import { recommenderJob } from '../../../core/sizing';

const REQUEST = {
  useCase: 'claims-summary',
  modelPackageArn: 'arn:aws:sagemaker:us-east-1:111122223333:model-package/claims/3',
  roleArn: 'arn:aws:iam::111122223333:role/Recommender',
  instanceTypes: ['ml.g6e.xlarge', 'ml.g5.xlarge', 'ml.g5.2xlarge'],
  requestsPerSecond: 4,
  headroom: 0.3,
  latencyP95Millis: 1999.6,
};

/** What the SDK sends: its schema drops what SageMaker does not know. */
async function sentBy(input: CreateInferenceRecommendationsJobCommandInput): Promise<unknown> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  let body: unknown;
  const client = new SageMakerClient({
    region: 'us-east-1',
    credentials,
    requestHandler: {
      handle: (sent: { body: Uint8Array }) => {
        body = JSON.parse(new TextDecoder().decode(sent.body));
        return Promise.reject(new Error('not sent'));
      },
    },
    maxAttempts: 1,
  });
  await expect(client.send(new CreateInferenceRecommendationsJobCommand(input))).rejects.toThrow('not sent');
  return body;
}

test("the SDK's schema keeps every member", async () => {
  const input: CreateInferenceRecommendationsJobCommandInput = recommenderJob(REQUEST) as CreateInferenceRecommendationsJobCommandInput;
  expect(await sentBy(input)).toEqual(recommenderJob(REQUEST));
});

test('the check above finds a member that SageMaker does not know', async () => {
  const wrong = { ...recommenderJob(REQUEST), Instances: 1 } as unknown as CreateInferenceRecommendationsJobCommandInput;
  expect(await sentBy(wrong)).not.toHaveProperty('Instances');
});

test('its values are among those that SageMaker takes', () => {
  const job = recommenderJob(REQUEST);
  expect(Object.values(RecommendationJobType)).toContain(job.JobType);
  expect(Object.values(TrafficType)).toContain(job.InputConfig.TrafficPattern.TrafficType);
  expect(Object.values(FlatInvocations)).toContain(job.StoppingConditions.FlatInvocations);
  for (const { InstanceType } of job.InputConfig.EndpointConfigurations) {
    expect(Object.values(ProductionVariantInstanceType)).toContain(InstanceType);
  }
  expect(job.JobName).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}$/);
  expect(job.JobDescription.length).toBeLessThanOrEqual(128);
  const phases = job.InputConfig.TrafficPattern.Phases;
  for (const { InitialNumberOfUsers, DurationInSeconds } of phases) {
    expect(InitialNumberOfUsers >= 1 && InitialNumberOfUsers <= 3).toBe(true);
    expect(DurationInSeconds >= 120 && DurationInSeconds <= 3600).toBe(true);
  }
  expect(phases.reduce((sum, { DurationInSeconds }) => sum + DurationInSeconds, 0)).toBeLessThan(job.InputConfig.JobDurationInSeconds);
});

test('it stops at the load with its headroom, and at the latency target', () => {
  expect(recommenderJob(REQUEST).StoppingConditions).toEqual({
    MaxInvocations: 312,
    FlatInvocations: 'Stop',
    ModelLatencyThresholds: [{ Percentile: 'P95', ValueInMilliseconds: 2000 }],
  });
  expect(recommenderJob({ ...REQUEST, latencyP95Millis: undefined }).StoppingConditions).not.toHaveProperty('ModelLatencyThresholds');
});

test('ten types at most; equal requests give equal names, others do not', () => {
  const many = recommenderJob({ ...REQUEST, instanceTypes: Array.from({ length: 12 }, () => 'ml.g5.xlarge') });
  expect(many.InputConfig.EndpointConfigurations).toHaveLength(10);
  expect(many.InputConfig.ResourceLimit).toEqual({ MaxNumberOfTests: 10, MaxParallelOfTests: 2 });
  expect(recommenderJob({ ...REQUEST }).JobName).toBe(recommenderJob(REQUEST).JobName);
  expect(recommenderJob({ ...REQUEST, headroom: 0.5 }).JobName).not.toBe(recommenderJob(REQUEST).JobName);
});
