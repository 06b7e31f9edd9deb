import { App, Aspects, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Deployment, EndpointInstance, ModelEndpoint, type ModelEndpointProps, ModelSource, Serving } from '../../../lib';
import { model, realTime, variant } from '../../support/endpoints/parts';
import { ENVIRONMENT } from '../../support/endpoints/synthesize';

function setUp(props: ModelEndpointProps | ((stack: Stack) => ModelEndpointProps)) {
  const stack = new Stack(new App(), 'Prod', { env: ENVIRONMENT });
  const endpoint = new ModelEndpoint(stack, 'Triage', typeof props === 'function' ? props(stack) : props);
  return { stack, endpoint, template: () => Template.fromStack(stack) };
}

const onComponents = (rest: Omit<ModelEndpointProps, 'serving'> = {}): ModelEndpointProps => ({
  serving: Serving.inferenceComponents({
    instances: { instance: EndpointInstance.G5_XLARGE },
    components: ['chat', 'summary'].map((name) => ({ name, model: model('one'), memoryMib: 1024 })),
  }),
  ...rest,
});

describe('names', () => {
  test('the endpoint has one that is known at synth, the same each time, and leaves room for components', () => {
    const [first, second] = [setUp(realTime('one')), setUp(realTime('two'))];
    expect(first.endpoint.endpointName).toMatch(/^[a-z][a-z0-9-]{1,39}$/);
    expect(second.endpoint.endpointName).toBe(first.endpoint.endpointName);
    first.template().hasResourceProperties('AWS::SageMaker::Endpoint', { EndpointName: first.endpoint.endpointName });
  });

  test('the ARN is in lower case, as SageMaker writes it', () => {
    const { stack, endpoint } = setUp(realTime('one', {}, { endpointName: 'Triage-Prod' }));
    expect(JSON.stringify(stack.resolve(endpoint.endpointArn))).toContain(':sagemaker:us-east-1:123456789012:endpoint/triage-prod');
  });

  test('components are named after the endpoint', () => {
    const { endpoint, template } = setUp(onComponents({ endpointName: 'assistant' }));
    expect(endpoint.components.map(({ componentName }) => componentName)).toEqual(['assistant-chat', 'assistant-summary']);
    template().hasResourceProperties('AWS::SageMaker::InferenceComponent', {
      InferenceComponentName: 'assistant-chat',
      VariantName: 'AllTraffic',
    });
  });
});

describe('numbers', () => {
  test('a weight of 0 is a weight of 0', () => {
    const { template } = setUp({ serving: Serving.realTime({ variants: [variant('one'), variant('one', { name: 'dark', weight: 0 })] }) });
    template().hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [{ InitialVariantWeight: 1 }, { InitialVariantWeight: 0 }],
    });
  });

  test('instances of components go to zero, and leave room for an update', () => {
    const { template } = setUp(onComponents());
    template().hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [
        { ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 0, MaxInstanceCount: 2 }, ModelName: Match.absent() },
      ],
    });
    template().allResourcesProperties('AWS::SageMaker::InferenceComponent', { RuntimeConfig: Match.absent() });
  });
});

describe('models', () => {
  test('an artefact that ends with a slash is taken as it is, and may be listed and read', () => {
    const source = ModelSource.container({ image: 'img:1', artefact: 's3://models/llama/' });
    const { template } = setUp(realTime('one', { model: source }));
    template().hasResourceProperties('AWS::SageMaker::Model', {
      PrimaryContainer: {
        ModelDataSource: { S3DataSource: { S3Uri: 's3://models/llama/', S3DataType: 'S3Prefix', CompressionType: 'None' } },
      },
    });
    const statements = policies(template());
    expect(statements).toContainEqual(
      expect.objectContaining({ Action: 's3:ListBucket', Condition: { StringLike: { 's3:prefix': 'llama/*' } } }),
    );
    expect(JSON.stringify(statements)).toContain(':s3:::models/llama/*');
  });

  test('an archive is a URL', () => {
    const source = ModelSource.container({ image: 'img:1', artefact: 's3://models/llama.tar.gz' });
    setUp(realTime('one', { model: source }))
      .template()
      .hasResourceProperties('AWS::SageMaker::Model', {
        PrimaryContainer: { ModelDataUrl: 's3://models/llama.tar.gz', ModelDataSource: Match.absent() },
      });
  });

  test('a variable gets the ARN of a secret, and the container may read that secret alone', () => {
    const { template } = setUp((stack) =>
      realTime('one', {
        environment: { A: 'b' },
        secrets: { TOKEN_ARN: secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'hub-token') },
      }),
    );
    const secret = Match.objectLike({ 'Fn::Join': Match.arrayWith([Match.arrayWith([Match.stringLikeRegexp('secret:hub-token$')])]) });
    template().hasResourceProperties('AWS::SageMaker::Model', { PrimaryContainer: { Environment: { A: 'b', TOKEN_ARN: secret } } });
    const reading = policies(template()).filter(({ Action }) => Action === 'secretsmanager:GetSecretValue');
    expect(JSON.stringify(reading)).toContain('secret:hub-token-??????');
  });

  test('wait until the role may read them', () => {
    const [found] = Object.values(setUp(realTime('one')).template().findResources('AWS::SageMaker::Model')) as { DependsOn?: string[] }[];
    expect(found?.DependsOn?.join()).toMatch(/RoleDefaultPolicy/);
  });
});

