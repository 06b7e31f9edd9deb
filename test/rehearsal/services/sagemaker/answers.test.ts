import type { Members } from '../../../../rehearsal/cloud/types';
import { createDoubles } from '../../../../rehearsal/services';
import type { S3 } from '../../../../rehearsal/services/s3';
import type { SageMaker } from '../../../../rehearsal/services/sagemaker';
import { createTestCloud } from '../../support/harness';

const ROLE = 'arn:aws:iam::123456789012:role/Model';
const PACKAGE = 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/triage/1';
const scope = {
  ServiceNamespace: 'sagemaker',
  ResourceId: 'endpoint/Live/variant/a',
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
};
const cluster = { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10 };
const component = {
  InferenceComponentName: 'one',
  Specification: {
    Container: { Image: 'image:1', ArtifactUrl: 's3://data/model.tar.gz', Environment: { KEY: 'value' } },
    ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024, NumberOfAcceleratorDevicesRequired: 1 },
    StartupParameters: { ModelDataDownloadTimeoutInSeconds: 600 },
  },
};
const pipeline = JSON.stringify({ Version: '2020-12-01', Steps: [{ Name: 'Train', Type: 'Training' }] });

/** One call each, in an order in which they work: the kernel checks requests and answers against the SDK's schemas. */
const calls: [service: string, operation: string, input: Members, minutes?: number][] = [
  ['sagemaker', 'CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: 'i' } }],
  [
    'sagemaker',
    'CreateEndpointConfig',
    {
      EndpointConfigName: 'c',
      ProductionVariants: [
        { VariantName: 'a', ModelName: 'm', InstancePools: [{ InstanceType: 'ml.g5.xlarge', Priority: 1 }], InitialInstanceCount: 2 },
      ],
      DataCaptureConfig: {
        EnableCapture: true,
        InitialSamplingPercentage: 100,
        DestinationS3Uri: 's3://data/captured',
        CaptureOptions: [{ CaptureMode: 'InputAndOutput' }],
      },
    },
  ],
  ['sagemaker', 'CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'c' }, 9],
  [
    'sagemaker',
    'UpdateEndpoint',
    {
      EndpointName: 'Live',
      EndpointConfigName: 'c',
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            CanarySize: { Type: 'INSTANCE_COUNT', Value: 1 },
            WaitIntervalInSeconds: 600,
          },
        },
      },
    },
    8,
  ],
  ['sagemaker', 'DescribeEndpoint', { EndpointName: 'Live' }, 15],
  ['sagemaker-runtime', 'InvokeEndpoint', { EndpointName: 'Live', Body: new Uint8Array(1) }, 2],
  ['sagemaker', 'CreateModelPackageGroup', { ModelPackageGroupName: 'triage' }],
  [
    'sagemaker',
    'CreateModelPackage',
    {
      ModelPackageGroupName: 'triage',
      InferenceSpecification: { Containers: [{ Image: 'i' }], SupportedContentTypes: ['a/b'], SupportedResponseMIMETypes: ['a/b'] },
    },
  ],
  ['sagemaker', 'UpdateModelPackage', { ModelPackageArn: PACKAGE, ModelApprovalStatus: 'Approved' }],
  ['sagemaker', 'DescribeModelPackage', { ModelPackageName: PACKAGE }],
  ['sagemaker', 'DescribeModelPackageGroup', { ModelPackageGroupName: 'triage' }],
  ['sagemaker', 'ListModelPackages', { ModelPackageGroupName: 'triage' }],
  ['sagemaker', 'ListModelPackageGroups', {}],
  [
    'sagemaker',
    'CreateTrainingJob',
    {
      TrainingJobName: 't',
      RoleArn: ROLE,
      AlgorithmSpecification: { TrainingImage: 'i', TrainingInputMode: 'File' },
      OutputDataConfig: { S3OutputPath: 's3://data/out' },
      ResourceConfig: cluster,
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    },
    25,
  ],
  ['sagemaker', 'DescribeTrainingJob', { TrainingJobName: 't' }],
  ['sagemaker', 'ListTrainingJobs', {}],
  [
    'sagemaker',
    'CreateProcessingJob',
    { ProcessingJobName: 'p', RoleArn: ROLE, AppSpecification: { ImageUri: 'i' }, ProcessingResources: { ClusterConfig: cluster } },
    15,
  ],
  ['sagemaker', 'DescribeProcessingJob', { ProcessingJobName: 'p' }],
  ['sagemaker', 'ListProcessingJobs', {}],
  [
    'sagemaker',
    'CreateTransformJob',
    {
      TransformJobName: 'b',
      ModelName: 'm',
      TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/in' } } },
      TransformOutput: { S3OutputPath: 's3://data/out' },
      TransformResources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1 },
    },
    15,
  ],
  ['sagemaker', 'DescribeTransformJob', { TransformJobName: 'b' }],
  ['sagemaker', 'ListTransformJobs', {}],
  ['sagemaker', 'CreatePipeline', { PipelineName: 'r', RoleArn: ROLE, ClientRequestToken: 'x'.repeat(32), PipelineDefinition: pipeline }],
  ['sagemaker', 'StartPipelineExecution', { PipelineName: 'r', ClientRequestToken: 'y'.repeat(32) }, 1],
  ['sagemaker', 'DescribePipeline', { PipelineName: 'r' }],
  ['sagemaker', 'ListPipelines', {}],
  ['sagemaker', 'ListPipelineExecutions', { PipelineName: 'r' }, 25],
  [
    'sagemaker',
    'CreateEndpointConfig',
    {
      EndpointConfigName: 'hosting',
      ExecutionRoleArn: ROLE,
      EnableNetworkIsolation: true,
      ProductionVariants: [
        {
          VariantName: 'all',
          InstanceType: 'ml.g5.12xlarge',
          InitialInstanceCount: 1,
          ManagedInstanceScaling: {
            Status: 'ENABLED',
            MinInstanceCount: 0,
            MaxInstanceCount: 2,
            ScaleInPolicy: { Strategy: 'IDLE_RELEASE' },
          },
          RoutingConfig: { RoutingStrategy: 'PREFIX_AWARE', PrefixAwareRoutingConfig: { PrefixLength: 2048, ConcurrencyThreshold: 4 } },
        },
      ],
    },
  ],
  ['sagemaker', 'CreateEndpoint', { EndpointName: 'Hosts', EndpointConfigName: 'hosting' }, 9],
  ['sagemaker', 'CreateInferenceComponent', { ...component, EndpointName: 'Hosts', RuntimeConfig: { CopyCount: 2 } }, 8],
  [
    'sagemaker',
    'UpdateInferenceComponent',
    {
      ...component,
      DeploymentConfig: { RollingUpdatePolicy: { MaximumBatchSize: { Type: 'COPY_COUNT', Value: 1 }, WaitIntervalInSeconds: 0 } },
    },
    15,
  ],
  ['sagemaker', 'UpdateInferenceComponentRuntimeConfig', { InferenceComponentName: 'one', DesiredRuntimeConfig: { CopyCount: 1 } }, 2],
  ['sagemaker', 'DescribeInferenceComponent', { InferenceComponentName: 'one' }],
  ['sagemaker', 'ListInferenceComponents', { SortBy: 'Status', StatusEquals: 'InService' }],
  [
    'sagemaker-runtime',
    'InvokeEndpointWithResponseStream',
    { EndpointName: 'Hosts', InferenceComponentName: 'one', Body: new Uint8Array(1) },
  ],
  ['sagemaker', 'DeleteInferenceComponent', { InferenceComponentName: 'one' }],
  ['application-auto-scaling', 'RegisterScalableTarget', { ...scope, MinCapacity: 1, MaxCapacity: 2 }],
  [
    'application-auto-scaling',
    'PutScalingPolicy',
    {
      ...scope,
      PolicyName: 'p',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 10,
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
      },
    },
  ],
  ['application-auto-scaling', 'DescribeScalableTargets', { ServiceNamespace: 'sagemaker' }],
  ['application-auto-scaling', 'DescribeScalingPolicies', { ServiceNamespace: 'sagemaker' }],
  ['application-auto-scaling', 'DescribeScalingActivities', { ServiceNamespace: 'sagemaker' }],
  ['application-auto-scaling', 'DeleteScalingPolicy', { ...scope, PolicyName: 'p' }],
  ['application-auto-scaling', 'DeregisterScalableTarget', scope],
];

