import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Members } from '../../../rehearsal/cloud/types';
import type { S3 } from '../../../rehearsal/services/s3';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import { Laptop } from '../../../rehearsal/world/laptop';
import { putStandIns } from '../../../rehearsal/world/prepare';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';
import { trainingRunner, type TrainingModule } from '../../../rehearsal/world/trained-models';

const startMillis = Date.parse('2026-03-02T09:00:00Z');
const world = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:role/world' } as const;

const COUNTING: TrainingModule = {
  train: ({ channels, hyperParameters }) => {
    if (channels.train!.length < 2) throw new Error('too few rows');
    return { files: { 'model.json': JSON.stringify({ rows: channels.train!.length, ...hyperParameters }) }, runMinutes: 9 };
  },
  load: () => ({ predict: () => ({}) }),
};

const STEP = {
  Name: 'Train',
  Type: 'Training',
  Arguments: {
    RoleArn: 'arn:aws:iam::123456789012:role/teams/Trainer',
    AlgorithmSpecification: { TrainingImage: 'trainer:1', TrainingInputMode: 'File' },
    HyperParameters: { depth: { Get: 'Parameters.Depth' } },
    InputDataConfig: [
      { ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: { Get: 'Parameters.TrainingData' } } } },
    ],
    OutputDataConfig: {
      S3OutputPath: { 'Std:Join': { On: '/', Values: [{ Get: 'Parameters.OutputPath' }, { Get: 'Execution.PipelineExecutionId' }] } },
    },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  },
};
const DEFINITION = {
  Version: '2020-12-01',
  Parameters: [{ Name: 'Depth', Type: 'String', DefaultValue: '3' }, { Name: 'TrainingData' }, { Name: 'OutputPath' }],
  Steps: [STEP, { Name: 'Note', Type: 'Model' }],
};

interface Played {
  execution: Members;
  steps: Members[];
  files: string[];
  minutes: number;
}

/** Runs the scenario's pipeline once, over these rows. */
async function play(rows: string, definition: object = DEFINITION): Promise<Played> {
  const directory = mkdtempSync(path.join(tmpdir(), 'pipelines-'));
  writeFileSync(path.join(directory, 'retrain.json'), JSON.stringify(definition));
  const pipelines = { retrain: 'retrain.json' };
  const scenario = scenarioSchema.parse({ title: 'p', duration: '1h', traffic: { perMinute: 1 }, arms: {}, pipelines });
  const laptop = new Laptop({ startMillis, seed: 1, faults: [] });
  await putStandIns(laptop, { directory, scenario } as RehearsalJob);
  const { cloud, clock, random, sageMaker } = laptop;
  const parts = { cloud, random: random.fork('training'), hold: (what: string) => clock.hold(what), file: 'training.mjs' };
  sageMaker.setJobRunner('training', trainingRunner(COUNTING, parts));
  const bucket = cloud.double<S3>('s3').createBucket('data', { versioning: undefined, objectLock: false, eventBridge: false, tags: [] });
  const call = (operation: string, input: Members, service = 'sagemaker'): Promise<Members> => cloud.call(service, operation, input, world);
  return clock.complete(
    (async () => {
      await call('PutObject', { Bucket: 'data', Key: 'rows.jsonl', Body: Buffer.from(rows) }, 's3');
      const PipelineParameters = [
        { Name: 'TrainingData', Value: 's3://data/rows.jsonl' },
        { Name: 'OutputPath', Value: 's3://data/models' },
      ];
      const start = { PipelineName: 'retrain', ClientRequestToken: 'a'.repeat(32), PipelineParameters };
      const { PipelineExecutionArn } = await call('StartPipelineExecution', start);
      expect((await call('StartPipelineExecution', start)).PipelineExecutionArn).toBe(PipelineExecutionArn);
      let execution: Members;
      do {
        await clock.sleep(30_000);
        execution = await call('DescribePipelineExecution', { PipelineExecutionArn });
      } while (execution.PipelineExecutionStatus === 'Executing');
      const { PipelineExecutionSteps } = await call('ListPipelineExecutionSteps', { PipelineExecutionArn });
      const files = bucket.keys().filter((key) => key.startsWith('models/'));
      return { execution, steps: PipelineExecutionSteps as Members[], files, minutes: (clock.now() - startMillis) / 60_000 };
    })(),
  );
}

test('a training step trains on what its parameters name, with roles that nobody judges', async () => {
  const { execution, steps, files, minutes } = await play('{"y":1}\n{"y":2}\n');
  expect(execution.PipelineExecutionStatus).toBe('Succeeded');
  expect(steps.map(({ StepName, StepStatus }) => [StepName, StepStatus])).toEqual(
    expect.arrayContaining([
      ['Train', 'Succeeded'],
      ['Note', 'Succeeded'],
    ]),
  );
  expect(files).toEqual([expect.stringMatching(/^models\/[0-9a-f]{12}\/pipelines-[0-9a-f]{12}-Train\/output\/model\.tar\.gz$/)]);
  expect(minutes).toBeGreaterThan(10);
});

test('the execution fails where the module refuses the rows', async () => {
  const { execution, steps, files } = await play('{"y":1}');
  expect(execution).toMatchObject({ PipelineExecutionStatus: 'Failed' });
  const FailureReason = expect.stringMatching('AlgorithmError: too few rows') as unknown;
  expect(steps).toEqual([expect.objectContaining({ StepName: 'Train', StepStatus: 'Failed', FailureReason })]);
  expect(files).toEqual([]);
});

test('an execution without a value that has no default does not start', async () => {
  const Parameters = [...DEFINITION.Parameters, { Name: 'Seed' }];
  await expect(play('{"y":1}', { ...DEFINITION, Parameters })).rejects.toThrow('Parameters [Seed] do not have default values');
});

test('a reference that is no parameter is refused by name', async () => {
  const step = { ...STEP, Arguments: { ...STEP.Arguments, HyperParameters: { depth: { Get: 'Steps.Tune.Depth' } } } };
  await expect(play('{"y":1}\n{"y":2}', { ...DEFINITION, Steps: [step] })).rejects.toThrow('reference Steps.Tune.Depth is not supported');
});
