import { UnsupportedError, type Cloud, type Members, type Random } from '../../cloud/types';
import { invalid, resourceInUse, resourceNotFound } from './errors';
import { emit } from './events';
import type { JobFaults } from './job-types';
import { readTags, sageMakerArn } from './names';
import type { Store } from './store';
import { resolveReferences } from './pipeline-references';
import { drawMillis } from './timings';

const PIPELINE_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/;
/** How long a step takes, by its type. Steps pass time and can fail; what they would do is not simulated. */
const STEP_MINUTES: Record<string, [number, number]> = {
  Training: [5, 22],
  Processing: [4, 13],
  Transform: [4, 13],
  Model: [0.1, 0.3],
  RegisterModel: [0.1, 0.3],
  Fail: [0.01, 0.02],
};

export type StepStatus = 'Executing' | 'Succeeded' | 'Failed' | 'Stopped';
export type ExecutionStatus = 'Executing' | 'Stopping' | 'Stopped' | 'Failed' | 'Succeeded';

export interface PipelineRecord {
  name: string;
  arn: string;
  tags: Map<string, string>;
  createdAtMillis: number;
  modifiedAtMillis: number;
  lastRunMillis?: number;
  definition: Members;
  steps: StepDefinition[];
  parameters: Record<string, unknown>;
}

interface StepDefinition {
  name: string;
  type: string;
  errorMessage?: string;
  /** The request that the step makes. */
  arguments: Members;
}

/** Runs a step's training job to its end; undefined: nothing plays such jobs, and the step merely takes its time. */
export type StepTrainer = (request: Members) => Promise<{ failure?: string }> | undefined;

export interface StepRecord {
  name: string;
  status: StepStatus;
  startedAtMillis: number;
  endedAtMillis?: number;
  failureReason?: string;
}

export interface ExecutionRecord {
  arn: string;
  pipeline: PipelineRecord;
  status: ExecutionStatus;
  request: Members;
  createdAtMillis: number;
  modifiedAtMillis: number;
  steps: StepRecord[];
  failureReason?: string;
}

