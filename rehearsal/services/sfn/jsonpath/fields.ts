import type { Json } from '../definition';
import type { StateError } from '../errors';
import type { NumberField } from '../query-language';
import { parseTimestamp } from '../timestamp';
import type { Visit } from '../visit';
import { effectiveInput, failing, runtimeFailure, select, sourcesOf } from './language';
import { parsePath } from './path';
import { PathNotFoundError } from './path-evaluate';
import { evaluateField, readPath } from './template';

/** The longest that a Wait goes on: its seconds are a 32-bit number. */
const LONGEST_WAIT_SECONDS = 2 ** 31 - 1;

type Fields = Record<string, Json | undefined>;

/** Error, Cause or what ErrorPath, CausePath give. */
export function textOf(visit: Visit, field: 'Error' | 'Cause'): string | undefined {
  const path = visit.state[`${field}Path`];
  if (path === undefined) return visit.state[field];
  const value = failing(visit, () => evaluateField(path, `${field}Path`, sourcesOf(visit, effectiveInput(visit))));
  if (typeof value !== 'string')
    throw runtimeFailure(visit, `The ${field}Path field refers to value "${JSON.stringify(value)}" which is not a string: ${path}`);
  return value;
}

export function roleArnOf(visit: Visit): string | undefined {
  const credentials = visit.state.Credentials as Fields | undefined;
  if (credentials === undefined) return undefined;
  const path = credentials['RoleArn.$'] as string | undefined;
  if (path === undefined) return credentials.RoleArn as string;
  return failing(visit, () => evaluateField(path, 'RoleArn.$', sourcesOf(visit, effectiveInput(visit)))) as string;
}

/** What `<field>Path` refers to may be a number, or the text of one. */
export function numberOf(visit: Visit, { owner, field, float = false }: NumberField): number | undefined {
  const written = (owner as Fields)[field];
  const path = (owner as Fields)[`${field}Path`] as string | undefined;
  if (path === undefined) return written as number | undefined;
  const value = select(visit, path, sourcesOf(visit, effectiveInput(visit)));
  const number = typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) ? Number(value) : Number.NaN;
  if (float ? Number.isFinite(number) : Number.isInteger(number)) return number;
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  throw runtimeFailure(
    visit,
    `The ${field}Path field refers to value "${shown}" which is not a valid ${float ? 'float' : 'integer'}: ${path}`,
  );
}

export function waitUntil(visit: Visit): number {
  const { Seconds: seconds, SecondsPath: secondsPath, Timestamp: timestamp } = visit.state;
  const now = visit.run.cloud.clock.now();
  if (secondsPath !== undefined) return now + secondsAt(visit, secondsPath) * 1000;
  if (seconds !== undefined) return now + (seconds as number) * 1000;
  const untilMillis = timestamp === undefined ? timestampAt(visit, visit.state.TimestampPath ?? '') : (parseTimestamp(timestamp) ?? now);
  if (Math.floor((untilMillis - now) / 1000) > LONGEST_WAIT_SECONDS) throw runtimeFailure(visit, 'Wait state delay is too long.');
  return untilMillis;
}

function secondsAt(visit: Visit, path: string): number {
  const value = valueAt(visit, 'SecondsPath', path);
  const seconds = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(seconds)) throw shownFailure(visit, 'The SecondsPath parameter cannot be parsed as a long value', path, value);
  if (seconds < 0) throw shownFailure(visit, 'The SecondsPath parameter references a negative value', path, value);
  if (seconds > LONGEST_WAIT_SECONDS) throw runtimeFailure(visit, 'Wait state delay is too long.');
  return seconds;
}

function timestampAt(visit: Visit, path: string): number {
  const value = valueAt(visit, 'TimestampPath', path);
  const atMillis = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (atMillis !== undefined) return atMillis;
  throw shownFailure(
    visit,
    'The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string',
    path,
    value,
  );
}

function valueAt(visit: Visit, field: string, path: string): Json {
  const input = effectiveInput(visit);
  try {
    return readPath(path, sourcesOf(visit, input));
  } catch (problem) {
    if (!(problem instanceof PathNotFoundError)) throw problem;
    throw runtimeFailure(visit, `The ${field} parameter does not reference an input value: ${parsePath(path).text}`);
  }
}

function shownFailure(visit: Visit, message: string, path: string, value: Json): StateError {
  return runtimeFailure(visit, `${message}: ${path} == ${typeof value === 'string' ? value : JSON.stringify(value)}`);
}
