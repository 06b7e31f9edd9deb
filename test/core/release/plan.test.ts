import type { ControlRecord, ReleaseSpec } from '../../../core/contracts';
import { adoptedRelease } from '../../../core/release/adoption';
import { courseOf } from '../../../core/release/course';
import { endpointNameOf, releaseIdOf, releaseNames } from '../../../core/release/names';
import { planRelease, type Surroundings } from '../../../core/release/plan';
import type { DescribedConfig } from '../../../core/release/sagemaker';
import { planTeardown } from '../../../core/release/teardown';

const spec = {
  useCase: 'support-triage',
  model: { image: 'repo:1', artefactUrl: 's3://models/1.tar.gz', environment: { A: '1' } },
  serving: { mode: 'real-time', instanceType: 'ml.m5.large', minInstances: 2, maxInstances: 4 },
  behaviour: { threshold: 0.62 },
  rollout: { steps: [{ weight: 0.05, bakeMinutes: 30 }], maxDurationMinutes: 600 },
  approvals: { requiredRoles: ['risk'], deadlineMinutes: 60, onDeadline: 'reject' },
} as unknown as ReleaseSpec;
const record = { id: 'r7-3f2a9c1b', spec };
const surroundings: Surroundings = {
  useCase: 'support-triage',
  prefix: 'triage-abc123',
  modelRoleArn: 'arn:aws:iam::111122223333:role/model',
  tags: { team: 'support' },
};
const none: ControlRecord = {
  version: 1,
  mode: 'baseline',
  candidateWeight: 0,
  holdout: 0.02,
  changedAt: '',
  changedBy: '',
  reason: '',
};
const live: ControlRecord = {
  ...none,
  mode: 'live',
  endpointName: 'triage-abc123-endpoint',
  endpointConfigName: 'triage-abc123-r6-live',
  stable: { releaseId: 'r6', variantName: 'a', modelName: 'triage-abc123-r6', endpointConfigName: 'triage-abc123-r6-live' },
};
const config: DescribedConfig = {
  EndpointConfigName: 'triage-abc123-r6-live',
  ProductionVariants: [
    {
      VariantName: 'a',
      ModelName: 'triage-abc123-r6',
      InstanceType: 'ml.g5.xlarge',
      InitialInstanceCount: 3,
      InitialVariantWeight: 1,
      VolumeSizeInGB: 8,
    },
  ],
};

describe('a first release', () => {
  const plan = planRelease(record, none, undefined, surroundings);

  test('stands alone in slot a of a new endpoint, in the config that it keeps', () => {
    expect(plan).toMatchObject({
      first: true,
      endpointName: 'triage-abc123-endpoint',
      darkConfigName: 'triage-abc123-r7-3f2a9c1b-live',
      liveConfigName: 'triage-abc123-r7-3f2a9c1b-live',
      obsoleteConfigs: [],
      obsoleteModels: [],
    });
    expect(plan.createDarkConfig.ProductionVariants).toEqual([
      {
        VariantName: 'a',
        ModelName: 'triage-abc123-r7-3f2a9c1b',
        InstanceType: 'ml.m5.large',
        InitialInstanceCount: 2,
        InitialVariantWeight: 1,
      },
    ]);
    expect(plan.endpoint).toMatchObject({ EndpointConfigName: plan.darkConfigName });
    expect(plan.endpoint).not.toHaveProperty('RetainAllVariantProperties');
    expect(plan.stableConfigName).toBeUndefined();
    expect(plan.restoreEndpoint).toBeUndefined();
  });

  test('hands its behaviour to the container, and is tagged', () => {
    expect(plan.createModel).toEqual({
      ModelName: 'triage-abc123-r7-3f2a9c1b',
      ExecutionRoleArn: surroundings.modelRoleArn,
      PrimaryContainer: {
        Image: 'repo:1',
        ModelDataUrl: 's3://models/1.tar.gz',
        Environment: { A: '1', SLUICE_BEHAVIOUR: '{"threshold":0.62}' },
      },
      Tags: [
        { Key: 'team', Value: 'support' },
        { Key: 'sluice:use-case', Value: 'support-triage' },
        { Key: 'sluice:stack', Value: 'triage-abc123' },
        { Key: 'sluice:release', Value: 'r7-3f2a9c1b' },
      ],
    });
  });
});