describe('network', () => {
  const network = (stack: Stack) => ({
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'], privateSubnetIds: ['subnet-1'] }),
    networkIsolation: true,
  });

  test('stands on the model, with a security group of its own', () => {
    const { endpoint, template } = setUp((stack) => realTime('one', {}, network(stack)));
    template().hasResourceProperties('AWS::SageMaker::Model', {
      VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: [Match.anyValue()] },
      EnableNetworkIsolation: true,
    });
    template().hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      VpcConfig: Match.absent(),
      EnableNetworkIsolation: Match.absent(),
    });
    template().resourceCountIs('AWS::EC2::SecurityGroup', 1);
    expect(endpoint.connections).toBeDefined();
    expect(JSON.stringify(policies(template()))).toContain('ec2:CreateNetworkInterface');
  });

  test('of components it stands on the config', () => {
    const { template } = setUp((stack) => onComponents(network(stack)));
    template().hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      VpcConfig: { Subnets: ['subnet-1'] },
      EnableNetworkIsolation: true,
      ExecutionRoleArn: Match.anyValue(),
    });
    template().allResourcesProperties('AWS::SageMaker::Model', { VpcConfig: Match.absent() });
  });
});

describe('rollback alarms', () => {
  const guarded = setUp(realTime('one', {}, { deployment: Deployment.blueGreenCanary({ percent: 50 }), endpointName: 'triage' }));

  test('look at the new instances alone', () => {
    const config = Match.objectLike({ 'Fn::GetAtt': Match.arrayWith(['EndpointConfigName']) });
    const metric = (name: string) => ({
      MetricStat: {
        Metric: { MetricName: name, Dimensions: [{ Name: 'EndpointConfigName', Value: config }, { Value: 'triage' }, { Value: 'main' }] },
      },
    });
    guarded.template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 0.05,
      TreatMissingData: 'notBreaching',
      Metrics: Match.arrayWith([Match.objectLike(metric('Invocations')), Match.objectLike(metric('Invocation5XXErrors'))]),
      AlarmName: Match.absent(),
    });
  });

  test('are what the role may look at, before the endpoint is updated', () => {
    expect(policies(guarded.template())).toContainEqual(expect.objectContaining({ Action: 'cloudwatch:DescribeAlarms' }));
    const [found] = Object.values(guarded.template().findResources('AWS::SageMaker::Endpoint')) as { DependsOn?: string[] }[];
    expect(found?.DependsOn?.join()).toMatch(/RollbackPolicy/);
  });
});

describe('buckets', () => {
  test('of captures forget, and stay when the stack goes', () => {
    const { endpoint, template } = setUp(realTime('one', {}, { capture: { retentionDays: 3 } }));
    template().hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: { LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 3 })] } },
    });
    expect(endpoint.captureBucket).toBeDefined();
  });

  test('of an asynchronous endpoint have a folder each for requests, answers and failures', () => {
    const { endpoint, template } = setUp({ serving: Serving.asynchronous({ variant: variant('one') }) });
    const text = JSON.stringify(template().toJSON());
    for (const folder of ['/requests/*', '/answers/*', '/failures/*']) expect(text).toContain(folder);
    expect(endpoint.asynchronousBucket).toBeDefined();
  });

  test('are none where nothing is kept', () => {
    const { endpoint, template } = setUp(realTime('one'));
    template().resourceCountIs('AWS::S3::Bucket', 0);
    expect([endpoint.captureBucket, endpoint.asynchronousBucket, endpoint.connections]).toEqual([undefined, undefined, undefined]);
  });

  test('may be one that is there, whose key is used', () => {
    const bucket = (stack: Stack): s3.IBucket =>
      s3.Bucket.fromBucketAttributes(stack, 'Bucket', {
        bucketName: 'captures',
        encryptionKey: undefined,
      });
    const { template } = setUp((stack) => realTime('one', {}, { capture: { bucket: bucket(stack), folder: 'triage' } }));
    template().hasResourceProperties('AWS::SageMaker::EndpointConfig', { DataCaptureConfig: { DestinationS3Uri: 's3://captures/triage' } });
  });
});

