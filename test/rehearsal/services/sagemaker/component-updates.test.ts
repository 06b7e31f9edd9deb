import type { Members } from '../../../../rehearsal/cloud/types';
import { sageMakerResources } from '../../../../rehearsal/services/sagemaker';
import { ask, create, describeIt, hosting, NAME, NEEDS } from './hosting';
import { pass, setUp, type Setup } from './support';

test('what the copies run changes without a break; without room it is undone', async () => {
  const setup = setUp();
  await hosting(setup, { InstanceType: 'ml.g5.12xlarge' });
  await create(setup, 2);
  await pass(setup, 8);
  const update = (ModelName: string, accelerators: number): Promise<Members> =>
    setup.call('UpdateInferenceComponent', {
      InferenceComponentName: NAME,
      Specification: {
        ModelName,
        ComputeResourceRequirements: { MinMemoryRequiredInMb: 4096, NumberOfAcceleratorDevicesRequired: accelerators },
      },
    });
  await update('model-b', 1);
  expect((await describeIt(setup)).InferenceComponentStatus).toBe('Updating');
  const models = new Set<string>();
  for (let index = 0; index < 40; index += 1) {
    models.add(new TextDecoder().decode((await ask(setup)).Body).slice(0, 7));
    await pass(setup, 0.2);
  }
  expect(models).toEqual(new Set(['model-a', 'model-b']));
  expect(await describeIt(setup)).toMatchObject({ InferenceComponentStatus: 'InService', Specification: { ModelName: 'model-b' } });
  await update('model-a', 8);
  await pass(setup, 3);
  expect(await describeIt(setup)).toMatchObject({
    InferenceComponentStatus: 'InService',
    FailureReason: expect.stringContaining('more than an instance'),
    Specification: { ModelName: 'model-b' },
  });
  await ask(setup);
});

describe('an update batch by batch', () => {
  const config = (size: Members, alarm?: string): Members => ({
    RollingUpdatePolicy: { MaximumBatchSize: size, WaitIntervalInSeconds: 120, MaximumExecutionTimeoutInSeconds: 3600 },
    ...(alarm === undefined ? {} : { AutoRollbackConfiguration: { Alarms: [{ AlarmName: alarm }] } }),
  });
  const update = ({ call }: Setup, DeploymentConfig: Members): Promise<Members> =>
    call('UpdateInferenceComponent', {
      InferenceComponentName: NAME,
      Specification: { ModelName: 'model-b', ComputeResourceRequirements: NEEDS },
      DeploymentConfig,
    });
  const models = ({ sageMaker }: Setup): string[] =>
    sageMaker
      .findComponent(NAME)!
      .copies.filter(({ answers }) => answers)
      .map(({ model }) => model.modelName);

  test('each batch is watched before the next one', async () => {
    const setup = setUp();
    await hosting(setup, { InstanceType: 'ml.g5.48xlarge' });
    await create(setup, 4);
    await pass(setup, 6);
    await update(setup, config({ Type: 'CAPACITY_PERCENT', Value: 50 }));
    await pass(setup, 5);
    expect(models(setup).sort()).toEqual(['model-a', 'model-a', 'model-b', 'model-b']);
    expect((await describeIt(setup)).InferenceComponentStatus).toBe('Updating');
    await pass(setup, 10);
    expect(models(setup)).toEqual(['model-b', 'model-b', 'model-b', 'model-b']);
    expect(await describeIt(setup)).toMatchObject({
      InferenceComponentStatus: 'InService',
      Specification: { ModelName: 'model-b' },
      LastDeploymentConfig: { RollingUpdatePolicy: { WaitIntervalInSeconds: 120 } },
    });
  });

  test('an alarm that rings, or does not exist, takes it back', async () => {
    const setup = setUp();
    await hosting(setup, { InstanceType: 'ml.g5.48xlarge' });
    await create(setup, 4);
    await pass(setup, 6);
    await update(setup, config({ Type: 'COPY_COUNT', Value: 2 }, 'none'));
    await pass(setup, 15);
    expect(models(setup)).toEqual(['model-a', 'model-a', 'model-a', 'model-a']);
    expect(await describeIt(setup)).toMatchObject({
      InferenceComponentStatus: 'InService',
      FailureReason: expect.stringContaining('alarms'),
      Specification: { ModelName: 'model-a' },
    });
    expect([...setup.cloud.underWay]).toEqual([]);
  });

  test.each<[string, Members]>([
    ['at most half', config({ Type: 'COPY_COUNT', Value: 3 })],
    ['less than or equal to 50', config({ Type: 'CAPACITY_PERCENT', Value: 60 })],
    ['COPY_COUNT, CAPACITY_PERCENT', config({ Type: 'INSTANCE_COUNT', Value: 1 })],
    ['must be specified', { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'a' }] } }],
  ])('refused: %s', async (message, deployment) => {
    const setup = setUp();
    await hosting(setup, { InstanceType: 'ml.g5.48xlarge' });
    await create(setup, 4);
    await pass(setup, 6);
    await expect(update(setup, deployment)).rejects.toThrow(message);
    expect((await describeIt(setup)).InferenceComponentStatus).toBe('InService');
  });
});

test('CloudFormation waits for the copies, changes their number and removes them', async () => {
  const setup = setUp();
  await hosting(setup);
  const type = sageMakerResources.find((one) => one.type === 'AWS::SageMaker::InferenceComponent')!;
  const context = { cloud: setup.cloud, logicalId: 'Component', physicalName: () => 'stack-component' } as unknown as Parameters<
    typeof type.create
  >[1];
  const run = async <T>(work: Promise<T> | T): Promise<T> => {
    let settled = false;
    const ended = Promise.resolve(work).finally(() => (settled = true));
    ended.catch(() => undefined);
    while (!settled) await pass(setup, 0.25);
    return ended;
  };
  const properties = {
    EndpointName: 'Live',
    VariantName: 'all',
    Specification: { ModelName: 'model-a', ComputeResourceRequirements: NEEDS },
    RuntimeConfig: { CopyCount: 1 },
  };
  const created = await run(type.create(properties, context));
  expect(created.attributes).toMatchObject({ InferenceComponentName: 'stack-component' });
  expect((await describeIt(setup, 'stack-component')).InferenceComponentStatus).toBe('InService');
  await run(type.update!({ ...properties, RuntimeConfig: { CopyCount: 2 } }, properties, created, context));
  expect((await describeIt(setup, 'stack-component')).RuntimeConfig.CurrentCopyCount).toBe(2);
  const tooLarge = {
    ...properties,
    Specification: { ModelName: 'model-a', ComputeResourceRequirements: { MinMemoryRequiredInMb: 1_000_000 } },
  };
  await expect(run(type.update!(tooLarge, properties, created, context))).rejects.toThrow('more than an instance');
  await run(type.remove(created, properties, context));
  await expect(describeIt(setup, 'stack-component')).rejects.toThrow('Could not find');
});
