import type { TrainingPolicy } from '../../core/contracts';
import { instanceFacts } from '../../core/instances';
import { call, choose, invoke, JOB_RETRY, jsonata, LAMBDA_RETRY, type State, type States } from '../release/asl';
import { ending, failing, type RetrainingMachineParts, RUN_ID, STEP_RETRY } from './machine-parts';

/** SageMaker stops a job at its time by itself: the task waits a little longer. */
const STARTING_SECONDS = 3600;
const TRAINING_FAILED = 'training';

/** Ends with the variable `model`: where training says that its model is, if it does. */
export function trainingStates(parts: RetrainingMachineParts, next: string): States {
  const { training } = parts;
  switch (training.kind) {
    case 'job':
      return { Train: jobState(parts, training, next) };
    case 'pipeline':
      return pipelineStates(parts, training, next);
    case 'state-machine':
      return { Train: machineState(training, next) };
  }
}

/** What is evaluated on is never shown to what trains. */
const TRAINING_CHANNEL: State = {
  ChannelName: 'train',
  ContentType: 'application/jsonlines',
  DataSource: {
    S3DataSource: { S3DataType: 'S3Prefix', S3Uri: jsonata('$data.trainingUri'), S3DataDistributionType: 'FullyReplicated' },
  },
};

function jobState(parts: RetrainingMachineParts, training: Extract<TrainingPolicy, { kind: 'job' }>, next: string): State {
  const { network, keyArn, tags, useCaseName, resourcePrefix } = parts;
  const all = { ...tags, 'sluice:use-case': useCaseName, 'sluice:stack': resourcePrefix };
  const takesKey = keyArn !== undefined && instanceFacts(training.instanceType)?.localDisk !== true;
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
    Arguments: {
      TrainingJobName: jsonata('$name'),
      RoleArn: parts.trainingRoleArn,
      AlgorithmSpecification: { TrainingImage: training.image, TrainingInputMode: 'File' },
      ...(Object.keys(training.hyperParameters).length === 0 ? {} : { HyperParameters: training.hyperParameters }),
      InputDataConfig: [TRAINING_CHANNEL],
      OutputDataConfig: { S3OutputPath: jsonata('$data.outputUri'), ...(keyArn === undefined ? {} : { KmsKeyId: keyArn }) },
      ResourceConfig: {
        InstanceType: training.instanceType,
        InstanceCount: training.instanceCount,
        VolumeSizeInGB: training.volumeGb,
        ...(takesKey ? { VolumeKmsKeyId: keyArn } : {}),
      },
      StoppingCondition: { MaxRuntimeInSeconds: training.maxRuntimeMinutes * 60 },
      ...(network === undefined ? {} : { VpcConfig: { Subnets: network.subnetIds, SecurityGroupIds: network.securityGroupIds } }),
      Tags: [...Object.entries(all).map(([Key, Value]) => ({ Key, Value })), { Key: 'sluice:retraining-run', Value: jsonata(RUN_ID) }],
    },
    Retry: [JOB_RETRY],
    TimeoutSeconds: training.maxRuntimeMinutes * 60 + STARTING_SECONDS,
    Assign: { model: jsonata("{'url': $states.result.ModelArtifacts.S3ModelArtifacts}") },
    Catch: [failing(TRAINING_FAILED)],
    Next: next,
  };
}

function machineState({ stateMachineArn, maxRuntimeMinutes }: Extract<TrainingPolicy, { kind: 'state-machine' }>, next: string): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::states:startExecution.sync:2',
    Arguments: {
      StateMachineArn: stateMachineArn,
      Name: jsonata('$name'),
      Input: {
        runId: jsonata(RUN_ID),
        trainingData: jsonata('$data.trainingUri'),
        outputPath: jsonata('$data.outputUri'),
        parentReleaseId: jsonata('$data.parentReleaseId'),
      },
    },
    Retry: [
      {
        ErrorEquals: ['StepFunctions.SdkClientException', 'StepFunctions.ServiceException'],
        IntervalSeconds: 10,
        MaxAttempts: 4,
        BackoffRate: 2,
      },
    ],
    TimeoutSeconds: maxRuntimeMinutes * 60,
    // What it says is checked by what follows.
    Assign: {
      model: jsonata("{'url': $type($states.result.Output.modelDataUrl) = 'string' ? $states.result.Output.modelDataUrl : 'nothing'}"),
    },
    Catch: [failing(TRAINING_FAILED)],
    Next: next,
  };
}

