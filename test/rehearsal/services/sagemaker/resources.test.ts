import type { Members, ResourceContext, ResourceType } from '../../../../rehearsal/cloud/types';
import { sageMakerResources } from '../../../../rehearsal/services/sagemaker';
import { createModel, createSingle, MINUTE, pass, setUp, type Setup } from './support';

const typeOf = (name: string): ResourceType => sageMakerResources.find(({ type }) => type === `AWS::SageMaker::${name}`)!;

const contextOf = ({ cloud }: Setup): ResourceContext =>
  ({ cloud, logicalId: 'Resource', physicalName: () => 'made-up' }) as unknown as ResourceContext;

/** Lets time run until CloudFormation has what it waits for. */
async function run<T>(setup: Setup, work: Promise<T> | T): Promise<T> {
  let settled = false;
  const ended = Promise.resolve(work).finally(() => (settled = true));
  ended.catch(() => undefined);
  while (!settled) await pass(setup, 0.25);
  return ended;
}

const variant = (extra: Members = {}): Members => ({ InitialInstanceCount: 2, InitialVariantWeight: 1, ...extra });

/** Endpoint `Live` made by CloudFormation, whose weight and count then changed at run time: 3 and 5. */
async function deployed(properties: Members = {}) {
  const setup = setUp();
  await createModel(setup, 'model-a');
  await createSingle(setup, 'first', variant());
  await createSingle(setup, 'second', variant({ ModelDataDownloadTimeoutInSeconds: 600 }));
  const type = typeOf('Endpoint');
  const before: Members = { EndpointName: 'Live', EndpointConfigName: 'first', ...properties };
  const created = await run(setup, type.create(before, contextOf(setup)));
  await setup.call('UpdateEndpointWeightsAndCapacities', {
    EndpointName: 'Live',
    DesiredWeightsAndCapacities: [{ VariantName: 'a', DesiredWeight: 3, DesiredInstanceCount: 5 }],
  });
  await pass(setup, 9);
  const update = (changes: Members) => run(setup, type.update!({ ...before, ...changes }, before, created, contextOf(setup)));
  const runs = async (): Promise<Members> => (await setup.call('DescribeEndpoint', { EndpointName: 'Live' })).ProductionVariants[0];
  return { setup, update, runs };
}

