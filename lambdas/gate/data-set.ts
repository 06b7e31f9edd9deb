import { createHash } from 'node:crypto';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { DataSet } from '../../core/contracts';
import { type Batch, batchesOf, type LinePlace } from '../../core/gates/batches';
import { checkLine, type DataLine, MOST_DATA_BYTES, MOST_DATA_LINES } from '../../core/gates/line';
import type { ByteSource, TableRow } from '../../core/tables/types';
import { jsonlRows } from '../../core/tables/jsonl';

/** A data set that a gate cannot be run with; the message says why, without its content. */
export class BadDataSet extends Error {
  override readonly name = 'BadDataSet';
}

/** Somebody replaced the object between two reads. */
export class DataSetChanged extends Error {
  override readonly name = 'DataSetChanged';
}

export interface OpenedData {
  uri: string;
  sha256: string;
  lines: number;
  etag: string;
  batches: Batch[];
}

export interface NumberedLine {
  number: number;
  line: DataLine;
}

const MOST_EXAMPLE_LINES = 1_000;
const FIRST_BYTES = 4 * 1024 * 1024;

/** Data sets in S3. What was opened is read by its ETag: nothing else is ever scored under its hash. */
export class DataSets {
  constructor(private readonly s3: S3Client) {}

  /** Reads all of it once: hash, number of lines, and where batches begin and end. */
  async open(data: DataSet): Promise<OpenedData> {
    const uri = uriOf(data);
    const { bytes, etag } = await this.get(data, {});
    if (bytes.length > MOST_DATA_BYTES) throw new BadDataSet(`${uri} has ${bytes.length} bytes, at most ${MOST_DATA_BYTES} are read`);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (data.sha256 !== undefined && data.sha256 !== sha256) {
      throw new BadDataSet(`${uri} has the SHA-256 ${sha256}, the charter says ${data.sha256}: it was replaced or changed`);
    }
    const places = await placesOf(bytes, uri);
    if (places.length === 0) throw new BadDataSet(`${uri} is empty: a JSON object a line is needed`);
    if (places.length > MOST_DATA_LINES) throw new BadDataSet(`${uri} has ${places.length} lines, at most ${MOST_DATA_LINES} are read`);
    return { uri, sha256, lines: places.length, etag, batches: batchesOf(places) };
  }

  async batch(data: DataSet, etag: string, { from, to, firstLine }: Batch): Promise<NumberedLine[]> {
    const { bytes } = await this.get(data, { IfMatch: etag, Range: `bytes=${from}-${to - 1}` });
    return linesOf(bytes, firstLine);
  }

  /** Lines from the beginning, to be sent over and over. */
  async examples(data: DataSet, etag: string): Promise<DataLine[]> {
    const { bytes, whole } = await this.get(data, { IfMatch: etag, Range: `bytes=0-${FIRST_BYTES - 1}` });
    const end = whole ? bytes.length : bytes.lastIndexOf(0x0a) + 1;
    const lines = await linesOf(bytes.subarray(0, end), 1);
    if (lines.length === 0) throw new BadDataSet(`${uriOf(data)} has a first line of more than ${FIRST_BYTES} bytes`);
    return lines.slice(0, MOST_EXAMPLE_LINES).map(({ line }) => line);
  }

  private async get(
    { bucket, key }: DataSet,
    how: { IfMatch?: string; Range?: string },
  ): Promise<{ bytes: Uint8Array; etag: string; whole: boolean }> {
    try {
      const { Body, ETag = '', ContentRange } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...how }));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return { bytes, etag: ETag, whole: ContentRange === undefined || ContentRange.endsWith(`/${bytes.length}`) };
    } catch (error) {
      throw described(error, uriOf({ bucket, key }));
    }
  }
}

export const uriOf = ({ bucket, key }: DataSet): string => `s3://${bucket}/${key}`;

/** What never goes away by trying again is a problem of the data set; anything else is thrown on. */
function described(error: unknown, uri: string): unknown {
  const { name } = error as Error;
  if (name === 'PreconditionFailed') return new DataSetChanged(`${uri} changed while the gate read it`);
  const hopeless: Record<string, string> = {
    NoSuchKey: 'there is no such object',
    NoSuchBucket: 'there is no such bucket',
    AccessDenied: 'it is not there, or the gate may not read it',
    InvalidRange: 'it is shorter than it was',
  };
  const why = hopeless[name];
  return why === undefined ? error : new BadDataSet(`${uri} cannot be read (${name}): ${why}`);
}

const inMemory = (bytes: Uint8Array): ByteSource => ({
  byteLength: bytes.length,
  slice: async (start, end) => bytes.subarray(start, end),
});

async function placesOf(bytes: Uint8Array, uri: string): Promise<LinePlace[]> {
  const places: LinePlace[] = [];
  let from = 0;
  for await (const row of jsonlRows(inMemory(bytes), { offset: 0, line: 1 })) {
    checked(row, uri);
    places.push({ line: row.line, from, to: row.next.offset });
    from = row.next.offset;
  }
  return places;
}

async function linesOf(bytes: Uint8Array, firstLine: number): Promise<NumberedLine[]> {
  const lines: NumberedLine[] = [];
  for await (const row of jsonlRows(inMemory(bytes), { offset: 0, line: firstLine })) {
    lines.push({ number: row.line, line: checked(row, 'the data set') });
  }
  return lines;
}

/** The parser's own words quote the line, so they are not repeated. */
function checked(row: TableRow, uri: string): DataLine {
  if ('problem' in row) {
    throw new BadDataSet(`line ${row.line} of ${uri} is ${row.tooLong === true ? 'too long' : 'no JSON object'}`);
  }
  try {
    return checkLine(row.row);
  } catch (error) {
    throw new BadDataSet(`line ${row.line} of ${uri}: ${(error as Error).message}`);
  }
}