test('requests and answers have the shapes of the SDK', async () => {
  const { cloud, clock, run } = createTestCloud(createDoubles);
  cloud.double<SageMaker>('sagemaker').setContainers(() => ({
    predict: () => ({ status: 200, body: new Uint8Array(2), contentType: 'text/plain', latencyMillis: 5 }),
  }));
  const bucket = cloud.double<S3>('s3').createBucket('data', { versioning: undefined, objectLock: false, eventBridge: false, tags: [] });
  cloud.iam.putRole({
    arn: ROLE,
    name: 'Model',
    trust: { Statement: { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' } },
  });
  cloud.iam.putRolePolicy(ROLE, 'all', { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } });
  const world = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/test' } as const;
  const answers = new Map<string, Members>();
  const send = (service: string, operation: string, input: Members) => run(() => cloud.call(service, operation, input, world));
  await send('s3', 'PutObject', { Bucket: 'data', Key: 'in/1.txt', Body: new TextEncoder().encode('x') });
  for (const [service, operation, input, minutes = 0] of calls) {
    answers.set(operation, await send(service, operation, input));
    await clock.run(clock.now() + minutes * 60_000);
  }
  expect(answers.get('DescribeEndpoint')).toMatchObject({ EndpointStatus: 'Updating', DataCaptureConfig: { CaptureStatus: 'Started' } });
  expect(answers.get('DescribeInferenceComponent')).toMatchObject({
    InferenceComponentStatus: 'InService',
    Specification: { Container: { DeployedImage: { SpecifiedImage: 'image:1' }, ArtifactUrl: 's3://data/model.tar.gz' } },
    RuntimeConfig: { DesiredCopyCount: 1, CurrentCopyCount: 1 },
  });
  expect(answers.get('DescribeTrainingJob')).toMatchObject({ TrainingJobStatus: 'Completed' });
  expect(answers.get('DescribeProcessingJob')).toMatchObject({ ProcessingJobStatus: 'Completed' });
  expect(answers.get('DescribeTransformJob')).toMatchObject({ TransformJobStatus: 'Completed' });
  const { PipelineExecutionArn } = answers.get('StartPipelineExecution')!;
  expect(await send('sagemaker', 'DescribePipelineExecution', { PipelineExecutionArn })).toMatchObject({
    PipelineExecutionStatus: 'Succeeded',
  });
  expect(await send('sagemaker', 'ListPipelineExecutionSteps', { PipelineExecutionArn })).toMatchObject({
    PipelineExecutionSteps: [{ StepStatus: 'Succeeded' }],
  });
  expect(bucket.keys().map((key) => key.split('/')[0])).toEqual(['captured', 'in', 'out', 'out']);
  await expect(send('sagemaker', 'CreateEdgePackagingJob', {})).rejects.toThrow('does not have the operation CreateEdgePackagingJob');
});
