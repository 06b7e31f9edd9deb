import type { Members } from '../../../../rehearsal/cloud/types';
import { createBucket, createModel, createSingle, invoke, pass, put, setUp, single, type Setup } from './support';

const NO_INSTANCES = { InstanceType: undefined, InitialInstanceCount: undefined };
const state = (setup: Setup) => setup.sageMaker.endpoints()[0]!;

// https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html
describe('instance pools', () => {
  const pools = (...types: string[]): Members => ({
    InstanceType: undefined,
    InstancePools: types.map((InstanceType, index) => ({ InstanceType, Priority: index + 1 })),
  });
  const current = async (setup: Setup): Promise<unknown> => {
    const { ProductionVariants } = await setup.call('DescribeEndpoint', { EndpointName: 'Live' });
    return (ProductionVariants[0].InstancePools as Members[]).map(({ InstanceType, CurrentInstanceCount }) => [
      InstanceType,
      CurrentInstanceCount,
    ]);
  };

  test('the first has priority', async () => {
    const setup = setUp();
    await single(setup, pools('ml.g6.2xlarge', 'ml.g5.2xlarge'));
    expect(await current(setup)).toEqual([
      ['ml.g6.2xlarge', 4],
      ['ml.g5.2xlarge', 0],
    ]);
  });

  test('without capacity the next is asked, and none left is a failure', async () => {
    const setup = setUp();
    setup.sageMaker.injectEndpointFault({ kind: 'capacity' });
    await single(setup, pools('ml.g6.2xlarge', 'ml.g5.2xlarge'));
    await pass(setup, 4);
    expect(await current(setup)).toEqual([
      ['ml.g6.2xlarge', 0],
      ['ml.g5.2xlarge', 4],
    ]);
    const empty = setUp();
    empty.sageMaker.injectEndpointFault({ kind: 'capacity', times: 2 });
    await single(empty, pools('ml.g6.2xlarge', 'ml.g5.2xlarge'));
    expect(state(empty)).toMatchObject({ status: 'Failed', failureReason: expect.stringContaining('InsufficientInstanceCapacity') });
  });

  test.each<[string, Members]>([
    ['limit is 5', pools('a', 'b', 'c', 'd', 'e', 'f')],
    ['both InstanceType and InstancePools', { ...pools('ml.g5.xlarge'), InstanceType: 'ml.g5.xlarge' }],
    ['priority', { InstanceType: undefined, InstancePools: [{ InstanceType: 'ml.g5.xlarge', Priority: 6 }] }],
    ['unique', { InstanceType: undefined, InstancePools: [1, 1].map((Priority) => ({ InstanceType: 'ml.g5.xlarge', Priority })) }],
  ])('refused: %s', async (message, variant) => {
    await expect(single(setUp(), variant)).rejects.toThrow(message);
  });
});

