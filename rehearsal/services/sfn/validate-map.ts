import { UnsupportedError } from '../../cloud/types';
import { isDistributed, type ItemBatcher, type ItemReader, type ResultWriter, type State } from './definition';
import { invalid, onlyFields } from './definition-errors';
import { PAYLOAD_LIMIT_BYTES } from './errors';
import { MOST_ITEMS } from './item-reader';
import { expressionOf } from './jsonata';

/** The field that holds what a reader or writer asks S3 for. */
type Payload = 'Arguments' | 'Parameters';

const MODES = ['INLINE', 'DISTRIBUTED'];
const DISTRIBUTED_ONLY = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'] as const;
const LABEL = /^[^\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]{1,40}$/u;

/** What is particular to a Map; its ItemProcessor's states are checked like any others. */
export function checkMapFields(at: string, state: State): void {
  const config = state.ItemProcessor?.ProcessorConfig;
  if (config !== undefined) onlyFields(`${at}/ItemProcessor/ProcessorConfig`, config, ['Mode', 'ExecutionType']);
  const mode = config?.Mode ?? 'INLINE';
  if (!MODES.includes(mode)) throw invalid(`Mode must be one of ${MODES.join(', ')}, got ${mode} at ${at}/ItemProcessor/ProcessorConfig`);
  checkNumber(at, 'MaxConcurrency', state.MaxConcurrency, 0);
  checkNumber(at, 'ToleratedFailureCount', state.ToleratedFailureCount, 0);
  checkNumber(at, 'ToleratedFailurePercentage', state.ToleratedFailurePercentage, 0, 100, false);
  if (!isDistributed(state)) return checkInline(at, state);
  checkDistributed(at, state);
}

/** A number that is written out; an expression is looked at when it runs. */
function checkNumber(at: string, field: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER, whole = true): void {
  if (value === undefined || expressionOf(value) !== undefined) return;
  if (typeof value !== 'number' || value < least || value > most || (whole && !Number.isInteger(value)))
    throw invalid(
      `${field} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most} or an expression, got ${JSON.stringify(value)} at ${at}`,
    );
}

function checkInline(at: string, state: State): void {
  for (const field of DISTRIBUTED_ONLY)
    if (state[field] !== undefined) throw invalid(`${field} is for a Map in mode DISTRIBUTED only, at ${at}`);
  if (state.ItemProcessor?.ProcessorConfig?.ExecutionType !== undefined)
    throw invalid(`ExecutionType is for a Map in mode DISTRIBUTED only, at ${at}/ItemProcessor/ProcessorConfig`);
}

function checkDistributed(at: string, state: State): void {
  const type = state.ItemProcessor?.ProcessorConfig?.ExecutionType;
  if (type === undefined) throw invalid(`ExecutionType is required in mode DISTRIBUTED, at ${at}/ItemProcessor/ProcessorConfig`);
  if (type !== 'STANDARD' && type !== 'EXPRESS') throw invalid(`ExecutionType must be STANDARD or EXPRESS, got ${type} at ${at}`);
  const payload = state.QueryLanguage === 'JSONata' ? 'Arguments' : 'Parameters';
  if (state.Label !== undefined && !LABEL.test(state.Label)) throw invalid(`'${state.Label}' is no label of a Map, at ${at}/Label`);
  if (state.ItemReader !== undefined) checkReader(`${at}/ItemReader`, state.ItemReader, payload);
  if (state.ItemBatcher !== undefined) checkBatcher(`${at}/ItemBatcher`, state.ItemBatcher, payload);
  if (state.ResultWriter !== undefined) checkWriter(`${at}/ResultWriter`, state.ResultWriter, payload);
}

const READER_RESOURCE = /^arn:[^:]+:states:::s3:(getObject|listObjectsV2)$/;
const READER_CONFIG = ['InputType', 'CSVHeaderLocation', 'CSVHeaders', 'CSVDelimiter', 'ItemsPointer', 'MaxItems'];
const INPUT_TYPES = ['CSV', 'JSON', 'JSONL'];
const DELIMITERS = ['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB'];

