import { BadInputError } from '../../core/errors';
import { UnsupportedError, type Cloud, type Members, type Random } from '../cloud/types';
import type { JobResult, JobRunner, SageMaker } from '../services/sagemaker';
import { JobData } from '../services/sagemaker/job-data';
import { readS3Uri } from '../services/sagemaker/s3-uri';
import type { Hold } from './containers';
import { importFile, member, type ModelModule, type RandomSource } from './user-modules';

/** The arm that models of rehearsed training jobs play. */
export const TRAINED_ARM = 'trained';
const LONGEST_FILE_NAME = 100;
const FRESH_FILE = 'a name below the model folder, of at most 100 characters';

export interface TrainingInput {
  /** Rows of each channel, read as JSON lines. */
  channels: Record<string, unknown[]>;
  hyperParameters: Record<string, string>;
  random: RandomSource;
}

export interface Trained {
  /** What `model.tar.gz` holds. */
  files: Record<string, string | Uint8Array>;
  metrics?: Record<string, number>;
  /** How long the job ran, in virtual time. @default - drawn by seed */
  runMinutes?: number;
}

/** What plays the containers of training jobs, and of the models that they make. */
export interface TrainingModule {
  train(input: TrainingInput): Trained | Promise<Trained>;
  load(files: Record<string, Buffer>): ModelModule | Promise<ModelModule>;
}

export async function loadTraining(directory: string, file: string): Promise<TrainingModule> {
  const module = await importFile(directory, file, 'training');
  return {
    train: member(module, 'train', file, 'training') as TrainingModule['train'],
    load: member(module, 'load', file, 'training') as TrainingModule['load'],
  };
}

export interface TrainingParts {
  cloud: Cloud;
  random: Random;
  hold: Hold;
  file: string;
}

/** Runs the module's `train` on what the job's channels hold in S3, read as the job's role. */
export function trainingRunner(module: TrainingModule, { cloud, random, hold, file }: TrainingParts): JobRunner {
  return async (request) => {
    const name = String(request.TrainingJobName);
    const jobRandom = random.fork(name);
    const data = new JobData(cloud, String(request.RoleArn));
    const channels: Record<string, unknown[]> = {};
    for (const channel of (request.InputDataConfig ?? []) as Members[])
      channels[String(channel.ChannelName)] = await rowsOf(data, name, channel);
    const hyperParameters = { ...(request.HyperParameters as Record<string, string> | undefined) };
    const release = hold('the training module of the scenario');
    try {
      return resultOf(await module.train({ channels, hyperParameters, random: () => jobRandom.next() }), file);
    } finally {
      release();
    }
  };
}

async function rowsOf(data: JobData, job: string, { ChannelName: channel, DataSource }: Members): Promise<unknown[]> {
  const source = DataSource?.S3DataSource as Members | undefined;
  const type = String(source?.S3DataType);
  if (type !== 'S3Prefix')
    throw new UnsupportedError(`Training job ${job}: channel ${String(channel)} is a ${type}; the laptop cloud reads S3Prefix`);
  const location = readS3Uri('s3Uri', source?.S3Uri);
  const rows: unknown[] = [];
  for (const key of await data.keys(location)) {
    const lines = new TextDecoder().decode(await data.read(location.bucket, key)).split('\n');
    for (const [index, line] of lines.entries()) if (line.trim() !== '') rows.push(rowOf(line, `${key}, line ${index + 1}`));
  }
  return rows;
}

function rowOf(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`${place}: no JSON: ${line.slice(0, 40)}`);
  }
}

/** What the module gave back, as SageMaker's job needs it. */
function resultOf(trained: Trained, file: string): JobResult {
  const { files, metrics, runMinutes } = (trained ?? {}) as Partial<Trained>;
  const wrong = (what: string, allowed: string): BadInputError =>
    new BadInputError(`training: train() of ${file} returned ${what}\n  allowed: ${allowed}`);
  if (typeof files !== 'object' || files === null || Object.keys(files).length === 0)
    throw wrong('no files', '{ files: { name: text or bytes }, metrics?: { name: number }, runMinutes?: above 0 }');
  for (const [name, content] of Object.entries(files)) {
    if (name === '' || name.startsWith('/') || name.split('/').includes('..') || Buffer.byteLength(name) > LONGEST_FILE_NAME)
      throw wrong(`a file named '${name}'`, FRESH_FILE);
    if (typeof content !== 'string' && !(content instanceof Uint8Array))
      throw wrong(`the file ${name} as ${typeof content}`, 'text or bytes');
  }
  for (const [name, value] of Object.entries(metrics ?? {}))
    if (!Number.isFinite(value)) throw wrong(`the metric ${name} as ${String(value)}`, 'a finite number');
  if (runMinutes !== undefined && !(Number.isFinite(runMinutes) && runMinutes > 0))
    throw wrong(`runMinutes ${String(runMinutes)}`, 'a number above 0');
  const encoder = new TextEncoder();
  return {
    files: Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, typeof content === 'string' ? encoder.encode(content) : content]),
    ),
    ...(metrics === undefined ? {} : { metrics }),
    ...(runMinutes === undefined ? {} : { runMinutes }),
  };
}

/** Finds the model of a training job behind a model's data; undefined: no rehearsed job wrote it. */
export type TrainedModels = (modelDataUrl: string | undefined) => Promise<ModelModule> | undefined;

/** As a container loads its model when it starts: what `load` throws, every request is told. */
export function trainedModels(module: TrainingModule, sageMaker: Pick<SageMaker, 'trained'>, file: string): TrainedModels {
  return (modelDataUrl) => {
    const files = sageMaker.trained.files(modelDataUrl);
    if (files === undefined) return undefined;
    return loadModelOf(module, files, file);
  };
}

async function loadModelOf(module: TrainingModule, files: Record<string, Buffer>, file: string): Promise<ModelModule> {
  const model = (await module.load(files)) as Partial<ModelModule> | undefined;
  const { stream } = model ?? {};
  if (typeof stream === 'function') return { predict: (request, context) => stream(request, context), stream };
  if (typeof model?.predict === 'function') return model as ModelModule;
  throw new BadInputError(
    `training: load() of ${file} returned no model\n  allowed: { predict } or { stream }, as a model's module has them`,
  );
}