// https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
describe('serverless', () => {
  const serverless = (extra: Members = {}): Members => ({
    ...NO_INSTANCES,
    ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 2, ...extra },
  });

  test('the first request waits for a container, the next one does not', async () => {
    const setup = setUp();
    await single(setup, serverless());
    const timed = async (): Promise<number> => {
      const started = setup.cloud.clock.now();
      await invoke(setup);
      return setup.cloud.clock.now() - started;
    };
    expect(await timed()).toBeGreaterThan(1000);
    expect(await timed()).toBeLessThan(200);
    await pass(setup, 6);
    expect(await timed()).toBeGreaterThan(1000);
    const dimensions = { EndpointName: 'Live', VariantName: 'a' };
    expect(setup.cloudWatch.metric('AWS/SageMaker', 'ModelSetupTime', dimensions)[0]!.max).toBeGreaterThan(1_000_000);
    expect((await setup.call('DescribeEndpoint', { EndpointName: 'Live' })).ProductionVariants[0]).toMatchObject({
      CurrentServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 2 },
    });
  });

  test('provisioned concurrency: as many requests at once find a container that runs, and the seconds are metered', async () => {
    const setup = setUp();
    await single(setup, serverless({ MaxConcurrency: 4, ProvisionedConcurrency: 1 }));
    const startedMillis = setup.cloud.clock.now();
    await invoke(setup);
    expect(setup.cloud.clock.now() - startedMillis).toBeLessThan(100);
    await Promise.all([invoke(setup), invoke(setup)]);
    const dimensions = { EndpointName: 'Live', VariantName: 'a' };
    const sum = (name: string) => setup.cloudWatch.metric('AWS/SageMaker', name, dimensions).reduce((all, point) => all + point.sum, 0);
    expect(sum('ServerlessProvisionedConcurrencyInvocations')).toBe(2);
    expect(sum('ServerlessProvisionedConcurrencySpilloverInvocations')).toBe(1);
    expect(setup.cloudWatch.metric('AWS/SageMaker', 'ServerlessConcurrentExecutionsUtilization', dimensions)[0]!.max).toBe(0.5);
    expect(setup.cloudWatch.metric('AWS/SageMaker', 'InvocationModelErrors', dimensions)).toEqual([]);
    await pass(setup, 60);
    const [row] = setup.sageMaker.meteredServerless('Live');
    expect(row).toMatchObject({ invocations: 3 });
    expect(row!.provisionedSeconds).toBeGreaterThan(3600);
  });

  test('its concurrency changes without a new config', async () => {
    const setup = setUp();
    await single(setup, serverless());
    const change = (ServerlessUpdateConfig: Members) =>
      setup.call('UpdateEndpointWeightsAndCapacities', {
        EndpointName: 'Live',
        DesiredWeightsAndCapacities: [{ VariantName: 'a', ServerlessUpdateConfig }],
      });
    await change({ MaxConcurrency: 5, ProvisionedConcurrency: 2 });
    const described = async (): Promise<Members> => (await setup.call('DescribeEndpoint', { EndpointName: 'Live' })).ProductionVariants[0];
    expect(await described()).toMatchObject({
      CurrentServerlessConfig: { MaxConcurrency: 2 },
      DesiredServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5, ProvisionedConcurrency: 2 },
    });
    await pass(setup, 3);
    expect((await described()).CurrentServerlessConfig).toEqual({ MemorySizeInMB: 2048, MaxConcurrency: 5, ProvisionedConcurrency: 2 });
    await expect(change({ ProvisionedConcurrency: 6 })).rejects.toThrow('less than or equal to MaxConcurrency');
    await createSingle(setup, 'second', { ...NO_INSTANCES, ServerlessConfig: { MemorySizeInMB: 4096, MaxConcurrency: 3 } });
    await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
    await pass(setup, 3);
    expect((await described()).CurrentServerlessConfig).toEqual({ MemorySizeInMB: 4096, MaxConcurrency: 3 });
  });

  test('ServerlessUpdateConfig is for serverless variants alone', async () => {
    const setup = setUp();
    await single(setup);
    const wish = { VariantName: 'a', ServerlessUpdateConfig: { MaxConcurrency: 1 } };
    const change = setup.call('UpdateEndpointWeightsAndCapacities', { EndpointName: 'Live', DesiredWeightsAndCapacities: [wish] });
    await expect(change).rejects.toThrow('not serverless');
  });

  test('more requests at once than its concurrency, and more than 4 MB, are refused', async () => {
    const setup = setUp();
    await single(setup, serverless({ MaxConcurrency: 1 }));
    await invoke(setup);
    const answers = await Promise.allSettled([invoke(setup), invoke(setup)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(invoke(setup, { Body: new Uint8Array(4_194_305) })).rejects.toThrow('4194304');
  });

  test.each<[string, Members, Members]>([
    ['memorySizeInMB', serverless({ MemorySizeInMB: 7168 }), {}],
    ['maxConcurrency', serverless({ MaxConcurrency: 201 }), {}],
    ['provisionedConcurrency', serverless({ MaxConcurrency: 200, ProvisionedConcurrency: 201 }), {}],
    ['less than or equal to MaxConcurrency', serverless({ MaxConcurrency: 2, ProvisionedConcurrency: 3 }), {}],
    ['both ServerlessConfig and InstanceType', { ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }, {}],
    [
      'Data capture',
      serverless(),
      { DataCaptureConfig: { InitialSamplingPercentage: 1, DestinationS3Uri: 's3://b/p', CaptureOptions: [{ CaptureMode: 'Input' }] } },
    ],
  ])('refused: %s', async (message, variant, config) => {
    await expect(single(setUp(), variant, config)).rejects.toThrow(message);
  });

  test('a model in a VPC is refused', async () => {
    const setup = setUp();
    await createModel(setup, 'model-a', { VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] } });
    await expect(createSingle(setup, 'first', serverless())).rejects.toThrow('VpcConfig');
  });
});