describe('grantInvoke', () => {
  const granted = (props: ModelEndpointProps): { Action: unknown; Resource: unknown }[] => {
    const { stack, endpoint, template } = setUp(props);
    endpoint.grantInvoke(new iam.User(stack, 'Caller'));
    return policies(template()).filter(({ Action }) => JSON.stringify(Action).includes('Invoke')) as {
      Action: unknown;
      Resource: unknown;
    }[];
  };

  test('allows answers at once and as a stream', () => {
    expect(granted(realTime('one'))).toMatchObject([
      { Action: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'] },
    ]);
  });

  test('allows requests for the queue of an asynchronous endpoint', () => {
    expect(granted({ serving: Serving.asynchronous({ variant: variant('one') }) })).toMatchObject([
      { Action: 'sagemaker:InvokeEndpointAsync' },
    ]);
  });

  test('names the components', () => {
    expect(JSON.stringify(granted(onComponents({ endpointName: 'assistant' })))).toContain('inference-component/assistant-summary');
  });
});

describe('metrics', () => {
  test('of the only variant need no name, and are in milliseconds', () => {
    const { endpoint } = setUp(realTime('one', {}, { endpointName: 'triage' }));
    expect(endpoint.metricModelLatencyP95InMillis().expression).toMatch(/\/ 1000$/);
    expect(endpoint.metricModelLatencyP99InMillis().expression).toMatch(/\/ 1000$/);
    expect(endpoint.metricOverheadLatencyAverageInMillis().expression).toMatch(/\/ 1000$/);
    expect(endpoint.metricInvocations()).toMatchObject({ metricName: 'Invocations', statistic: 'Sum' });
    expect(endpoint.metricInvocation5xxErrors().dimensions).toEqual({ EndpointName: 'triage', VariantName: 'main' });
  });

  test('of several variants need one', () => {
    const { endpoint } = setUp({ serving: Serving.realTime({ variants: [variant('one'), variant('one', { name: 'b' })] }) });
    expect(() => endpoint.metricInvocations()).toThrow('Prod/Triage has the variants main, b: say which one.');
    expect(() => endpoint.variantMetrics('c')).toThrow("Prod/Triage has the variants main, b, and none named 'c'.");
    expect(endpoint.variantMetrics('b').metricInvocations().dimensions).toMatchObject({ VariantName: 'b' });
  });

  test('of GPUs are known where the instance is', () => {
    const { endpoint } = setUp(realTime('one', { instance: EndpointInstance.G5_12XLARGE }));
    expect(endpoint.instanceMetrics().metricGpuUtilizationPerGpuInPercent()).toBeDefined();
  });

  test('of a queue and of components are those of their modes', () => {
    expect(() => setUp(realTime('one')).endpoint.queueMetrics()).toThrow(
      'Prod/Triage is a real-time endpoint: only asynchronous ones have a queue, see Serving.asynchronous.',
    );
    const { endpoint } = setUp(onComponents({ endpointName: 'assistant' }));
    expect(() => endpoint.componentMetrics()).toThrow(
      'Prod/Triage has the inference components assistant-chat, assistant-summary: say which one.',
    );
    expect(endpoint.componentMetrics('assistant-chat').metricInvocations().dimensions).toEqual({
      InferenceComponentName: 'assistant-chat',
    });
    expect(
      setUp({ serving: Serving.asynchronous({ variant: variant('one') }) })
        .endpoint.queueMetrics()
        .metricBacklog(),
    ).toBeDefined();
  });
});

describe('an endpoint that was made elsewhere', () => {
  const stack = () => new Stack(new App(), 'Prod', { env: ENVIRONMENT });

  test('has metrics and scaling, and nothing here makes or changes it', () => {
    const found = ModelEndpoint.fromAttributes(stack(), 'Found', { endpointName: 'Triage', variants: [{ variantName: 'AllTraffic' }] });
    expect(found.metricInvocations().dimensions).toEqual({ EndpointName: 'Triage', VariantName: 'AllTraffic' });
    expect(JSON.stringify(Stack.of(found).resolve(found.endpointArn))).toContain('endpoint/triage');
    expect(found).toMatchObject({ mode: 'real-time', components: [], endpointConfigName: undefined });
    found.scaleVariant({ minCapacity: 1, maxCapacity: 2 });
    Template.fromStack(Stack.of(found)).resourceCountIs('AWS::SageMaker::Endpoint', 0);
  });

  test('has at least one variant', () => {
    expect(() => ModelEndpoint.fromAttributes(stack(), 'Found', { endpointName: 'triage', variants: [] })).toThrow(
      "variants of triage are none: name its production variants, such as [{ variantName: 'AllTraffic' }].",
    );
  });
});

test('tags of the app are on everything that can carry them', () => {
  const { stack, template } = setUp(onComponents());
  Tags.of(stack).add('team', 'mail');
  expect(Aspects.of(stack)).toBeDefined();
  for (const type of ['Model', 'EndpointConfig', 'Endpoint', 'InferenceComponent'])
    template().allResourcesProperties(`AWS::SageMaker::${type}`, { Tags: [{ Key: 'team', Value: 'mail' }] });
});

/** Every statement of every policy in the template. */
function policies(template: Template): Record<string, unknown>[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    (policy) =>
      (policy as { Properties: { PolicyDocument: { Statement: Record<string, unknown>[] } } }).Properties.PolicyDocument.Statement,
  );
}
