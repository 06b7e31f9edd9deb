import { AwsError, type Caller, type Members } from '../../cloud/types';
import { parseCsv } from './csv';
import { datasetOf, type Dataset } from './dataset';
import type { ItemReader, Json } from './definition';
import { StateError } from './errors';
import { toSdkInput } from './sdk-shapes';
import type { Visit } from './visit';

/** The most items that one Map Run reads. */
export const MOST_ITEMS = 100_000_000;
const DELIMITERS = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' };

type ReaderConfig = NonNullable<ItemReader['ReaderConfig']>;

/** An ItemReader whose expressions are evaluated. */
export interface Reading {
  operation: 'GetObject' | 'ListObjectsV2';
  args: Record<string, Json>;
  config: ReaderConfig;
  most: number;
}

export async function readingOf(visit: Visit, reader: ItemReader): Promise<Reading> {
  const args = await visit.language.args(visit, reader, 'ItemReader');
  const config = reader.ReaderConfig ?? {};
  const field = 'ItemReader/ReaderConfig/MaxItems';
  const given = (await visit.language.number(visit, { owner: config, field: 'MaxItems', within: 'ItemReader/ReaderConfig/' })) ?? 0;
  if (visit.state.QueryLanguage === 'JSONata' && (!Number.isInteger(given) || given < 0 || given > MOST_ITEMS))
    throw visit.failure(`The MaxItems field must be an integer between 0 and ${MOST_ITEMS} but was: ${given}`, field);
  const operation = reader.Resource.endsWith(':listObjectsV2') ? 'ListObjectsV2' : 'GetObject';
  return { operation, args, config, most: given === 0 ? MOST_ITEMS : Math.min(given, MOST_ITEMS) };
}

/** Reads the items as the machine's role. Whatever goes wrong is States.ItemReaderFailed. */
export async function readItems(visit: Visit, reading: Reading): Promise<Dataset> {
  try {
    if (reading.most < 0) throw new ReadingError('field MaxItems must be positive');
    const list = reading.operation === 'ListObjectsV2';
    const { items, keyed } = list ? { items: await listObjects(visit, reading), keyed: false } : await readObject(visit, reading);
    return { items: items.length > reading.most ? items.slice(0, reading.most) : items, keyed };
  } catch (failure) {
    if (failure instanceof AwsError || failure instanceof ReadingError) throw new StateError('States.ItemReaderFailed', failure.message);
    throw failure;
  }
}

/** What was read is not what the reader expects. */
class ReadingError extends Error {}

function callS3(visit: Visit, operation: string, input: Record<string, Json>): Promise<Members> {
  const caller: Caller = { kind: 'role', roleArn: visit.run.roleArn };
  return visit.run.cloud.call('s3', operation, toSdkInput('s3', operation, input), caller);
}

async function listObjects(visit: Visit, { args, most }: Reading): Promise<Json[]> {
  const items: Json[] = [];
  let token: string | undefined;
  do {
    const page = await callS3(visit, 'ListObjectsV2', token === undefined ? args : { ...args, ContinuationToken: token });
    for (const object of (page.Contents ?? []) as Members[])
      items.push({
        Etag: object.ETag as string,
        Key: object.Key as string,
        LastModified: Math.floor((object.LastModified as Date).getTime() / 1000),
        Size: object.Size as number,
        StorageClass: object.StorageClass as string,
      });
    token = page.IsTruncated === true ? (page.NextContinuationToken as string) : undefined;
  } while (token !== undefined && items.length < most);
  return items;
}

async function readObject(visit: Visit, { args, config }: Reading): Promise<Dataset> {
  const answer = await callS3(visit, 'GetObject', args);
  const text = Buffer.from(answer.Body as Uint8Array).toString('utf8');
  if (config.InputType === 'CSV') return { items: csvItems(text, config), keyed: false };
  if (config.InputType === 'JSONL') return { items: jsonLines(text), keyed: false };
  const found = datasetOf(pointedAt(parseJson(text), config.ItemsPointer ?? ''), visit.language.mapsObjects);
  if (found === undefined) throw new ReadingError('Attempting to map over non-iterable node.');
  return found;
}

const jsonLines = (text: string): Json[] =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(parseJson);

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (failure) {
    throw new ReadingError(`The file does not hold valid JSON: ${(failure as Error).message}`);
  }
}

/** The value that a JSON pointer (RFC 6901) names, if there is one. */
function pointedAt(value: Json, pointer: string): Json | undefined {
  let at: Json | undefined = value;
  for (const part of pointer.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, Json>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return at;
}

/** A row that is too short is filled up with empty text; fields without a header are left out. */
function csvItems(text: string, config: ReaderConfig): Json[] {
  let rows: string[][];
  try {
    rows = parseCsv(text.replace(/^\uFEFF/, ''), DELIMITERS[config.CSVDelimiter ?? 'COMMA']);
  } catch (failure) {
    throw new ReadingError((failure as Error).message);
  }
  const headers = config.CSVHeaderLocation === 'GIVEN' ? (config.CSVHeaders ?? []) : (rows.shift() ?? []);
  if (new Set(headers).size < headers.length) throw new ReadingError('CSV headers cannot contain duplicates.');
  return rows.map((row) => Object.fromEntries(headers.map((header, index) => [header, row[index] ?? ''])));
}
