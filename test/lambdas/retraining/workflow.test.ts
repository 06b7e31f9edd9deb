import '../quiet';
import { ledgerKeys } from '../../../core/contracts';
import type { DriftBaseline } from '../../../core/drift/types';
import { LINEAGE } from '../../../core/retraining';
import { named } from '../support';
import { begun, COUNT, DRIFT, lines, NOW, POLICY, type Scene, scene, select, STABLE } from './scene';

const NAME = 'delay-abc123-t1-01234567';
const LEFT = `training/t1/output/${NAME}/output/model.tar.gz`;
const MODEL = `s3://${DRIFT}/models/t1/model.tar.gz`;

/** As the transform job leaves them: an answer to each line of the requests. */
function answer(the: Scene, of: (hour: number) => unknown): void {
  const requests = lines(the, 'training/t1/evaluation-requests.jsonl');
  const answers = requests.map(({ hour }) => JSON.stringify(of(Number(hour))));
  the.s3.put(DRIFT, 'training/t1/answers/evaluation-requests.jsonl.out', `${answers.join('\n')}\n`);
}

/** Up to the new model's answers. */
async function scored(of: (hour: number) => unknown, the?: Scene): Promise<{ the: Scene; upToHash: number }> {
  const run = the ?? (await begun());
  const { upToHash } = await select(run);
  run.s3.put(DRIFT, LEFT, 'model');
  await run.act({ action: 'prepare', runId: 't1', name: NAME, modelDataUrl: `s3://${DRIFT}/${LEFT}` });
  answer(run, of);
  return { the: run, upToHash: Number(upToHash) };
}
const evaluated = async (of: (hour: number) => unknown, the?: Scene) => {
  const at = await scored(of, the);
  return { the: at.the, answer: await at.the.act({ action: 'evaluate', runId: 't1', upToHash: at.upToHash }) };
};

