import { Unscored } from './unscored';

/** A line of a data set: `request` is what the model gets, `expected` what a scorer compares with, the rest is for slices and scorers. */
export interface DataLine {
  request: unknown;
  contentType?: string;
  expected?: unknown;
  [field: string]: unknown;
}

export interface LineRequest {
  body: string;
  contentType: string;
}

/** A data set is read into memory. */
export const MOST_DATA_BYTES = 64 * 1024 * 1024;
export const MOST_DATA_LINES = 100_000;

const JSON_TYPE = 'application/json';
const MOST_LABEL_CHARACTERS = 60;

/** Throws what is wrong with the line, in words without its content. */
export function checkLine(row: Record<string, unknown>): DataLine {
  if (row.request === undefined) throw new Unscored('the line has no request');
  const { contentType } = row;
  if (contentType !== undefined && typeof contentType !== 'string') throw new Unscored('contentType of the line is no text');
  const isText = contentType !== undefined && !isJson(contentType);
  if (isText && typeof row.request !== 'string') throw new Unscored('request of the line is no text, as its contentType demands');
  return row as DataLine;
}

const isJson = (contentType: string): boolean => /^application\/([a-z0-9.+-]*\+)?json\b/i.test(contentType);

/** As the gateway's callers would send it. */
export function requestOf({ request, contentType = JSON_TYPE }: DataLine): LineRequest {
  return { body: isJson(contentType) ? JSON.stringify(request) : (request as string), contentType };
}

/** The value of a field that lines are grouped by: a text, a number or true/false. */
export function labelOf(line: DataLine, field: string): string {
  const value = Object.hasOwn(line, field) ? line[field] : undefined;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw new Unscored(`the line has no ${field} to group it by (a text, a number or true/false)`);
  }
  return String(value).slice(0, MOST_LABEL_CHARACTERS);
}