// https://docs.aws.amazon.com/sagemaker/latest/dg/model-shadow-deployment.html
describe('shadow variants', () => {
  const shadow = (extra: Members = {}): Members => ({
    ShadowProductionVariants: [
      { VariantName: 's', ModelName: 'model-b', InstanceType: 'ml.m5.large', InitialInstanceCount: 1, InitialVariantWeight: 1, ...extra },
    ],
  });
  const captured = {
    DataCaptureConfig: {
      InitialSamplingPercentage: 100,
      DestinationS3Uri: 's3://captured',
      CaptureOptions: [{ CaptureMode: 'InputAndOutput' }],
    },
  };

  test('gets a copy of each request; its answer is captured and dropped', async () => {
    const setup = setUp();
    const files = createBucket(setup, 'captured');
    await single(setup, {}, { ...shadow(), ...captured });
    for (let index = 0; index < 10; index += 1)
      expect((await invoke(setup, { InferenceId: `id-${index}` })).InvokedProductionVariant).toBe('a');
    await pass(setup, 2);
    expect(setup.sageMaker.invocations).toHaveLength(10);
    expect(setup.sageMaker.invocations.every(({ modelName }) => modelName === 'model-a')).toBe(true);
    expect(setup.sageMaker.shadowInvocations.map(({ inferenceId }) => inferenceId)).toEqual(
      Array.from({ length: 10 }, (_, index) => `id-${index}`),
    );
    expect(
      Object.keys(files())
        .map((key) => key.split('/')[1])
        .sort(),
    ).toEqual(['a', 's']);
    const dimensions = { EndpointName: 'Live', VariantName: 's' };
    expect(setup.cloudWatch.metric('AWS/SageMaker', 'Invocations', dimensions)[0]!.sum).toBe(10);
    await expect(invoke(setup, { TargetVariant: 's' })).rejects.toThrow('Variant s not found');
  });

  test('the weights say how many requests are copied', async () => {
    const setup = setUp();
    await single(setup, { InitialVariantWeight: 2 }, shadow({ InitialVariantWeight: 0.5 }));
    for (let index = 0; index < 200; index += 1) await invoke(setup);
    expect(setup.sageMaker.shadowInvocations.length).toBeGreaterThan(30);
    expect(setup.sageMaker.shadowInvocations.length).toBeLessThan(75);
  });

  test('a shadow that fails disturbs nobody', async () => {
    const setup = setUp();
    setup.sageMaker.setContainers(({ modelName }) => ({
      predict: () => ({ status: modelName === 'model-b' ? 500 : 200, body: new Uint8Array(), contentType: 'text/plain', latencyMillis: 1 }),
    }));
    await single(setup, {}, shadow());
    expect((await invoke(setup)).InvokedProductionVariant).toBe('a');
    await pass(setup, 0.1);
    expect(setup.sageMaker.shadowInvocations).toMatchObject([{ status: 500 }]);
  });

  test.each<[string, Members, Members]>([
    [
      'exactly one',
      {},
      { ShadowProductionVariants: [...shadow().ShadowProductionVariants, ...shadow({ VariantName: 't' }).ShadowProductionVariants] },
    ],
    ['unique', {}, shadow({ VariantName: 'a' })],
    ['Inf1', {}, shadow({ InstanceType: 'ml.inf1.xlarge' })],
    ['asynchronous', {}, { ...shadow(), AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://b/p' } } }],
    ['serverless', { ...NO_INSTANCES, ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }, shadow()],
  ])('refused: %s', async (message, variant, config) => {
    await expect(single(setUp(), variant, config)).rejects.toThrow(message);
  });
});

// https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html
describe('asynchronous endpoints', () => {
  const OK = 'arn:aws:sns:us-east-1:111111111111:ok';
  const BAD = 'arn:aws:sns:us-east-1:111111111111:bad';
  const config = {
    AsyncInferenceConfig: {
      ClientConfig: { MaxConcurrentInvocationsPerInstance: 1 },
      OutputConfig: {
        S3OutputPath: 's3://answers/out',
        S3FailurePath: 's3://answers/failed',
        NotificationConfig: { SuccessTopic: OK, ErrorTopic: BAD },
      },
    },
  };
  const ask = (setup: Setup, extra: Members = {}): Promise<Members> =>
    setup.call(
      'InvokeEndpointAsync',
      { EndpointName: 'Live', InputLocation: 's3://answers/in/1.json', ContentType: 'application/json', ...extra },
      'sagemaker-runtime',
    );

  async function asynchronous(): Promise<{ setup: Setup; files: () => Record<string, string>; messages: Members[] }> {
    const setup = setUp();
    const messages: Members[] = [];
    setup.cloud.stub('sns', {
      Publish: ({ TopicArn, Message }) => {
        messages.push({ TopicArn, ...(JSON.parse(Message) as Members) });
        return { MessageId: 'm' };
      },
    });
    const files = createBucket(setup, 'answers');
    await put(setup, 'answers', 'in/1.json', '[1]');
    await single(setup, { InitialInstanceCount: 1 }, config);
    return { setup, files, messages };
  }

  test('answers go to S3, and the topic hears of them', async () => {
    const { setup, files, messages } = await asynchronous();
    const accepted = await ask(setup, { InferenceId: 'id-1' });
    expect(accepted).toMatchObject({ InferenceId: 'id-1', OutputLocation: expect.stringMatching(/^s3:\/\/answers\/out\/.+\.out$/) });
    await pass(setup, 1);
    expect(files()[String(accepted.OutputLocation).slice('s3://answers/'.length)]).toBe('model-a saw 3 bytes');
    expect(messages).toEqual([
      {
        TopicArn: OK,
        awsRegion: 'us-east-1',
        eventTime: expect.any(String),
        receivedTime: expect.any(String),
        invocationStatus: 'Completed',
        requestParameters: { contentType: 'application/json', endpointName: 'Live', inputLocation: 's3://answers/in/1.json' },
        responseParameters: { contentType: 'text/plain', outputLocation: accepted.OutputLocation },
        inferenceId: 'id-1',
        eventVersion: '1.0',
        eventSource: 'aws:sagemaker',
        eventName: 'InferenceResult',
      },
    ]);
  });

  test('a failure goes to its own path and topic', async () => {
    const { setup, files, messages } = await asynchronous();
    await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
    setup.sageMaker.setContainers(() => ({
      predict: () => ({ status: 500, body: new TextEncoder().encode('broken'), contentType: 'text/plain', latencyMillis: 1 }),
    }));
    await pass(setup, 8);
    const { FailureLocation } = await ask(setup);
    await pass(setup, 1);
    expect(files()[String(FailureLocation).slice('s3://answers/'.length)]).toContain('broken');
    expect(messages).toMatchObject([{ TopicArn: BAD, invocationStatus: 'Failed', failureReason: expect.stringContaining('ClientError') }]);
  });

  test('without instances requests wait, the backlog says so, and they run when an instance comes', async () => {
    const { setup, messages } = await asynchronous();
    const scaleTo = (DesiredInstanceCount: number) =>
      setup.call('UpdateEndpointWeightsAndCapacities', {
        EndpointName: 'Live',
        DesiredWeightsAndCapacities: [{ VariantName: 'a', DesiredInstanceCount }],
      });
    await scaleTo(0);
    await pass(setup, 3);
    await ask(setup);
    await pass(setup, 2);
    expect(messages).toEqual([]);
    // One popular library uses another dimension and never scales: it is EndpointName alone.
    const metric = (name: string) => setup.cloudWatch.metric('AWS/SageMaker', name, { EndpointName: 'Live' }).at(-1)!.max;
    expect([metric('ApproximateBacklogSize'), metric('HasBacklogWithoutCapacity')]).toEqual([1, 1]);
    await scaleTo(1);
    await pass(setup, 8);
    expect(messages).toMatchObject([{ invocationStatus: 'Completed' }]);
  });

  test('what waits longer than its time to live is dropped, and the topic told', async () => {
    const { setup, messages } = await asynchronous();
    await setup.call('UpdateEndpointWeightsAndCapacities', {
      EndpointName: 'Live',
      DesiredWeightsAndCapacities: [{ VariantName: 'a', DesiredInstanceCount: 0 }],
    });
    await pass(setup, 3);
    await ask(setup, { RequestTTLSeconds: 60 });
    await pass(setup, 3);
    expect(messages).toMatchObject([{ TopicArn: BAD, failureReason: expect.stringContaining('expired') }]);
    expect([...setup.cloud.underWay]).toEqual([]);
  });

  // https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html: "an exhaustive list".
  test('publishes the metrics of its queue alone, also while nobody asks', async () => {
    const { setup } = await asynchronous();
    await pass(setup, 3);
    const of = (name: string, dimensions: Record<string, string>) =>
      setup.cloudWatch.metric('AWS/SageMaker', name, { EndpointName: 'Live', ...dimensions });
    expect(of('ApproximateBacklogSizePerInstance', {}).at(-1)!.max).toBe(0);
    expect(of('HasBacklogWithoutCapacity', {}).at(-1)!.max).toBe(0);
    await ask(setup);
    await ask(setup);
    await pass(setup, 2);
    const ofVariant = (name: string) => of(name, { VariantName: 'a' });
    expect(ofVariant('InvocationsProcessed').reduce((sum, point) => sum + point.sum, 0)).toBe(2);
    expect(ofVariant('ModelLatency')[0]!.max).toBe(30_000);
    expect(ofVariant('TimeInBacklog').at(-1)!.max).toBeGreaterThan(30);
    for (const name of ['Invocations', 'InvocationsPerInstance', 'OverheadLatency', 'InvocationModelErrors'])
      expect(ofVariant(name)).toEqual([]);
  });

  test('its queue goes with it', async () => {
    const { setup, messages } = await asynchronous();
    await setup.call('UpdateEndpointWeightsAndCapacities', {
      EndpointName: 'Live',
      DesiredWeightsAndCapacities: [{ VariantName: 'a', DesiredInstanceCount: 0 }],
    });
    await pass(setup, 3);
    await ask(setup);
    await setup.call('DeleteEndpoint', { EndpointName: 'Live' });
    await pass(setup, 3);
    expect([...setup.cloud.underWay]).toEqual([]);
    expect(messages).toEqual([]);
  });

  test('the endpoint is asynchronous only, and others are not', async () => {
    const { setup } = await asynchronous();
    await expect(invoke(setup)).rejects.toThrow('asynchronous');
    const other = setUp();
    await single(other);
    await expect(ask(other)).rejects.toThrow('not asynchronous');
  });
});
