import {
  answersKey,
  causeOf,
  endedSubject,
  evaluationJob,
  evaluationModel,
  LINEAGE,
  modelPackage,
  placesOf,
  type StoredRetraining,
} from '../../../core/retraining';

const PARTS = { useCase: 'delay', roleArn: 'arn:aws:iam::111122223333:role/jobs', tags: [{ Key: 'team', Value: 'ops' }] };
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/k';
const VPC = { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
const EXECUTION = 'arn:aws:states:eu-west-1:111122223333:execution:RetrainingMachine-AbC123:t3';

const RUN: StoredRetraining = {
  id: 't3',
  trigger: 'drift',
  reason: 'hour: √JSD 0.31 (limit 0.1); "carrier"',
  requestedBy: 'drift',
  requestedAt: '2026-03-10T09:00:00.000Z',
  status: 'evaluating',
  parentReleaseId: 'r3-aaaaaaaa',
  modelDataUrl: 's3://drift/models/t3/job/output/model.tar.gz',
  data: {
    trainingUri: 's3://drift/training/t3/train.jsonl',
    trainingSha256: 'a'.repeat(64),
    trainingRows: 800,
    evaluationUri: 's3://drift/training/t3/evaluation.jsonl',
    evaluationSha256: 'b'.repeat(64),
    evaluationRows: 200,
  },
  evaluation: { metric: 'mae', candidate: 9, stable: 10, rows: 200, passed: true },
};

describe('places', () => {
  test('keep what expires apart from what a release may run for years', () => {
    const places = placesOf('t3');
    expect(places).toMatchObject({
      training: 'training/t3/train.jsonl',
      output: 'training/t3/output',
      model: 'models/t3/model.tar.gz',
      baseline: 'models/t3/baseline.json',
    });
    expect(answersKey(places)).toBe('training/t3/answers/evaluation-requests.jsonl.out');
  });
});

describe('the model under evaluation', () => {
  const model = { modelName: 'p-t3-1', modelDataUrl: 's3://m', image: 'image:1', environment: { A: '1' } };

  test('is what would be served', () => {
    expect(evaluationModel(PARTS, model)).toEqual({
      ModelName: 'p-t3-1',
      ExecutionRoleArn: PARTS.roleArn,
      PrimaryContainer: { Image: 'image:1', ModelDataUrl: 's3://m', Environment: { A: '1' } },
      Tags: PARTS.tags,
    });
    expect(evaluationModel({ ...PARTS, vpcConfig: VPC }, model)).toMatchObject({ VpcConfig: VPC });
  });

  test('is asked request by request, with the key where volumes take one', () => {
    const job = {
      modelName: 'p-t3-1',
      requestsUri: 's3://d/r.jsonl',
      answersUri: 's3://d/answers',
      contentType: 'application/json',
      instanceType: 'ml.m5.large',
      takesKey: true,
    };
    expect(evaluationJob({ ...PARTS, kmsKeyArn: KEY }, job)).toEqual({
      TransformJobName: 'p-t3-1',
      ModelName: 'p-t3-1',
      BatchStrategy: 'SingleRecord',
      TransformInput: {
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://d/r.jsonl' } },
        ContentType: 'application/json',
        SplitType: 'Line',
      },
      TransformOutput: { S3OutputPath: 's3://d/answers', Accept: 'application/json', AssembleWith: 'Line', KmsKeyId: KEY },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeKmsKeyId: KEY },
      Tags: PARTS.tags,
    });
    expect(JSON.stringify(evaluationJob({ ...PARTS, kmsKeyArn: KEY }, { ...job, takesKey: false }))).not.toContain('VolumeKmsKeyId');
    expect(JSON.stringify(evaluationJob(PARTS, job))).not.toContain('KmsKeyId');
  });
});