function checkReader(at: string, reader: ItemReader, payload: Payload): void {
  onlyFields(at, reader, ['Resource', payload, 'ReaderConfig']);
  if (!READER_RESOURCE.test(reader.Resource))
    throw new UnsupportedError(
      `${at}: Resource ${reader.Resource} is not supported by the rehearsal; arn:aws:states:::s3:getObject and s3:listObjectsV2 are`,
    );
  const config = reader.ReaderConfig ?? {};
  onlyFields(`${at}/ReaderConfig`, config, [...READER_CONFIG, ...(payload === 'Parameters' ? ['MaxItemsPath'] : [])]);
  checkNumber(`${at}/ReaderConfig`, 'MaxItems', config.MaxItems, 0, MOST_ITEMS);
  const type = config.InputType;
  if (reader.Resource.endsWith(':listObjectsV2')) {
    if (type !== undefined) throw invalid(`InputType is for s3:getObject only, at ${at}/ReaderConfig`);
    return;
  }
  if (type === undefined) throw invalid(`InputType is required for s3:getObject, at ${at}/ReaderConfig`);
  if (!INPUT_TYPES.includes(type))
    throw new UnsupportedError(`${at}: InputType ${type} is not supported by the rehearsal; ${INPUT_TYPES.join(', ')} are`);
  checkCsv(`${at}/ReaderConfig`, config);
  if (config.ItemsPointer !== undefined && (type !== 'JSON' || !/^(\/.*)?$/.test(config.ItemsPointer)))
    throw invalid(`ItemsPointer must be a JSON pointer, for InputType JSON, at ${at}/ReaderConfig`);
}

function checkCsv(at: string, config: NonNullable<ItemReader['ReaderConfig']>): void {
  const { CSVHeaderLocation: location, CSVHeaders: headers, CSVDelimiter: delimiter } = config;
  if (config.InputType !== 'CSV') {
    if (location !== undefined || headers !== undefined || delimiter !== undefined)
      throw invalid(`CSVHeaderLocation, CSVHeaders and CSVDelimiter are for InputType CSV, at ${at}`);
    return;
  }
  if (location !== 'FIRST_ROW' && location !== 'GIVEN')
    throw invalid(`CSVHeaderLocation must be FIRST_ROW or GIVEN, got ${String(location)} at ${at}`);
  if ((location === 'GIVEN') !== Array.isArray(headers)) throw invalid(`CSVHeaders go with CSVHeaderLocation GIVEN, at ${at}`);
  if (delimiter !== undefined && !DELIMITERS.includes(delimiter))
    throw invalid(`CSVDelimiter must be one of ${DELIMITERS.join(', ')}, got ${String(delimiter)} at ${at}`);
}

function checkBatcher(at: string, batcher: ItemBatcher, payload: Payload): void {
  const limits = ['MaxItemsPerBatch', 'MaxInputBytesPerBatch'];
  if (payload === 'Parameters') limits.push('MaxItemsPerBatchPath', 'MaxInputBytesPerBatchPath');
  onlyFields(at, batcher, [...limits, 'BatchInput']);
  if (!limits.some((limit) => limit in batcher)) throw invalid(`${at} needs MaxItemsPerBatch or MaxInputBytesPerBatch`);
  checkNumber(at, 'MaxItemsPerBatch', batcher.MaxItemsPerBatch, 1);
  checkNumber(at, 'MaxInputBytesPerBatch', batcher.MaxInputBytesPerBatch, 1, PAYLOAD_LIMIT_BYTES);
}

const TRANSFORMATIONS = ['NONE', 'COMPACT', 'FLATTEN'];
const OUTPUT_TYPES = ['JSON', 'JSONL'];

function checkWriter(at: string, writer: ResultWriter, payload: Payload): void {
  onlyFields(at, writer, ['Resource', payload, 'WriterConfig']);
  if (writer.Resource === undefined && writer.WriterConfig === undefined) throw invalid(`${at} needs Resource or WriterConfig`);
  if (writer.Resource !== undefined && !/^arn:[^:]+:states:::s3:putObject$/.test(writer.Resource))
    throw new UnsupportedError(`${at}: Resource ${writer.Resource} is not supported by the rehearsal; arn:aws:states:::s3:putObject is`);
  if ((writer.Resource === undefined) !== (writer[payload] === undefined))
    throw invalid(`${at} needs both Resource and ${payload}, or neither`);
  const { Transformation: transformation, OutputType: type, ...more } = writer.WriterConfig ?? {};
  onlyFields(`${at}/WriterConfig`, more, []);
  if (transformation !== undefined && !TRANSFORMATIONS.includes(transformation))
    throw invalid(`Transformation must be one of ${TRANSFORMATIONS.join(', ')}, got ${String(transformation)} at ${at}/WriterConfig`);
  if (type !== undefined && !OUTPUT_TYPES.includes(type))
    throw invalid(`OutputType must be one of ${OUTPUT_TYPES.join(', ')}, got ${String(type)} at ${at}/WriterConfig`);
}
