import Ajv, { type AnySchemaObject } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import type { Scorer } from '../contracts';
import { canonicalJson } from '../hash';
import { type Answer, checkField, valueIn } from './answer';
import type { DataLine } from './line';
import { BadGate, Unscored } from './unscored';

/** Gives an answer a score from 0 to 1; throws `Unscored` where it cannot. */
export type Score = (line: DataLine, answer: Answer) => number | Promise<number>;

export type LocalScorer = Extract<Scorer, { kind: 'exact-match' | 'tolerance' | 'pattern' | 'json-schema' }>;

export const isLocal = (scorer: Scorer): scorer is LocalScorer =>
  scorer.kind === 'exact-match' || scorer.kind === 'tolerance' || scorer.kind === 'pattern' || scorer.kind === 'json-schema';

/** Scorers that need nothing but the line and the answer. Throws `BadGate` where the scorer itself is wrong. */
export function localScorer(scorer: LocalScorer): Score {
  if (scorer.kind === 'json-schema') return schemaScorer(scorer.schema);
  checkField(scorer.field);
  const value = (answer: Answer): unknown => valueIn(answer, scorer.field);
  if (scorer.kind === 'tolerance') return (line, answer) => toleranceScore(scorer, expectedNumber(line), value(answer));
  if (scorer.kind === 'exact-match') return (line, answer) => exactScore(scorer, line, answer);
  const fixed = scorer.pattern === undefined ? undefined : compiled(scorer.pattern, BadGate);
  return (line, answer) => ((fixed ?? expectedPattern(line)).test(textOf(value(answer))) ? 1 : 0);
}

function exactScore({ field }: { field?: string }, line: DataLine, answer: Answer): number {
  const expected = expectedOf(line);
  const given = expected === null && answer.json === null ? null : valueIn(answer, field);
  return canonicalJson(given) === canonicalJson(expected) ? 1 : 0;
}

function toleranceScore(
  { absolute = 0, relative = 0 }: { absolute?: number; relative?: number },
  expected: number,
  given: unknown,
): number {
  if (typeof given !== 'number') return 0;
  // What decimal numbers lose in binary is no difference.
  const rounding = 1e-12 * Math.max(Math.abs(expected), Math.abs(given));
  return Math.abs(given - expected) <= Math.max(absolute, relative * Math.abs(expected)) + rounding ? 1 : 0;
}

function schemaScorer(schema: Record<string, unknown>): Score {
  const { $schema } = schema;
  const isNew = typeof $schema === 'string' && /20(19-09|20-12)/.test($schema);
  const options = { strict: false, validateFormats: false, logger: false } as const;
  try {
    const validate = (isNew ? new Ajv2020(options) : new Ajv(options)).compile(schema as AnySchemaObject);
    return (_line, { json }) => (json !== undefined && validate(json) === true ? 1 : 0);
  } catch (error) {
    throw new BadGate(`the JSON Schema cannot be used: ${(error as Error).message.slice(0, 200)}`);
  }
}

function expectedOf(line: DataLine): unknown {
  if (line.expected === undefined) throw new Unscored('the line has no expected to compare with');
  return line.expected;
}

function expectedNumber(line: DataLine): number {
  const expected = expectedOf(line);
  if (typeof expected !== 'number') throw new Unscored('expected of the line is no number');
  return expected;
}

function expectedPattern(line: DataLine): RegExp {
  const expected = expectedOf(line);
  if (typeof expected !== 'string') throw new Unscored('expected of the line is no text, which would be the pattern');
  return compiled(expected, Unscored);
}

function compiled(pattern: string, Failure: typeof BadGate | typeof Unscored): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    throw new Failure(Failure === BadGate ? `'${pattern}' is no regular expression` : 'expected of the line is no regular expression');
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What a scorer of the user's may answer: a number, true or false, or `{ score }`. */
export function readScore(value: unknown): number {
  const score = typeof value === 'object' && value !== null ? (value as { score?: unknown }).score : value;
  if (typeof score === 'boolean') return score ? 1 : 0;
  if (typeof score !== 'number' || !(score >= 0 && score <= 1)) throw new Unscored('the scorer answered no score from 0 to 1');
  return score;
}
