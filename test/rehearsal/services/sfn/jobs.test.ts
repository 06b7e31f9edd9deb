import { AwsError, UnsupportedError, type Members } from '../../../../rehearsal/cloud/types';
import { bench, outputOf } from './support';

const settings = { RoleArn: 'r', OutputDataConfig: { S3OutputPath: 's3://b/o' }, ResourceConfig: { VolumeSizeInGB: 1 } };
const train = (more: Members = {}) => ({
  T: {
    Type: 'Task',
    Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
    Arguments: { TrainingJobName: 'j', AlgorithmSpecification: { TrainingInputMode: 'File' }, StoppingCondition: {}, ...settings },
    End: true,
    ...more,
  },
});

/** SageMaker whose job ends so after ten minutes. */
function jobBench(status: string) {
  const made = bench();
  let endsAt = Number.POSITIVE_INFINITY;
  const stopped: string[] = [];
  made.cloud.stub('sagemaker', {
    CreateTrainingJob: () => {
      endsAt = made.cloud.clock.now() + 600_000;
      return { TrainingJobArn: 'arn' };
    },
    DescribeTrainingJob: ({ TrainingJobName }) => ({
      TrainingJobName: TrainingJobName as string,
      TrainingJobStatus: made.cloud.clock.now() < endsAt ? 'InProgress' : status,
    }),
    StopTrainingJob: ({ TrainingJobName }) => {
      stopped.push(TrainingJobName as string);
      return {};
    },
  });
  return { ...made, stopped };
}

describe('a job of SageMaker', () => {
  it('is waited for, and described', async () => {
    const { run, history, stopped } = jobBench('Completed');
    const described = await run(train());
    expect(outputOf(described)).toEqual({ TrainingJobName: 'j', TrainingJobStatus: 'Completed' });
    expect((described.stopDate as Date).getTime() - (described.startDate as Date).getTime()).toBeGreaterThanOrEqual(600_000);
    const types = (await history(described.executionArn as string)).map(({ type }) => type as string);
    expect(types.slice(2, 6)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
    expect(stopped).toEqual([]);
  });

  it.each(['Failed', 'Stopped'])('that ends as %s fails the task', async (status) => {
    const described = await jobBench(status).run(train());
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(described.cause as string)).toMatchObject({ TrainingJobStatus: status });
  });

  it('is stopped when the task’s time is up', async () => {
    const { run, stopped, cloud } = jobBench('Completed');
    expect(await run(train({ TimeoutSeconds: 60 }))).toMatchObject({ error: 'States.Timeout' });
    expect(stopped).toEqual(['j']);
    expect(cloud.clock.pending).toBe(0);
  });

  it('that is refused tells the general exception of the service', async () => {
    const { cloud, run } = jobBench('Completed');
    cloud.stub('sagemaker', {
      CreateTrainingJob: () => {
        throw new AwsError('ValidationException', 'no');
      },
      DescribeTrainingJob: () => ({}),
      StopTrainingJob: () => ({}),
    });
    expect(await run(train())).toMatchObject({ error: 'SageMaker.AmazonSageMakerException' });
  });

  it.each([
    ['arn:aws:states:::sagemaker:createTrainingJob.sync:2', 'integration arn:aws:states:::sagemaker:createTrainingJob.sync:2'],
    ['arn:aws:states:::sagemaker:createTransformJob.sync', 'needs the operation CreateTransformJob of sagemaker'],
    ['arn:aws:states:::sagemaker:createHyperParameterTuningJob.sync', 'integration arn:aws:states:::sagemaker:createHyper'],
  ])('is refused by name where it is not simulated: %s', async (Resource, message) => {
    const loading = jobBench('Completed').run(train({ Resource }));
    await expect(loading).rejects.toThrow(UnsupportedError);
    await expect(jobBench('Completed').run(train({ Resource }))).rejects.toThrow(message);
  });
});