/** Pipelines whose steps run one after the other, in the order in which the definition names them. */
export class Pipelines {
  private readonly random: Random;
  private readonly byArn = new Map<string, PipelineRecord>();
  private readonly executions = new Map<string, ExecutionRecord>();

  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
    private readonly faults: JobFaults,
    private readonly train: StepTrainer = () => undefined,
  ) {
    this.random = cloud.random.fork('sagemaker:pipelines');
  }

  arn(name: unknown): string {
    return String(name).startsWith('arn:') ? String(name) : sageMakerArn(this.cloud, 'pipeline', String(name));
  }

  create(input: Members): PipelineRecord {
    const name = String(input.PipelineName);
    if (!PIPELINE_NAME.test(name))
      throw invalid(`Value '${name}' at 'pipelineName' must satisfy regular expression pattern ${PIPELINE_NAME.source}.`);
    const arn = this.arn(name);
    if (this.byArn.has(arn))
      throw resourceInUse(`Pipeline names must be unique within an AWS account and region. Pipeline with name (${name}) already exists.`);
    const now = this.cloud.clock.now();
    const record = {
      name,
      arn,
      tags: readTags(input.Tags),
      createdAtMillis: now,
      modifiedAtMillis: now,
      definition: input,
      ...readDefinition(name, input),
    };
    this.byArn.set(arn, record);
    this.store.jobs.set(arn, record);
    return record;
  }

  update(input: Members): PipelineRecord {
    const record = this.get(input.PipelineName);
    if (input.PipelineDefinition !== undefined) Object.assign(record, readDefinition(record.name, input));
    record.definition = { ...record.definition, ...input };
    record.modifiedAtMillis = this.cloud.clock.now();
    return record;
  }

  remove(name: unknown): PipelineRecord {
    const record = this.get(name);
    if ([...this.executions.values()].some(({ pipeline, status }) => pipeline === record && status === 'Executing'))
      throw resourceInUse(`Pipeline ${record.arn} has executions that are in progress.`);
    this.byArn.delete(record.arn);
    this.store.jobs.delete(record.arn);
    return record;
  }

  get(name: unknown): PipelineRecord {
    const found = this.byArn.get(this.arn(name));
    if (found === undefined) throw resourceNotFound(`Pipeline '${this.arn(name)}' does not exist.`);
    return found;
  }

  all(): PipelineRecord[] {
    return [...this.byArn.values()];
  }

  start(input: Members): ExecutionRecord {
    const pipeline = this.get(input.PipelineName);
    const given = parametersOf(pipeline, input);
    const missing = Object.keys(given).filter((name) => given[name] === undefined);
    if (missing.length > 0)
      throw invalid(`Parameters [${missing.join(', ')}] do not have default values and are undefined in the execution.`);
    const now = this.cloud.clock.now();
    const id = this.random.uuid().replaceAll('-', '').slice(0, 12);
    const execution: ExecutionRecord = {
      arn: `${pipeline.arn}/execution/${id}`,
      pipeline,
      status: 'Executing',
      request: input,
      createdAtMillis: now,
      modifiedAtMillis: now,
      steps: [],
    };
    pipeline.lastRunMillis = now;
    this.executions.set(execution.arn, execution);
    this.announce(execution, undefined);
    const end = this.cloud.begin(`pipeline execution ${execution.arn}`);
    this.cloud.clock.after(0, async () => {
      try {
        await this.run(execution);
      } finally {
        end();
      }
    });
    return execution;
  }

  stop(arn: unknown): ExecutionRecord {
    const execution = this.execution(arn);
    if (execution.status !== 'Executing')
      throw invalid(`Pipeline execution ${execution.arn} is ${execution.status}: only an execution in progress can be stopped.`);
    this.enter(execution, 'Stopping');
    return execution;
  }

  execution(arn: unknown): ExecutionRecord {
    const found = this.executions.get(String(arn));
    if (found === undefined) throw resourceNotFound(`Pipeline execution with ARN ${String(arn)} does not exist.`);
    return found;
  }

  executionsOf(pipeline: PipelineRecord): ExecutionRecord[] {
    return [...this.executions.values()].filter((execution) => execution.pipeline === pipeline);
  }

  private async run(execution: ExecutionRecord): Promise<void> {
    const fault = this.faults.strike('pipeline', execution.pipeline.name);
    const { steps } = execution.pipeline;
    for (const [index, definition] of steps.entries()) {
      const { name, type, errorMessage } = definition;
      const step: StepRecord = { name, status: 'Executing', startedAtMillis: this.cloud.clock.now() };
      execution.steps.push(step);
      this.announceStep(execution, step, type, 'Starting');
      const millis = drawMillis(this.random, STEP_MINUTES[type]!);
      const struck = fault !== undefined && index === 0 ? fault : undefined;
      const training = type === 'Training' && struck === undefined ? this.trained(execution, definition) : undefined;
      const trained = await (training ?? this.cloud.clock.sleep(millis));
      step.endedAtMillis = this.cloud.clock.now();
      const stopped = (execution.status as ExecutionStatus) === 'Stopping';
      const reason = type === 'Fail' ? (errorMessage ?? 'Fail step') : (struck ?? trained?.failure);
      step.status = stopped ? 'Stopped' : reason === undefined ? 'Succeeded' : 'Failed';
      if (reason !== undefined && !stopped) step.failureReason = reason;
      this.announceStep(execution, step, type, 'Executing');
      if (stopped) return this.enter(execution, 'Stopped');
      if (reason !== undefined) {
        execution.failureReason = 'Step failure: One or multiple steps failed.';
        return this.enter(execution, 'Failed');
      }
    }
    this.enter(execution, 'Succeeded');
  }

  private trained({ pipeline, request, arn }: ExecutionRecord, step: StepDefinition): ReturnType<StepTrainer> {
    if (step.arguments.AlgorithmSpecification === undefined) return undefined;
    const id = arn.split('/').at(-1)!;
    const resolved = resolveReferences(step.arguments, parametersOf(pipeline, request), id) as Members;
    const TrainingJobName = `pipelines-${id}-${step.name}`.slice(0, 63).replace(/-+$/, '');
    return this.train({ RoleArn: pipeline.definition.RoleArn, ...resolved, TrainingJobName });
  }

  private enter(execution: ExecutionRecord, status: ExecutionStatus): void {
    const before = execution.status;
    execution.status = status;
    execution.modifiedAtMillis = this.cloud.clock.now();
    this.announce(execution, before);
  }

  private announce(execution: ExecutionRecord, before: ExecutionStatus | undefined): void {
    const { arn, pipeline, status, request, createdAtMillis, modifiedAtMillis } = execution;
    this.cloud.record('sagemaker', 'pipeline-execution', { arn, status });
    emit(this.cloud, 'SageMaker Model Building Pipeline Execution Status Change', arn, {
      pipelineExecutionDescription: (request.PipelineExecutionDescription ?? '') as string,
      pipelineExecutionDisplayName: (request.PipelineExecutionDisplayName ?? `execution-${createdAtMillis}`) as string,
      currentPipelineExecutionStatus: status,
      ...(before === undefined ? {} : { previousPipelineExecutionStatus: before }),
      executionStartTime: new Date(createdAtMillis).toISOString(),
      ...(status === 'Executing' || status === 'Stopping' ? {} : { executionEndTime: new Date(modifiedAtMillis).toISOString() }),
      pipelineExecutionArn: arn,
      pipelineArn: pipeline.arn,
    });
  }

  private announceStep(execution: ExecutionRecord, step: StepRecord, type: string, before: string): void {
    emit(this.cloud, 'SageMaker Model Building Pipeline Execution Step Status Change', execution.arn, {
      metadata: {},
      stepStartTime: new Date(step.startedAtMillis).toISOString(),
      ...(step.endedAtMillis === undefined ? {} : { stepEndTime: new Date(step.endedAtMillis).toISOString() }),
      stepType: type,
      stepName: step.name,
      currentStepStatus: step.status,
      previousStepStatus: before,
      pipelineExecutionArn: execution.arn,
      pipelineArn: execution.pipeline.arn,
    });
  }
}