describe('a further release', () => {
  const plan = planRelease(record, live, config, surroundings);

  test('takes the other slot at weight 0, beside stable as it was described', () => {
    expect(plan.candidate.variantName).toBe('b');
    expect(plan.createDarkConfig.ProductionVariants).toEqual([
      config.ProductionVariants[0],
      // As many instances as its first share of 5 % needs.
      { VariantName: 'b', ModelName: plan.modelName, InstanceType: 'ml.m5.large', InitialInstanceCount: 1, InitialVariantWeight: 0 },
    ]);
    expect(plan.createLiveConfig.ProductionVariants).toEqual([expect.objectContaining({ VariantName: 'b', InitialVariantWeight: 1 })]);
  });

  test('retains instance counts, but takes the weights of its own config: a slot may have been used before', () => {
    expect(plan.endpoint).toEqual({
      EndpointName: 'triage-abc123-endpoint',
      EndpointConfigName: plan.darkConfigName,
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredWeight' }, { VariantPropertyType: 'DataCaptureConfig' }],
    });
    expect(plan.liveEndpoint.ExcludeRetainedVariantProperties).toContainEqual({ VariantPropertyType: 'DesiredWeight' });
    expect(plan.restoreEndpoint?.EndpointConfigName).toBe('triage-abc123-r6-live');
  });

  test('makes the dark config and the old release superfluous', () => {
    expect(plan.obsoleteConfigs).toEqual([plan.darkConfigName, 'triage-abc123-r6-live']);
    expect(plan.obsoleteModels).toEqual(['triage-abc123-r6']);
  });

  test('is refused without the config that stable runs in', () => {
    expect(() => planRelease(record, live, undefined, surroundings)).toThrow("no variant 'a'");
  });

  test('never deletes what was adopted, and keeps its data capture', () => {
    const stable = { releaseId: 'r0-12345678', variantName: 'AllTraffic', modelName: 'legacy', endpointConfigName: 'legacy-config' };
    const described = {
      EndpointConfigName: 'legacy-config',
      ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'legacy', InstanceType: 'ml.m5.large' }],
      DataCaptureConfig: { EnableCapture: true },
    };
    const adopted = planRelease(record, { ...live, endpointName: 'legacy', endpointAdopted: true, stable }, described, surroundings);
    expect(adopted.candidate.variantName).toBe('a');
    expect(adopted.endpointName).toBe('legacy');
    expect(adopted.obsoleteConfigs).toEqual([adopted.darkConfigName]);
    expect(adopted.obsoleteModels).toEqual([]);
    expect(adopted.createDarkConfig.DataCaptureConfig).toEqual({ EnableCapture: true });
  });
});

describe('surroundings', () => {
  test('a model package, a network and a key', () => {
    const packaged = { ...spec, model: { modelPackageArn: 'arn:package/7', environment: {} } } as ReleaseSpec;
    const vpcConfig = { Subnets: ['s-1'], SecurityGroupIds: ['g-1'] };
    const plan = planRelease({ id: 'r1-a', spec: packaged }, none, undefined, { ...surroundings, vpcConfig, kmsKeyArn: 'arn:key' });
    expect(plan.createModel.PrimaryContainer).toMatchObject({ ModelPackageName: 'arn:package/7' });
    expect(plan.createModel.PrimaryContainer.Image).toBeUndefined();
    expect(plan.createModel.VpcConfig).toEqual(vpcConfig);
    expect(plan.createDarkConfig.KmsKeyId).toBe('arn:key');
  });

  test.each(['ml.g5.xlarge', 'ml.m5d.large', 'ml.p4d.24xlarge', 'ml.g6e.2xlarge'])('no key for the local disks of %s', (instanceType) => {
    const local = { ...spec, serving: { ...spec.serving, instanceType } };
    const plan = planRelease({ id: 'r1-a', spec: local }, none, undefined, { ...surroundings, kmsKeyArn: 'arn:key' });
    expect(plan.createDarkConfig.KmsKeyId).toBeUndefined();
  });

  test('a behaviour too long for an environment variable is refused by name', () => {
    const long = { ...spec, behaviour: { prompt: 'x'.repeat(1100) } };
    expect(() => planRelease({ id: 'r1-a', spec: long }, none, undefined, surroundings)).toThrow('SLUICE_BEHAVIOUR');
  });
});

