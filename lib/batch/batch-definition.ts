import { CAUGHT, choose, JOB_FAILED, JOB_RETRY, jsonata, SDK_RETRY, type StateMachineDefinition, type States } from '../release/asl';
import { page } from '../release/page';

/** What a scoring job is made of. */
export interface BatchParts {
  useCaseName: string;
  resourcePrefix: string;
  tableName: string;
  topicArn: string;
  runbooksUrl: string;
  eventBusName: string;
  input: string;
  output: string;
  instanceType: string;
  instances: number;
  contentType: string;
  tags: Record<string, string>;
  volumeKeyArn?: string;
}

/** A prefix of at most 39 characters, and 12 of the execution's hash: SageMaker allows 63. */
const JOB_INFIX = 'batch';
const jobNameOf = ({ resourcePrefix }: BatchParts): string =>
  `'${resourcePrefix}-${JOB_INFIX}-' & $substring($hash($states.context.Execution.Id, 'SHA-256'), 0, 12)`;

const text = (member: string): string => `$exists($item.${member}.S) ? $item.${member}.S : ''`;

/** Reads who is stable, has SageMaker score the files with that model, and says how it ended. */
export function batchDefinition(parts: BatchParts): StateMachineDefinition {
  return {
    Comment: `${parts.useCaseName}: the stable release scores files`,
    QueryLanguage: 'JSONata',
    StartAt: 'WhoIsStable',
    States: { ...lookStates(parts), ...jobStates(parts), ...endStates(parts) },
  };
}

function lookStates(parts: BatchParts): States {
  const stable = '$item.stable.M';
  return {
    WhoIsStable: {
      Type: 'Task',
      Resource: 'arn:aws:states:::dynamodb:getItem',
      Arguments: { TableName: parts.tableName, Key: { pk: { S: 'control' }, sk: { S: 'control' } }, ConsistentRead: true },
      Retry: [SDK_RETRY],
      Assign: {
        scored: jsonata(
          `($item := $states.result.Item; {'mode': ${text('mode')}, ` +
            `'releaseId': $exists(${stable}) ? ${stable}.releaseId.S : '', 'modelName': $exists(${stable}) ? ${stable}.modelName.S : ''})`,
        ),
        jobName: jsonata(jobNameOf(parts)),
        reason: '',
      },
      Catch: [failing],
      Next: 'MayScore',
    },
    MayScore: choose([{ when: "$scored.modelName != '' and $scored.mode in ['live', 'parked']", next: 'Score' }], 'NothingToScore'),
    NothingToScore: {
      Type: 'Pass',
      Assign: {
        reason: jsonata("$scored.mode = 'killed' ? 'the kill switch is on' : 'no release is stable'"),
      },
      Next: 'TellSkipped',
    },
    TellSkipped: tell(parts, 'BatchSkipped', { End: true }),
  };
}

const failing = {
  ErrorEquals: ['States.ALL'],
  Next: 'Failed',
  Assign: { reason: jsonata(CAUGHT), scored: jsonata("$exists($scored) ? $scored : {'releaseId': '', 'modelName': '', 'mode': ''}") },
};

function jobStates(parts: BatchParts): States {
  const { volumeKeyArn, useCaseName, resourcePrefix, tags } = parts;
  const fixed = Object.entries({ ...tags, 'sluice:use-case': useCaseName, 'sluice:stack': resourcePrefix });
  return {
    Score: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTransformJob.sync',
      Arguments: {
        TransformJobName: jsonata('$jobName'),
        ModelName: jsonata('$scored.modelName'),
        BatchStrategy: 'SingleRecord',
        TransformInput: {
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: parts.input } },
          ContentType: parts.contentType,
          SplitType: 'Line',
        },
        // Of each run its own folder: a run never writes over what another one wrote.
        TransformOutput: {
          S3OutputPath: jsonata(`'${parts.output.replace(/\/+$/, '')}/' & $jobName`),
          AssembleWith: 'Line',
        },
        TransformResources: {
          InstanceType: parts.instanceType,
          InstanceCount: parts.instances,
          ...(volumeKeyArn === undefined ? {} : { VolumeKmsKeyId: volumeKeyArn }),
        },
        Tags: [...fixed.map(([Key, Value]) => ({ Key, Value })), { Key: 'sluice:release', Value: jsonata('$scored.releaseId') }],
      },
      // A job that ran and failed is not run again: its name is taken, and people look.
      Retry: [JOB_RETRY],
      TimeoutSeconds: 86_400,
      Catch: [{ ...failing, Assign: { reason: jsonata(JOB_FAILED) } }],
      Next: 'TellScored',
    },
    TellScored: tell(parts, 'BatchScored', { End: true }),
  };
}

function endStates(parts: BatchParts): States {
  const said = `('Batch scoring ' & $jobName & ' failed: ' & $reason)`;
  return {
    Failed: { Type: 'Pass', Next: 'TellFailed' },
    TellFailed: tell(parts, 'BatchFailed', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'TellOwners' }], Next: 'TellOwners' }),
    TellOwners: page(parts, 'files were not scored', said, 'alarm', {
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'NotScored' }],
      Next: 'NotScored',
    }),
    NotScored: { Type: 'Fail', Error: 'NotScored', Cause: jsonata('$reason') },
  };
}

/** On the bus that every other event of the use case is on. */
function tell(parts: BatchParts, event: string, rest: Record<string, unknown>): Record<string, unknown> {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::events:putEvents',
    Arguments: {
      Entries: [
        {
          Source: 'sluice',
          DetailType: event,
          EventBusName: parts.eventBusName,
          Detail: {
            useCase: parts.useCaseName,
            job: jsonata('$jobName'),
            releaseId: jsonata('$scored.releaseId'),
            input: parts.input,
            output: jsonata(`'${parts.output.replace(/\/+$/, '')}/' & $jobName`),
            reason: jsonata('$reason'),
          },
        },
      ],
    },
    Retry: [SDK_RETRY],
    ...rest,
  };
}