/** Every parameter of the definition, with its default, and what the execution gives it. */
function parametersOf({ parameters }: PipelineRecord, { PipelineParameters: given }: Members): Record<string, unknown> {
  return {
    ...parameters,
    ...Object.fromEntries(((given ?? []) as Members[]).map(({ Name, Value }) => [Name as string, Value as unknown])),
  };
}

function readDefinition(name: string, input: Members): Pick<PipelineRecord, 'steps' | 'parameters'> {
  if (input.PipelineDefinition === undefined)
    throw new UnsupportedError(
      `SageMaker pipeline ${name} without PipelineDefinition (from PipelineDefinitionS3Location) is not supported by the laptop cloud`,
    );
  let definition: Members;
  try {
    definition = JSON.parse(String(input.PipelineDefinition)) as Members;
  } catch {
    throw invalid('Invalid pipeline definition: it is not JSON.');
  }
  const steps = (definition.Steps ?? []) as Members[];
  if (steps.length === 0) throw invalid('Invalid pipeline definition: it has no Steps.');
  const parameters = ((definition.Parameters ?? []) as Members[]).map(({ Name, DefaultValue }) => [String(Name), DefaultValue as unknown]);
  return { steps: steps.map((step) => readStep(name, step)), parameters: Object.fromEntries(parameters) };
}

function readStep(name: string, step: Members): StepDefinition {
  const type = String(step.Type);
  if (STEP_MINUTES[type] === undefined)
    throw new UnsupportedError(
      `SageMaker pipeline ${name}: step ${String(step.Name)} of type ${type} is not supported by the laptop cloud. Use ${Object.keys(STEP_MINUTES).join(', ')}.`,
    );
  const message = step.Arguments?.ErrorMessage as unknown;
  return {
    name: String(step.Name),
    type,
    arguments: (step.Arguments ?? {}) as Members,
    ...(typeof message === 'string' ? { errorMessage: message } : {}),
  };
}