describe('an update of an endpoint', () => {
  const AT_RUN_TIME = { CurrentWeight: 3, CurrentInstanceCount: 5 };
  const OF_TEMPLATE = { CurrentWeight: 1, CurrentInstanceCount: 2 };

  test.each<[string, Members, Members]>([
    ['resets weights and counts to the config', {}, OF_TEMPLATE],
    ['keeps both where all variant properties are retained', { RetainAllVariantProperties: true }, AT_RUN_TIME],
    [
      'resets what is excluded from that',
      { RetainAllVariantProperties: true, ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredWeight' }] },
      { CurrentWeight: 1, CurrentInstanceCount: 5 },
    ],
    [
      'and the count, where that is excluded',
      { RetainAllVariantProperties: true, ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredInstanceCount' }] },
      { CurrentWeight: 3, CurrentInstanceCount: 2 },
    ],
  ])('%s', async (_what, properties, expected) => {
    const { setup, update, runs } = await deployed(properties);
    await update({ EndpointConfigName: 'second' });
    expect(await runs()).toMatchObject(expected);
    expect(setup.sageMaker.endpoints()[0]).toMatchObject({ status: 'InService', endpointConfigName: 'second' });
  });

  // https://github.com/aws/aws-cdk/issues/23151
  test('of how it is deployed alone resets them as well, of its tags does not', async () => {
    const { setup, update, runs } = await deployed();
    await update({ Tags: [{ Key: 'team', Value: 'one' }] });
    expect(await runs()).toMatchObject(AT_RUN_TIME);
    expect(setup.sageMaker.tagsOf(setup.cloud.arn('sagemaker', 'endpoint/live'))).toEqual({ team: 'one' });
    await update({ DeploymentConfig: { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE' } } } });
    expect(await runs()).toMatchObject(OF_TEMPLATE);
  });

  test('goes as its DeploymentConfig says', async () => {
    const routing = { Type: 'CANARY', CanarySize: { Type: 'CAPACITY_PERCENT', Value: 50 }, WaitIntervalInSeconds: 900 };
    const DeploymentConfig = { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: routing, TerminationWaitInSeconds: 300 } };
    const { setup, update } = await deployed({ DeploymentConfig, RetainAllVariantProperties: true });
    const startMillis = setup.cloud.clock.now();
    await update({ EndpointConfigName: 'second' });
    expect(setup.cloud.clock.now() - startMillis).toBeGreaterThan(20 * MINUTE);
    const shares = setup.cloud.log.filter(({ event, detail }) => event === 'endpoint-deployment' && detail.status === 'Baking');
    expect(shares.map(({ detail }) => detail.share)).toEqual([0.5, 1]);
  });

  test('to another instance type is refused while the variant is scaled', async () => {
    const { setup, update, runs } = await deployed({ RetainAllVariantProperties: true });
    const target = {
      ServiceNamespace: 'sagemaker',
      ResourceId: 'endpoint/Live/variant/a',
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
    };
    await setup.call('RegisterScalableTarget', { ...target, MinCapacity: 1, MaxCapacity: 9 }, 'application-auto-scaling');
    await createSingle(setup, 'larger', variant({ InstanceType: 'ml.m5.xlarge' }));
    await expect(update({ EndpointConfigName: 'larger' })).rejects.toThrow('must be deregistered as scalable targets');
    await setup.call('DeregisterScalableTarget', target, 'application-auto-scaling');
    await update({ EndpointConfigName: 'larger' });
    expect(await runs()).toMatchObject(AT_RUN_TIME);
  });

  test('that SageMaker rolls back by itself fails', async () => {
    const { setup, update } = await deployed();
    setup.sageMaker.injectEndpointFault({ kind: 'silent-rollback' });
    await expect(update({ EndpointConfigName: 'second' })).rejects.toThrow('it runs another config');
  });
});

describe('a variant', () => {
  const config = async (extra: Members): Promise<void> => {
    const setup = setUp();
    await createModel(setup, 'model-a');
    await createModel(setup, 'closed', { EnableNetworkIsolation: true });
    await createSingle(setup, 'one', extra);
  };
  const prefix = (more: Members = {}): Members => ({
    RoutingConfig: { RoutingStrategy: 'PREFIX_AWARE', PrefixAwareRoutingConfig: { PrefixLength: 4096, ConcurrencyThreshold: 8, ...more } },
  });

  test.each<[string, Members]>([
    ['a volume', { VolumeSizeInGB: 512 }],
    ['time-outs', { ModelDataDownloadTimeoutInSeconds: 3600, ContainerStartupHealthCheckTimeoutInSeconds: 60 }],
    ['least outstanding requests', { RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' } }],
    ['prefix-aware routing', prefix()],
    ['network isolation', { ModelName: 'closed' }],
    ['an image for inference', { InferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-3-1', EnableSSMAccess: false }],
  ])('may have %s', async (_what, extra) => {
    await expect(config(extra)).resolves.toBeUndefined();
  });

  test.each<[string, Members]>([
    ['volumeSizeInGB', { VolumeSizeInGB: 513 }],
    ['disks of its own', { VolumeSizeInGB: 50, InstanceType: 'ml.g5.xlarge' }],
    ['modelDataDownloadTimeoutInSeconds', { ModelDataDownloadTimeoutInSeconds: 59 }],
    ['containerStartupHealthCheckTimeoutInSeconds', { ContainerStartupHealthCheckTimeoutInSeconds: 3601 }],
    ['is required for RoutingStrategy PREFIX_AWARE', { RoutingConfig: { RoutingStrategy: 'PREFIX_AWARE' } }],
    ['is required for RoutingStrategy PREFIX_AWARE', prefix({ ConcurrencyThreshold: undefined })],
    ['prefixLength', prefix({ PrefixLength: 512 })],
    [
      'can only be specified with RoutingStrategy PREFIX_AWARE',
      { RoutingConfig: { ...prefix().RoutingConfig, RoutingStrategy: 'RANDOM' } },
    ],
    [
      'network isolation',
      {
        ModelName: 'closed',
        InstanceType: undefined,
        InitialInstanceCount: undefined,
        ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 },
      },
    ],
    ['CoreDumpConfig is not supported by the laptop cloud', { CoreDumpConfig: { DestinationS3Uri: 's3://b/p' } }],
  ])('is refused: %s', async (message, extra) => {
    await expect(config(extra)).rejects.toThrow(message);
  });
});

describe('a model', () => {
  const model = (container: Members): Promise<void> => createModel(setUp(), 'm', { PrimaryContainer: { Image: 'i', ...container } });
  const source = (extra: Members): Members => ({
    ModelDataSource: { S3DataSource: { S3Uri: 's3://b/model/', S3DataType: 'S3Prefix', CompressionType: 'None', ...extra } },
  });

  test('may have artefacts that are not compressed', async () => {
    await expect(model(source({}))).resolves.toBeUndefined();
    await expect(model(source({ S3Uri: 's3://b/model' }))).rejects.toThrow('must end with a slash');
    await expect(model({ ...source({}), ModelDataUrl: 's3://b/m.tar.gz' })).rejects.toThrow('at the same time');
    await expect(model(source({ ManifestS3Uri: 's3://b/m' }))).rejects.toThrow('ManifestS3Uri is not supported');
  });
});
