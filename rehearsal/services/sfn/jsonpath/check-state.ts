import type { Json, State } from '../definition';
import { invalid } from '../definition-errors';
import { parseTimestamp } from '../timestamp';
import { checkRule } from './check-choice';
import { checkPath, checkPathOrCall, checkReferencePath, checkTemplate } from './check-templates';

const PATHS = ['InputPath', 'OutputPath', 'ItemsPath'] as const;
const REFERENCES = ['SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath'] as const;
const MAP_REFERENCES = ['MaxConcurrencyPath', 'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath'] as const;
const CALLS = ['ErrorPath', 'CausePath'] as const;
const TEMPLATES = ['Parameters', 'ResultSelector', 'Assign', 'ItemSelector', 'Credentials'] as const;
/** A value, or the path to it, never both. */
const EITHER = ['Seconds', 'Timestamp', 'TimeoutSeconds', 'HeartbeatSeconds', 'Error', 'Cause', 'MaxConcurrency'];
const EITHER_IN_MAPS = ['ToleratedFailureCount', 'ToleratedFailurePercentage'];
/** Null gives an empty object, or leaves the result out. */
const NULLABLE = ['InputPath', 'OutputPath', 'ResultPath'];

/** Every path, payload template and rule of a JSONPath state. */
export function checkJsonPath(at: string, state: State): void {
  const fields = state as unknown as Record<string, Json | undefined>;
  const given = (names: readonly string[]): string[] =>
    names.filter((name) => fields[name] !== undefined && !(fields[name] === null && NULLABLE.includes(name)));
  for (const name of given(PATHS)) checkPath(at, name, fields[name]);
  for (const name of given([...REFERENCES, ...MAP_REFERENCES])) checkReferencePath(at, name, fields[name]);
  for (const name of given(['ResultPath'])) checkReferencePath(at, name, fields[name], true);
  for (const name of given(CALLS)) checkPathOrCall(at, name, fields[name]);
  for (const name of given(TEMPLATES)) checkTemplate(`${at}/${name}`, fields[name] ?? null);
  for (const name of given([...EITHER, ...EITHER_IN_MAPS])) checkEither(at, state, name);
  if (state.Timestamp !== undefined && parseTimestamp(state.Timestamp) === undefined)
    throw invalid(`Timestamp must be an ISO 8601 timestamp, got '${state.Timestamp}' at ${at}`);
  state.Catch?.forEach((catcher, index) => {
    const place = `${at}/Catch[${index}]`;
    if (catcher.ResultPath !== undefined && catcher.ResultPath !== null) checkReferencePath(place, 'ResultPath', catcher.ResultPath, true);
    checkTemplate(`${place}/Assign`, catcher.Assign ?? null);
  });
  if (state.Type === 'Choice')
    state.Choices?.forEach((rule, index) => {
      checkRule(`${at}/Choices[${index}]`, rule);
      checkTemplate(`${at}/Choices[${index}]/Assign`, rule.Assign ?? null);
    });
  if (state.Type === 'Map') checkParts(at, state);
}

function checkEither(at: string, owner: object, name: string): void {
  if (name in owner && `${name}Path` in owner) throw invalid(`${name} and ${name}Path exclude each other at ${at}`);
}

function checkParts(at: string, { ItemReader: reader, ItemBatcher: batcher, ResultWriter: writer }: State): void {
  checkTemplate(`${at}/ItemReader/Parameters`, reader?.Parameters ?? null);
  checkTemplate(`${at}/ResultWriter/Parameters`, writer?.Parameters ?? null);
  checkTemplate(`${at}/ItemBatcher/BatchInput`, batcher?.BatchInput ?? null);
  const config = reader?.ReaderConfig;
  if (config?.MaxItemsPath !== undefined) checkReferencePath(`${at}/ItemReader/ReaderConfig`, 'MaxItemsPath', config.MaxItemsPath);
  checkEither(`${at}/ItemReader/ReaderConfig`, config ?? {}, 'MaxItems');
  for (const name of ['MaxItemsPerBatch', 'MaxInputBytesPerBatch'] as const) {
    const path = batcher?.[`${name}Path`];
    if (path !== undefined) checkReferencePath(`${at}/ItemBatcher`, `${name}Path`, path);
    checkEither(`${at}/ItemBatcher`, batcher ?? {}, name);
  }
}