/** The first looks come soon, for pipelines that fail at once; the last ones each ten minutes. */
const FIRST_WAIT_SECONDS = 30;
const TEN_MINUTES_SECONDS = 600;
/** Nine events each: far below the 25 000 of a history. */
const MOST_LOOKS = 1_000;
const longestWaitSeconds = (maxRuntimeMinutes: number): number =>
  Math.max(TEN_MINUTES_SECONDS, Math.ceil((maxRuntimeMinutes * 60) / MOST_LOOKS));
const EXECUTION = { PipelineExecutionArn: jsonata('$pipeline.arn') };
const TOKEN = "$hash($states.context.Execution.Id, 'SHA-256')";

/** Step Functions cannot wait for a pipeline: it is looked at, less and less often, until its time is over. */
function pipelineStates(
  parts: RetrainingMachineParts,
  { pipelineName, maxRuntimeMinutes }: Extract<TrainingPolicy, { kind: 'pipeline' }>,
  next: string,
): States {
  const parameter = (Name: string, value: string): State => ({ Name, Value: jsonata(value) });
  return {
    Train: call(
      'sagemaker',
      'startPipelineExecution',
      {
        PipelineName: pipelineName,
        // The same token starts it once, however often the answer is lost.
        ClientRequestToken: jsonata(TOKEN),
        PipelineExecutionDescription: jsonata(`'Retraining ' & ${RUN_ID}`),
        PipelineParameters: [parameter('TrainingData', '$data.trainingUri'), parameter('OutputPath', '$data.outputUri')],
      },
      {
        Assign: {
          pipeline: jsonata(
            `{'arn': $states.result.PipelineExecutionArn, 'until': $millis() + ${maxRuntimeMinutes * 60_000}, 'wait': ${FIRST_WAIT_SECONDS}}`,
          ),
        },
        Catch: [failing(TRAINING_FAILED)],
        Next: 'NotePipeline',
      },
    ),
    NotePipeline: invoke(
      parts.stepArn,
      { action: 'note-pipeline', runId: jsonata(RUN_ID), pipelineExecutionArn: jsonata('$pipeline.arn') },
      { Retry: [LAMBDA_RETRY, STEP_RETRY], Catch: [failing(TRAINING_FAILED, 'StopPipeline')], Next: 'WaitForPipeline' },
    ),
    WaitForPipeline: { Type: 'Wait', Seconds: jsonata('$pipeline.wait'), Next: 'LookAtPipeline' },
    LookAtPipeline: call('sagemaker', 'describePipelineExecution', EXECUTION, {
      Assign: {
        pipeline: jsonata(
          `$merge([$pipeline, {'wait': $min([$ceil($pipeline.wait * 1.5), ${longestWaitSeconds(maxRuntimeMinutes)}]), 'status': $states.result.PipelineExecutionStatus, ` +
            "'why': $exists($states.result.FailureReason) ? $substring($states.result.FailureReason, 0, 500) : 'it does not say why'}])",
        ),
      },
      Catch: [failing(TRAINING_FAILED, 'StopPipeline')],
      Next: 'HowIsPipeline',
    }),
    HowIsPipeline: choose(
      [
        { when: "$pipeline.status = 'Succeeded'", next, assign: { model: {} } },
        {
          when: "$pipeline.status in ['Failed', 'Stopped']",
          next: 'Finish',
          assign: {
            ending: jsonata(
              ending('failed', "'training: the pipeline ' & ($pipeline.status = 'Stopped' ? 'was stopped' : 'failed: ' & $pipeline.why)"),
            ),
          },
        },
        {
          when: '$millis() > $pipeline.until',
          next: 'StopPipeline',
          assign: { ending: jsonata(ending('failed', `'training: the pipeline took longer than ${maxRuntimeMinutes} minutes'`)) },
        },
      ],
      'WaitForPipeline',
    ),
    StopPipeline: call(
      'sagemaker',
      'stopPipelineExecution',
      { ...EXECUTION, ClientRequestToken: jsonata(TOKEN) },
      // It may have ended by itself: the run has its ending either way.
      { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Finish' }], Next: 'Finish' },
    ),
  };
}