describe('the version', () => {
  const policy = { group: 'delay', inference: { image: 'image:1', environment: { A: '1' }, contentType: 'application/json' } };
  const made = modelPackage({
    run: RUN,
    policy,
    executionArn: EXECUTION,
    parentPackageArn: 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/delay/4',
    resultUri: 's3://drift/training/t3/evaluation-result.json',
    driftBaselineUri: 's3://drift/models/t3/baseline.json',
  });

  test('waits for its run to be noted, and is one however often it is asked for', () => {
    expect(made).toMatchObject({
      ModelPackageGroupName: 'delay',
      ModelApprovalStatus: 'PendingManualApproval',
      InferenceSpecification: {
        Containers: [{ Image: 'image:1', ModelDataUrl: RUN.modelDataUrl, Environment: { A: '1' } }],
        SupportedContentTypes: ['application/json'],
        SupportedResponseMIMETypes: ['application/json'],
      },
      MetadataProperties: { GeneratedBy: EXECUTION },
    });
    expect(made['ClientToken']).toMatch(/^[a-zA-Z0-9-]{1,36}$/);
    expect(made['ClientToken']).toContain('t3');
    expect(made).not.toHaveProperty('Tags');
  });

  test('carries its lineage, in what SageMaker takes as metadata', () => {
    const lineage = made['CustomerMetadataProperties'] as Record<string, string>;
    expect(lineage).toMatchObject({
      [LINEAGE.run]: 't3',
      [LINEAGE.trigger]: 'drift',
      [LINEAGE.parentRelease]: 'r3-aaaaaaaa',
      [LINEAGE.parentPackage]: 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/delay/4',
      [LINEAGE.trainingSha256]: 'a'.repeat(64),
      [LINEAGE.evaluationSha256]: 'b'.repeat(64),
      'sluice:drift-baseline': 's3://drift/models/t3/baseline.json',
    });
    for (const value of Object.values(lineage)) {
      expect(value.length).toBeLessThanOrEqual(256);
      expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u);
    }
    expect(lineage[LINEAGE.reason]).toContain('JSD 0.31');
  });

  test('names no parent version and no baseline that there is not', () => {
    const bare = modelPackage({ run: RUN, policy, executionArn: EXECUTION, resultUri: 's3://r' })['CustomerMetadataProperties'];
    expect(bare).not.toHaveProperty([LINEAGE.parentPackage]);
    expect(bare).not.toHaveProperty([LINEAGE.driftBaseline]);
  });

  test('cuts a long reason', () => {
    const long = modelPackage({ run: { ...RUN, reason: 'x'.repeat(500) }, policy, executionArn: EXECUTION, resultUri: 's3://r' });
    expect((long['CustomerMetadataProperties'] as Record<string, string>)[LINEAGE.reason]).toHaveLength(256);
  });
});

describe('what drift asks for', () => {
  const drifted = { check: 'distribution', feature: 'hour', words: 'hour drifts' };
  const moved = { check: 'kpi', feature: 'saved', words: 'saved moved' };
  const told = { releaseId: 'r3', hour: '2026-03-10T08', findings: [moved, drifted] };

  test('is one request per release and hour', () => {
    expect(causeOf(told, { drift: true, kpi: true })).toEqual({
      trigger: 'drift',
      reason: 'hour drifts',
      requestId: 'retraining:drift:r3:2026-03-10T08',
    });
    expect(causeOf(told, { drift: false, kpi: true })).toMatchObject({ trigger: 'kpi', reason: 'saved moved' });
  });

  test('is nothing where the charter does not listen', () => {
    expect(causeOf(told, { drift: false, kpi: false })).toBeUndefined();
    expect(causeOf({ ...told, findings: [moved] }, { drift: true, kpi: false })).toBeUndefined();
    expect(causeOf({ ...told, findings: [] }, { drift: true, kpi: true })).toBeUndefined();
  });

  test('names five findings, and how many more there are', () => {
    const findings = Array.from({ length: 7 }, (_, index) => ({ check: 'missing', feature: `f${index}` }));
    expect(causeOf({ ...told, findings }, { drift: true, kpi: false })?.reason).toBe(
      'f0: missing; f1: missing; f2: missing; f3: missing; f4: missing (and 2 more)',
    );
  });
});

test.each([
  ['registered', 'retraining t3 registered its model'],
  ['refused', 'retraining t3 had nothing to train on'],
  ['rejected', 'retraining t3 made a model that is not taken'],
  ['failed', 'retraining t3 failed'],
] as const)('a run that %s is told as such', (status, words) => {
  expect(endedSubject({ ...RUN, status })).toBe(words);
});
