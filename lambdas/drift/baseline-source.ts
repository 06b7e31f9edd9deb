import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { DataSet, DriftBaselineSource, DriftPolicy } from '../../core/contracts';
import { createSampler } from '../../core/drift/count';
import { baselineFromStatistics, fitBaseline } from '../../core/drift/fit';
import { readTable } from '../../core/drift/read/table';
import type { DriftBaseline } from '../../core/drift/types';
import type { ByteSource } from '../../core/tables/types';
import { uriOf } from '../gate/data-set';
import { logger } from '../shared/telemetry';
import { sampleRowsOf } from './sample-size';
import type { DriftParts } from './parts';

/** What one function reads in its time. */
const MOST_TABLE_BYTES = 2 * 1024 ** 3;
const MOST_STATISTICS_BYTES = 64 * 1024 ** 2;

type Made = { baseline: DriftBaseline } | { problem: string };

/** From what the model was trained on, or what SageMaker said of it. What can only be mended by somebody is a problem, not an error. */
export async function fittedFromFile({ s3 }: Pick<DriftParts, 's3'>, policy: DriftPolicy): Promise<Made> {
  const source = policy.baseline;
  try {
    if (source.kind === 'training-data') return { baseline: await fromTable(s3, policy, source) };
    if (source.kind === 'statistics') return { baseline: await fromStatistics(s3, policy, source) };
  } catch (error) {
    const words = hopeless(error, source);
    if (words === undefined) throw error;
    logger.error('The baseline cannot be made', { name: (error as Error).name, words });
    return { problem: words };
  }
  throw new Error('The baseline is learned from traffic, not from a file');
}

class BadSource extends Error {}

async function fromTable(
  s3: S3Client,
  policy: DriftPolicy,
  { data, format, timeColumn }: Extract<DriftBaselineSource, { kind: 'training-data' }>,
): Promise<DriftBaseline> {
  const { source, etag } = await sourceAt(s3, data);
  if (source.byteLength > MOST_TABLE_BYTES) {
    throw new BadSource(`has ${source.byteLength} bytes; at most ${MOST_TABLE_BYTES} are read: give a sample of its rows`);
  }
  const sha256 = data.sha256 === undefined ? undefined : await checkedHash(s3, data, etag);
  const sampler = createSampler(policy, sampleRowsOf(policy));
  const options = { place: data.key, ...(timeColumn === undefined ? {} : { timeColumn }) };
  const { rows, skipped } = await readTable(format, source, policy, (row) => sampler.add(row), options);
  if (rows === 0) throw new BadSource('has no row that can be read');
  const bad = Object.values(skipped.counts).reduce((sum, count) => sum + count, 0);
  if (bad > policy.brokenShareAbove * (rows + bad)) throw new BadSource(`has ${bad} of ${rows + bad} rows that cannot be read`);
  return fitBaseline(sampler.sample(), policy, { kind: 'training-data', uri: uriOf(data), ...(sha256 === undefined ? {} : { sha256 }) });
}

async function fromStatistics(
  s3: S3Client,
  policy: DriftPolicy,
  { statistics, constraints }: Extract<DriftBaselineSource, { kind: 'statistics' }>,
): Promise<DriftBaseline> {
  const read = async (data: DataSet): Promise<unknown> => {
    const { source } = await sourceAt(s3, data);
    if (source.byteLength > MOST_STATISTICS_BYTES) throw new BadSource(`has ${source.byteLength} bytes, too many for statistics`);
    return JSON.parse(Buffer.from(await source.slice(0, source.byteLength)).toString('utf8')) as unknown;
  };
  const given = constraints === undefined ? undefined : await read(constraints);
  return baselineFromStatistics(await read(statistics), given, policy, { kind: 'statistics', uri: uriOf(statistics) });
}

/** The very version that stands there now: whoever replaces it in between is noticed. */
async function sourceAt(s3: S3Client, { bucket, key }: DataSet): Promise<{ source: ByteSource; etag: string }> {
  const { ContentLength = 0, ETag = '' } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  const slice = async (start: number, end: number): Promise<Uint8Array> => {
    if (end <= start) return new Uint8Array();
    const Range = `bytes=${start}-${end - 1}`;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: ETag, Range }));
    if (Body === undefined) throw new Error(`s3://${bucket}/${key} has no content for ${Range}`);
    return Body.transformToByteArray();
  };
  return { source: { byteLength: ContentLength, slice }, etag: ETag };
}

async function checkedHash(s3: S3Client, { bucket, key, sha256 }: DataSet, etag: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag }));
  const hash = createHash('sha256');
  for await (const block of Body as AsyncIterable<Uint8Array>) hash.update(block);
  const found = hash.digest('hex');
  if (found !== sha256) throw new BadSource(`has the SHA-256 ${found}, the charter says ${sha256}: it was replaced or changed`);
  return found;
}

/** Undefined: it may pass by itself. The parsers' own words may quote the data, so of what they say only the name is told. */
function hopeless(error: unknown, source: DriftBaselineSource): string | undefined {
  if (!(error instanceof Error) || source.kind === 'first-days') return undefined;
  const uri = uriOf(source.kind === 'statistics' ? source.statistics : source.data);
  const said: Record<string, string> = {
    NoSuchKey: 'is not there',
    NotFound: 'is not there',
    NoSuchBucket: 'is in a bucket that is not there',
    AccessDenied: 'is not there, or the drift handler may not read it',
    Forbidden: 'is not there, or the drift handler may not read it',
    SyntaxError: 'is no JSON',
    BadInputError: 'has no row or no feature that can be watched',
  };
  const words = error instanceof BadSource ? error.message : said[error.name];
  return words === undefined ? undefined : `the baseline ${uri} ${words}`;
}
