import { invoke, jsonata, LAMBDA_RETRY, type StateMachineDefinition } from '../release/asl';

export interface DriftMachineParts {
  handlerArn: string;
  bucketName: string;
  useCaseName: string;
}

export const PARTS_LABEL = 'Parts';
/** A look begins an hour's job anew where it has not ended in this time. */
const JOB_SECONDS = 2 * 3600 - 60;
const LAMBDA_SECONDS = 900;
/** Each reads with all of a function's bandwidth; the account's other functions want to run as well. */
const PARTS_AT_A_TIME = 20;

/** A part is written as it was when it is read again. */
const RETRY = [LAMBDA_RETRY, { ErrorEquals: ['States.TaskFailed', 'States.Timeout'], IntervalSeconds: 10, MaxAttempts: 2, BackoffRate: 3 }];

/** What is too large for one function: parts side by side, groups of parts, all of it. Which files belong to a part stands in S3. */
export function driftDefinition({
  handlerArn,
  bucketName,
  useCaseName,
}: DriftMachineParts): StateMachineDefinition & { TimeoutSeconds: number } {
  return {
    Comment: `${useCaseName}: captures that are read by many`,
    QueryLanguage: 'JSONata',
    TimeoutSeconds: JOB_SECONDS,
    StartAt: 'ReadParts',
    States: {
      ReadParts: {
        Type: 'Map',
        Label: PARTS_LABEL,
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'JSON' },
          Arguments: { Bucket: bucketName, Key: jsonata('$states.context.Execution.Input.manifest') },
        },
        ItemSelector: { job: jsonata('$states.context.Execution.Input.job'), item: jsonata('$states.context.Map.Item.Value') },
        MaxConcurrency: PARTS_AT_A_TIME,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'ReadPart',
          States: {
            ReadPart: invoke(
              handlerArn,
              { action: 'read', job: jsonata('$states.input.job'), item: jsonata('$states.input.item') },
              { TimeoutSeconds: LAMBDA_SECONDS, Retry: RETRY, Output: jsonata('$states.result.Payload.rows'), End: true },
            ),
          },
        },
        Output: {},
        Next: 'MergeGroups',
      },
      MergeGroups: {
        Type: 'Map',
        Items: jsonata('$states.context.Execution.Input.job.groups'),
        MaxConcurrency: PARTS_AT_A_TIME,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: 'MergeGroup',
          States: {
            MergeGroup: invoke(
              handlerArn,
              { action: 'merge', job: jsonata('$states.context.Execution.Input.job'), group: jsonata('$states.input') },
              { TimeoutSeconds: LAMBDA_SECONDS, Retry: RETRY, Output: jsonata('$states.result.Payload.group'), End: true },
            ),
          },
        },
        Output: {},
        Next: 'Conclude',
      },
      Conclude: invoke(
        handlerArn,
        { action: 'conclude', job: jsonata('$states.context.Execution.Input.job') },
        { TimeoutSeconds: LAMBDA_SECONDS, Retry: RETRY, Output: jsonata('$states.result.Payload'), End: true },
      ),
    },
  };
}