describe('preparing the evaluation', () => {
  const prepare = (the: Scene, modelDataUrl?: string | null) => the.act({ action: 'prepare', runId: 't1', name: NAME, modelDataUrl });

  test('plans the model as it would be served, with what stable is told', async () => {
    const the = await begun();
    the.s3.put(DRIFT, LEFT, 'model');
    const plan = await prepare(the, `s3://${DRIFT}/${LEFT}`);
    expect(plan['createModel']).toEqual({
      ModelName: NAME,
      ExecutionRoleArn: 'arn:aws:iam::111122223333:role/jobs',
      PrimaryContainer: {
        Image: 'serve:1',
        ModelDataUrl: MODEL,
        Environment: { MODE: 'fast', A: '1', SLUICE_BEHAVIOUR: '{"threshold":0.62}' },
      },
      Tags: [
        { Key: 'team', Value: 'ops' },
        { Key: 'sluice:use-case', Value: 'flight-delay' },
        { Key: 'sluice:stack', Value: 'delay-abc123' },
        { Key: 'sluice:retraining-run', Value: 't1' },
      ],
    });
    expect(plan['transformJob']).toMatchObject({
      TransformJobName: NAME,
      TransformInput: { DataSource: { S3DataSource: { S3Uri: 's3://drift/training/t1/evaluation-requests.jsonl' } } },
      TransformOutput: { S3OutputPath: 's3://drift/training/t1/answers' },
    });
    expect(the.run()).toMatchObject({ status: 'evaluating', modelName: NAME, modelDataUrl: MODEL });
  });

  test('keeps to the network and the key of the use case', async () => {
    const the = await begun();
    the.s3.put(DRIFT, LEFT, 'model');
    const vpcConfig = { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
    Object.assign(the.working, { vpcConfig, kmsKeyArn: 'key' });
    const plan = await prepare(the, `s3://${DRIFT}/${LEFT}`);
    expect(plan['createModel']).toMatchObject({ VpcConfig: vpcConfig });
    expect(plan['transformJob']).toMatchObject({ TransformResources: { VolumeKmsKeyId: 'key' }, TransformOutput: { KmsKeyId: 'key' } });
  });

  test('finds the one model that a pipeline left', async () => {
    const the = await begun();
    the.s3.put(DRIFT, 'training/t1/output/pipelines xyz/model.tar.gz', 'model');
    the.s3.put(DRIFT, 'training/t1/output/pipelines xyz/log.txt', 'x');
    await prepare(the, null);
    expect(the.run().modelDataUrl).toBe(MODEL);
  });

  test('evaluates and registers a copy that nothing which trains may write', async () => {
    const the = await begun();
    the.s3.put(DRIFT, LEFT, 'model');
    await prepare(the, `s3://${DRIFT}/${LEFT}`);
    the.s3.put(DRIFT, LEFT, 'changed after it was looked at');
    expect(the.s3.text(DRIFT, 'models/t1/model.tar.gz')).toBe('model');
  });

  test('tells the model nothing of the container that stable runs in', async () => {
    const the = await begun();
    const environment = { A: '1', SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: '/x' };
    await the.ledger.update(ledgerKeys.release(STABLE), {
      text: 'SET #spec.#model = :model',
      names: { '#spec': 'spec', '#model': 'model' },
      values: { ':model': { image: 'i', environment } },
    });
    the.s3.put(DRIFT, LEFT, 'model');
    const { createModel } = await prepare(the, `s3://${DRIFT}/${LEFT}`);
    expect(createModel).toMatchObject({
      PrimaryContainer: { Environment: { MODE: 'fast', A: '1', SLUICE_BEHAVIOUR: expect.any(String) as string } },
    });
    expect(JSON.stringify(createModel)).not.toContain('SAGEMAKER_');
  });

  test.each<[string, (the: Scene) => void, string | undefined, RegExp]>([
    ['there is none', () => undefined, undefined, /left 0 files model.tar.gz below s3:\/\/drift\/training\/t1\/output\//],
    [
      'there are two',
      (the) => ['a', 'b'].forEach((name) => the.s3.put(DRIFT, `training/t1/output/${name}/model.tar.gz`, 'x')),
      undefined,
      /left 2 files/,
    ],
    ['nothing is where it is said to be', () => undefined, `s3://${DRIFT}/${LEFT}`, /nothing is there/],
    [
      'it lies in another bucket',
      () => undefined,
      's3://elsewhere/training/t1/output/model.tar.gz',
      /must lie below s3:\/\/drift\/training\/t1\/output\//,
    ],
    ['it is of another run', () => undefined, 's3://drift/training/t9/output/model.tar.gz', /must lie below/],
  ])('fails for good where %s', async (_, put, url, words) => {
    const the = await begun();
    put(the);
    await expect(prepare(the, url)).rejects.toMatchObject({ name: 'NoModel', message: expect.stringMatching(words) as string });
    expect(the.run().status).not.toBe('evaluating');
  });
});

describe('evaluating', () => {
  test('compares on the newest requests, and keeps what it came to', async () => {
    const { the, answer: said } = await evaluated((hour) => ({ delay: hour + 4 }));
    expect(said).toEqual({
      passed: true,
      reason: expect.stringMatching(/^mae on 200 requests: 4 against stable's 10, ahead by 0.6/) as string,
    });
    expect(the.run().evaluation).toMatchObject({ metric: 'mae', candidate: 4, stable: 10, rows: 200, passed: true });
    expect(the.s3.json(DRIFT, 'models/t1/evaluation-result.json')).toMatchObject({
      run: 't1',
      ok: true,
      candidate: 4,
      stable: 10,
      passed: true,
    });
  });

  test('rejects what is worse, and fits no baseline to it', async () => {
    const { the, answer: said } = await evaluated((hour) => ({ delay: hour + 11 }));
    expect(said).toEqual({ passed: false, reason: expect.stringMatching(/^the new model is worse: mae .*behind by 0.1/) as string });
    expect(the.run()).toMatchObject({ status: 'evaluating', evaluation: { passed: false } });
    expect(the.s3.keys(DRIFT, 'models/')).not.toContain('models/t1/baseline.json');
  });

  test('lets it be worse by as much as the charter allows', async () => {
    const settings = { evaluation: { metric: 'mae', notWorseBy: 0.1, instanceType: 'ml.m5.large' } };
    expect((await evaluated((hour) => ({ delay: hour + 11 }), await begun({}, settings))).answer['passed']).toBe(true);
  });

  test('rejects a model that does not say what is compared', async () => {
    const { answer: said } = await evaluated((hour) => ({ minutes: hour }));
    expect(said).toEqual({ passed: false, reason: 'the new model answered 200 of 200 requests without a usable prediction' });
  });

  test('fails for good where answers and requests do not fit', async () => {
    const { the, upToHash } = await scored((hour) => ({ delay: hour }));
    the.s3.put(DRIFT, 'training/t1/answers/evaluation-requests.jsonl.out', '{"delay":1}\n');
    await expect(the.act({ action: 'evaluate', runId: 't1', upToHash })).rejects.toMatchObject({ name: 'AnswersDoNotFit' });
  });

  test('fails where the job left no answers', async () => {
    const { the, upToHash } = await scored((hour) => ({ delay: hour }));
    the.s3.objects.delete(`${DRIFT}/training/t1/answers/evaluation-requests.jsonl.out`);
    await expect(the.act({ action: 'evaluate', runId: 't1', upToHash })).rejects.toThrow('NoSuchKey');
  });

  test('fails where the drift policy does not say what a prediction is', async () => {
    const { the, upToHash } = await scored((hour) => ({ delay: hour }));
    the.working.driftPolicyUri = 's3://assets/without.json';
    the.s3.put('assets', 'without.json', JSON.stringify({ ...POLICY, truth: undefined }));
    await expect(the.act({ action: 'evaluate', runId: 't1', upToHash })).rejects.toThrow(/drift policy has no truth/);
  });

  test('fits the drift baseline to what the new model answers, over the whole time', async () => {
    const { the } = await evaluated((hour) => ({ delay: hour + 4 }));
    const baseline = the.s3.json<DriftBaseline>(DRIFT, 'models/t1/baseline.json');
    expect(baseline).toMatchObject({
      schema: 'sluice.drift-baseline/v1',
      profile: { rows: COUNT },
      source: { kind: 'retraining', uri: 's3://drift/training/t1/train.jsonl', sha256: the.run().data?.trainingSha256 },
    });
    // The new model's delays run from 4 to 27, stable's from 10 to 33.
    const delay = baseline.layout.features.find(({ name }) => name === 'delay');
    if (delay?.kind !== 'numeric') throw new Error('no delay');
    expect(Math.min(...delay.edges)).toBeLessThan(10);
    expect(Math.max(...delay.edges)).toBeLessThan(28);
  });

  test('goes on without a baseline where none can be fitted', async () => {
    const the = await begun();
    await scored((hour) => ({ delay: hour }), the);
    // No row is in the sample.
    expect(await the.act({ action: 'evaluate', runId: 't1', upToHash: -1 })).toMatchObject({ passed: true });
    expect(the.s3.keys(DRIFT, 'models/')).not.toContain('models/t1/baseline.json');
  });

  test('puts a run before its board', async () => {
    const approval = {
      requiredRoles: ['quality'],
      deadlineMinutes: 120,
      onDeadline: 'reject',
      escalation: { afterMinutes: 30, roles: ['process'] },
    };
    const the = await begun({}, { approval });
    const { answer: said } = await evaluated((hour) => ({ delay: hour }), the);
    expect(said).toMatchObject({ passed: true, board: { deadlineMinutes: 120, escalateAfterMinutes: 30 } });
    expect(the.run()).toMatchObject({ status: 'approving', approval: { requiredRoles: ['quality'] } });
    const nobody = await begun({}, { approval: { ...approval, requiredRoles: [] } });
    expect((await evaluated((hour) => ({ delay: hour }), nobody)).answer).not.toHaveProperty('board');
  });
});

describe('registering', () => {
  const EXECUTION = 'arn:aws:states:eu-west-1:111122223333:execution:retraining:t1';
  const register = (the: Scene) => the.act({ action: 'register', runId: 't1', executionArn: EXECUTION });

  test('carries the lineage of the run', async () => {
    const { the } = await evaluated((hour) => ({ delay: hour }));
    const { register: may, modelPackage } = await register(the);
    expect(may).toBe(true);
    expect(modelPackage).toMatchObject({
      ModelPackageGroupName: 'delay',
      ModelApprovalStatus: 'PendingManualApproval',
      InferenceSpecification: { Containers: [{ Image: 'serve:1', ModelDataUrl: MODEL, Environment: { MODE: 'fast' } }] },
      CustomerMetadataProperties: {
        [LINEAGE.run]: 't1',
        [LINEAGE.parentRelease]: STABLE,
        [LINEAGE.parentPackage]: 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/delay/4',
        [LINEAGE.driftBaseline]: 's3://drift/models/t1/baseline.json',
      },
    });
  });

  test('names no baseline that there is not', async () => {
    const { the } = await evaluated((hour) => ({ delay: hour }));
    the.s3.objects.delete(`${DRIFT}/models/t1/baseline.json`);
    expect(JSON.stringify(await register(the))).not.toContain(LINEAGE.driftBaseline);
  });

  test.each<[string, object, RegExp]>([
    [
      'somebody else became stable',
      { stable: { releaseId: 'r4', variantName: 'b', modelName: 'm', endpointConfigName: 'c' } },
      /r4 is stable now, and the new model was compared with r3/,
    ],
    ['nobody is stable any more', { stable: undefined }, /nobody is stable now/],
    ['the kill switch went on', { mode: 'killed' }, /kill switch went on meanwhile/],
  ])('is refused where %s', async (_, change, words) => {
    const { the } = await evaluated((hour) => ({ delay: hour }));
    await the.control(change);
    expect(await register(the)).toEqual({ register: false, reason: expect.stringMatching(words) as string });
  });

  test('notes the version while the run is open', async () => {
    const the = await begun();
    await the.act({ action: 'note-package', runId: 't1', packageArn: 'arn:p/5' });
    expect(the.run().modelPackageArn).toBe('arn:p/5');
    await the.act({ action: 'finish', runId: 't1', status: 'failed', reason: 'x' });
    await expect(the.act({ action: 'note-package', runId: 't1', packageArn: 'arn:p/6' })).rejects.toThrow(
      /has ended: its version is not approved/,
    );
  });
});

describe('the end', () => {
  const finish = (the: Scene, status: 'registered' | 'refused' | 'rejected' | 'failed', reason = 'because') =>
    the.act({ action: 'finish', runId: 't1', status, reason });

  test.each([
    ['registered', 'info'],
    ['refused', 'info'],
    ['rejected', 'warning'],
    ['failed', 'warning'],
  ] as const)('%s is kept and told', async (status, severity) => {
    const the = await begun();
    expect(await finish(the, status)).toEqual({ runId: 't1', status, reason: 'because' });
    expect(the.run()).toMatchObject({ status, outcome: 'because', endedAt: new Date(NOW).toISOString(), announced: true });
    expect(the.told.at(-1)).toMatchObject({ event: 'RetrainingEnded', severity, facts: { run: 't1', status, why: 'because' } });
    expect(the.state()).not.toHaveProperty('running');
    // Nothing was trained yet.
    expect(the.state()).toMatchObject({ runs: 0 });
    expect(the.state()).not.toHaveProperty('lastBeganAt');
    expect(the.counted).toEqual({
      RetrainingRuns: 1,
      RetrainingFailed: status === 'failed' ? 1 : 0,
      RetrainingRegistered: status === 'registered' ? 1 : 0,
    });
  });

  test('counts for the month and the cool-down once there was data to train on', async () => {
    const the = await begun();
    await select(the);
    await finish(the, 'failed');
    expect(the.state()).toMatchObject({ runs: 1, lastBeganAt: new Date(NOW).toISOString() });
  });

  test('stops a pipeline that still trains, and no other', async () => {
    const pipelineExecutionArn = 'arn:aws:sagemaker:eu-west-1:111122223333:pipeline/p/execution/x';
    const the = await begun();
    await the.act({ action: 'note-pipeline', runId: 't1', pipelineExecutionArn });
    await finish(the, 'failed');
    expect(the.sagemaker).toEqual([
      {
        name: 'StopPipelineExecution',
        input: { PipelineExecutionArn: pipelineExecutionArn, ClientRequestToken: expect.stringMatching(/^[0-9a-f]{64}$/) as never },
      },
    ]);
    const done = await begun();
    await done.act({ action: 'note-pipeline', runId: 't1', pipelineExecutionArn });
    await scored((hour) => ({ delay: hour }), done);
    await finish(done, 'rejected');
    expect(done.sagemaker.map(({ name }) => name)).toEqual(['DeleteModel']);
    const over = await begun();
    await over.act({ action: 'note-pipeline', runId: 't1', pipelineExecutionArn });
    over.working.sagemaker.send = (async () => {
      throw named('ValidationException');
    }) as never;
    await finish(over, 'failed');
    expect(over.state()).not.toHaveProperty('running');
  });

  test('deletes the model that was evaluated, once it was planned', async () => {
    const { the } = await scored((hour) => ({ delay: hour }));
    await finish(the, 'failed');
    expect(the.sagemaker).toEqual([{ name: 'DeleteModel', input: { ModelName: NAME } }]);
    const early = await begun();
    await finish(early, 'failed');
    expect(early.sagemaker).toEqual([]);
  });

  test.each([['ValidationException'], ['ThrottlingException']])('comes even where deleting says %s', async (name) => {
    const { the } = await scored((hour) => ({ delay: hour }));
    the.working.sagemaker.send = (async () => {
      throw named(name);
    }) as never;
    await finish(the, 'failed');
    expect(the.state()).not.toHaveProperty('running');
  });

  test('asked again does what is owed, and the first ending stands', async () => {
    const the = await begun();
    the.notifying.problem = new Error('no topic');
    await expect(finish(the, 'rejected', 'worse')).rejects.toThrow('no topic');
    expect(the.state()).not.toHaveProperty('running');
    delete the.notifying.problem;
    expect(await finish(the, 'failed', 'other')).toMatchObject({ status: 'rejected', reason: 'worse' });
    expect(the.told.filter(({ event }) => event === 'RetrainingEnded')).toHaveLength(1);
    await finish(the, 'failed', 'other');
    expect(the.told.filter(({ event }) => event === 'RetrainingEnded')).toHaveLength(1);
  });

  test('waits for whoever writes the state at the same time', async () => {
    const the = await begun();
    const state = the.state();
    the.before('PutItem', async () => void (await the.ledger.put(ledgerKeys.retraining(), { ...state, revision: 77 })));
    await finish(the, 'failed');
    expect(the.state()).toMatchObject({ revision: 78 });
    expect(the.state()).not.toHaveProperty('running');
  });

  test('of a run that there is not is an error', async () => {
    const the = await scene();
    await expect(finish(the, 'failed')).rejects.toThrow(/no retraining run 't1'/);
  });

  test('tells nothing of the data', async () => {
    const the = await begun();
    await select(the);
    await finish(the, 'failed');
    const told = JSON.stringify(the.told);
    expect(told).toContain('"trainingRows":300');
    expect(told).not.toMatch(/"hour":|d17/);
  });
});