describe('names', () => {
  test('fit SageMaker, or are refused', () => {
    expect(releaseIdOf(7, '3f2a9c1bdeadbeef')).toBe('r7-3f2a9c1b');
    expect(endpointNameOf('triage')).toBe('triage-endpoint');
    expect(() => releaseNames('p'.repeat(48), 'r7-3f2a9c1b')).toThrow('63');
    expect(() => releaseNames('under_score', 'r7-3f2a9c1b')).toThrow('RESOURCE_PREFIX');
  });

  test('of the course are those of the plan', () => {
    expect(courseOf(record, none, 'triage-abc123')).toMatchObject({ first: true, endpointName: 'triage-abc123-endpoint' });
    expect(courseOf(record, live, 'x')).toMatchObject({ first: false, endpointName: 'triage-abc123-endpoint', steps: spec.rollout.steps });
  });
});

describe('adoption', () => {
  const endpoint = { EndpointName: 'legacy', EndpointConfigName: 'legacy-config', EndpointStatus: 'InService' };
  const described: DescribedConfig = {
    EndpointConfigName: 'legacy-config',
    ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'legacy' }],
  };

  test('reads the endpoint as a stable release whose id fits a decision id', () => {
    const stable = adoptedRelease('legacy', endpoint, described);
    expect(stable).toMatchObject({ variantName: 'AllTraffic', modelName: 'legacy', endpointConfigName: 'legacy-config' });
    expect(stable.releaseId).toMatch(/^r0-[0-9a-f]{8}$/);
  });

  const one = described.ProductionVariants[0] ?? { VariantName: '' };
  test.each([
    ['its status is Updating', { ...endpoint, EndpointStatus: 'Updating' }, described],
    ['2 production variants', endpoint, { ...described, ProductionVariants: [one, one] }],
    ['serverless', endpoint, { ...described, ProductionVariants: [{ ...one, ServerlessConfig: {} }] }],
    ['shadow variant', endpoint, { ...described, ShadowProductionVariants: [one] }],
    ['inference components', endpoint, { ...described, ProductionVariants: [{ VariantName: 'AllTraffic' }] }],
  ])('refuses: %s', (why, anEndpoint, aConfig) => {
    expect(() => adoptedRelease('legacy', anEndpoint, aConfig)).toThrow(why);
  });
});

describe('teardown', () => {
  const found = {
    endpoints: ['legacy', 'p-endpoint'],
    endpointConfigs: ['p-r1-dark', 'legacy-config'],
    models: ['p-r1', 'legacy-model'],
    components: ['p-r1'],
    releases: [{ releaseId: 'r1', executionArn: 'arn' }],
  };

  test('takes everything of ours', () => {
    expect(planTeardown(live, found)).toBe(found);
    expect(planTeardown(undefined, found)).toBe(found);
  });

  test('leaves an adopted endpoint on its own config', () => {
    const stable = { releaseId: 'r0', variantName: 'x', modelName: 'legacy-model', endpointConfigName: 'legacy-config' };
    const adopted = { ...live, endpointName: 'legacy', endpointAdopted: true, stable };
    const plan = planTeardown(adopted, found, { status: 'InService', configName: 'p-r1-dark' });
    expect(plan).toMatchObject({ endpoints: ['p-endpoint'], endpointConfigs: ['p-r1-dark'], models: ['p-r1'] });
    expect(plan.restoreEndpoint).toMatchObject({ EndpointName: 'legacy', EndpointConfigName: 'legacy-config' });
    expect(plan.endpointBusy).toBe(false);
    expect(planTeardown(adopted, found, { status: 'Updating', configName: 'p-r1-dark' }).endpointBusy).toBe(true);
    expect(planTeardown(adopted, found, { status: 'InService', configName: 'legacy-config' }).restoreEndpoint).toBeUndefined();
    expect(planTeardown(adopted, found).restoreEndpoint).toBeUndefined();
  });
});
