import { AwsError, type Caller } from '../../cloud/types';
import type { Json } from './definition';
import { StateError } from './errors';
import type { MapRun, MapRunChild } from './map-run';
import { toSdkInput } from './sdk-shapes';
import type { Visit } from './visit';

/** A ResultWriter whose expressions are evaluated. */
export interface Writing {
  /** Absent: the results are the state's output. */
  target: { Bucket: string; Prefix: string; more: Record<string, Json> } | undefined;
  transformation: 'NONE' | 'COMPACT' | 'FLATTEN';
  outputType: 'JSON' | 'JSONL';
}

export async function writingOf(visit: Visit): Promise<Writing> {
  const writer = visit.state.ResultWriter;
  const exported = writer?.Resource !== undefined;
  const config = writer?.WriterConfig;
  const shape = {
    transformation: config?.Transformation ?? (exported ? 'NONE' : 'COMPACT'),
    outputType: config?.OutputType ?? 'JSON',
  } as const;
  if (!exported) return { ...shape, target: undefined };
  const args = await visit.language.args(visit, writer, 'ResultWriter');
  const { Bucket: bucket, Prefix: prefix = '', ...more } = args;
  if (typeof bucket !== 'string' || typeof prefix !== 'string')
    throw visit.failure('The ResultWriter needs Bucket and Prefix as strings.', 'ResultWriter/Arguments');
  return { ...shape, target: { Bucket: bucket, Prefix: prefix, more } };
}

/** The Map state's result: what the children answered, or where it was written. */
export async function resultOf(visit: Visit, mapRun: MapRun, writing: Writing): Promise<Json> {
  const { target } = writing;
  if (target === undefined) return transformed(mapRun.children, writing);
  try {
    const key = await writeFiles(visit, mapRun, writing, target);
    mapRun.resultsWritten = true;
    return { MapRunArn: mapRun.arn, ResultWriterDetails: { Bucket: target.Bucket, Key: key } };
  } catch (failure) {
    if (failure instanceof AwsError) throw new StateError('States.ResultWriterFailed', failure.message);
    throw failure;
  }
}

function transformed(children: readonly MapRunChild[], { transformation }: Writing): Json[] {
  return children.flatMap((child) => {
    const { execution } = child;
    // What did not succeed is told with all that is known of it.
    if (transformation === 'NONE' || execution?.output === undefined) return [recordOf(child)];
    const output = JSON.parse(execution.output) as Json;
    return transformation === 'FLATTEN' && Array.isArray(output) ? output : [output];
  });
}

/** A child execution as the result files describe it. */
function recordOf({ execution, input, name, mapRun }: MapRunChild): Record<string, Json> {
  const common = { Input: input, InputDetails: { Included: true }, Name: name, StateMachineArn: mapRun.request.machine.arn };
  if (execution === undefined) return { ...common, Status: 'PENDING' };
  const { arn, status, output, error, cause, startedAtMillis, stoppedAtMillis } = execution;
  return {
    ExecutionArn: arn,
    ...common,
    ...(output === undefined ? {} : { Output: output }),
    OutputDetails: { Included: true },
    ...(error === undefined ? {} : { Error: error }),
    ...(cause === undefined ? {} : { Cause: cause }),
    RedriveCount: 0,
    RedriveStatus: status === 'SUCCEEDED' ? 'NOT_REDRIVABLE' : 'REDRIVABLE',
    ...(status === 'SUCCEEDED' ? { RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven' } : {}),
    StartDate: new Date(startedAtMillis).toISOString(),
    Status: status,
    ...(stoppedAtMillis === undefined ? {} : { StopDate: new Date(stoppedAtMillis).toISOString() }),
  };
}

function fileOf(child: MapRunChild): 'SUCCEEDED' | 'FAILED' | 'PENDING' {
  if (child.execution === undefined) return 'PENDING';
  return child.execution.status === 'SUCCEEDED' ? 'SUCCEEDED' : 'FAILED';
}

/** One file for each way in which children ended, and a manifest, whose key it returns. */
async function writeFiles(visit: Visit, mapRun: MapRun, writing: Writing, target: NonNullable<Writing['target']>): Promise<string> {
  const caller: Caller = { kind: 'role', roleArn: visit.run.roleArn };
  const folder = target.Prefix === '' ? mapRun.id : `${target.Prefix.replace(/\/$/, '')}/${mapRun.id}`;
  const put = async (key: string, body: string): Promise<{ Key: string; Size: number }> => {
    const input = { ...target.more, Bucket: target.Bucket, Key: key, Body: body, ContentType: 'application/json' };
    await visit.run.cloud.call('s3', 'PutObject', toSdkInput('s3', 'PutObject', input), caller);
    return { Key: key, Size: Buffer.byteLength(body) };
  };
  const files: Record<string, Json> = { FAILED: [], PENDING: [], SUCCEEDED: [] };
  for (const name of Object.keys(files)) {
    const children = mapRun.children.filter((child) => fileOf(child) === name);
    if (children.length === 0) continue;
    const entries = transformed(children, writing);
    const text = writing.outputType === 'JSONL' ? entries.map((entry) => JSON.stringify(entry)).join('\n') : JSON.stringify(entries);
    files[name] = [await put(`${folder}/${name}_0.${writing.outputType.toLowerCase()}`, text)];
  }
  const manifest = { DestinationBucket: target.Bucket, MapRunArn: mapRun.arn, ResultFiles: files };
  const { Key: key } = await put(`${folder}/manifest.json`, JSON.stringify(manifest));
  return key;
}
