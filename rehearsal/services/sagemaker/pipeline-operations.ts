import type { Cloud, Members, Operation } from '../../cloud/types';
import { ClientTokens } from '../scheduler/client-tokens';
import { members } from './job-lists';
import { listPages } from './lists';
import { toCreate, toPassRole, toUse } from './permissions';
import type { ExecutionRecord, PipelineRecord, Pipelines, StepRecord } from './pipelines';
import type { Store } from './store';

const describe = (record: PipelineRecord): Members => ({
  PipelineArn: record.arn,
  PipelineName: record.name,
  ...members(record.definition, [
    'PipelineDisplayName',
    'PipelineDefinition',
    'PipelineDescription',
    'RoleArn',
    'ParallelismConfiguration',
  ]),
  PipelineStatus: 'Active',
  CreationTime: new Date(record.createdAtMillis),
  LastModifiedTime: new Date(record.modifiedAtMillis),
  ...(record.lastRunMillis === undefined ? {} : { LastRunTime: new Date(record.lastRunMillis) }),
});

const describeExecution = (execution: ExecutionRecord): Members => ({
  PipelineArn: execution.pipeline.arn,
  PipelineExecutionArn: execution.arn,
  PipelineExecutionStatus: execution.status,
  ...members(execution.request, ['PipelineExecutionDisplayName', 'PipelineExecutionDescription', 'ParallelismConfiguration']),
  ...(execution.failureReason === undefined ? {} : { FailureReason: execution.failureReason }),
  CreationTime: new Date(execution.createdAtMillis),
  LastModifiedTime: new Date(execution.modifiedAtMillis),
});

const executionSummary = (execution: ExecutionRecord): Members => ({
  PipelineExecutionArn: execution.arn,
  StartTime: new Date(execution.createdAtMillis),
  PipelineExecutionStatus: execution.status,
  ...members(execution.request, ['PipelineExecutionDisplayName', 'PipelineExecutionDescription']),
  ...(execution.failureReason === undefined ? {} : { PipelineExecutionFailureReason: execution.failureReason }),
});

const describeStep = (step: StepRecord): Members => ({
  StepName: step.name,
  StepStatus: step.status,
  StartTime: new Date(step.startedAtMillis),
  ...(step.endedAtMillis === undefined ? {} : { EndTime: new Date(step.endedAtMillis) }),
  ...(step.failureReason === undefined ? {} : { FailureReason: step.failureReason }),
});

const listed = <T>(record: T, name: string, createdAtMillis: number) => ({ record, name, createdAtMillis });

export function pipelineOperations(cloud: Cloud, store: Store, pipelines: Pipelines): Record<string, Operation> {
  const use = (action: string, name: unknown) => [toUse(store, action, pipelines.arn(name))];
  const tokens = new ClientTokens(cloud.clock);
  const passRole = (input: Members) => (input.RoleArn === undefined ? [] : [toPassRole(input.RoleArn)]);
  return {
    CreatePipeline: {
      permissions: (input) => [...toCreate('CreatePipeline', 'pipeline', input.PipelineName, input, cloud), ...passRole(input)],
      run: (input) => ({ PipelineArn: pipelines.create(input).arn }),
    },
    UpdatePipeline: {
      permissions: (input) => [...use('UpdatePipeline', input.PipelineName), ...passRole(input)],
      run: (input) => ({ PipelineArn: pipelines.update(input).arn }),
    },
    DeletePipeline: {
      permissions: (input) => use('DeletePipeline', input.PipelineName),
      run: (input) => ({ PipelineArn: pipelines.remove(input.PipelineName).arn }),
    },
    DescribePipeline: {
      permissions: (input) => use('DescribePipeline', input.PipelineName),
      run: (input) => describe(pipelines.get(input.PipelineName)),
    },
    ListPipelines: listPages(
      'ListPipelines',
      'PipelineSummaries',
      () => pipelines.all(),
      (record) => ({ PipelineArn: record.arn, PipelineName: record.name, CreationTime: new Date(record.createdAtMillis) }),
    ),
    StartPipelineExecution: {
      permissions: (input) => use('StartPipelineExecution', input.PipelineName),
      run: (input) =>
        tokens.once('StartPipelineExecution', input, () => ({ PipelineExecutionArn: pipelines.start(input).arn }), 'ClientRequestToken'),
    },
    StopPipelineExecution: {
      permissions: (input) => [toUse(store, 'StopPipelineExecution', input.PipelineExecutionArn)],
      run: (input) => ({ PipelineExecutionArn: pipelines.stop(input.PipelineExecutionArn).arn }),
    },
    DescribePipelineExecution: {
      permissions: (input) => [toUse(store, 'DescribePipelineExecution', input.PipelineExecutionArn)],
      run: (input) => describeExecution(pipelines.execution(input.PipelineExecutionArn)),
    },
    ListPipelineExecutions: {
      ...listPages(
        'ListPipelineExecutions',
        'PipelineExecutionSummaries',
        (input) => pipelines.executionsOf(pipelines.get(input.PipelineName)).map((one) => listed(one, one.arn, one.createdAtMillis)),
        ({ record }) => executionSummary(record),
      ),
      permissions: (input) => use('ListPipelineExecutions', input.PipelineName),
    },
    ListPipelineExecutionSteps: {
      ...listPages(
        'ListPipelineExecutionSteps',
        'PipelineExecutionSteps',
        (input) => pipelines.execution(input.PipelineExecutionArn).steps.map((step) => listed(step, step.name, step.startedAtMillis)),
        ({ record }) => describeStep(record),
      ),
      permissions: (input) => [toUse(store, 'ListPipelineExecutionSteps', input.PipelineExecutionArn)],
    },
  };
}
