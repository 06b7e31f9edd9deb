import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { BadInputError } from '../../core/errors';

export interface RandomSource {
  /** In [0, 1). */
  (): number;
}

export interface ModelContext {
  random: RandomSource;
  behaviour: Record<string, unknown>;
}

/** One part of an answer, so long after the one before it; the first so long after the arm's latency. */
export interface StreamedPart {
  afterMillis: number;
  text: string;
}

/** An answer that comes bit by bit. */
export interface StreamedParts {
  contentType: string;
  parts: StreamedPart[];
  /** Why it breaks off after the last part. */
  brokenBy?: string;
}

/** A model: `predict` and `stream` may throw, which the container answers with status 500. */
export interface ModelModule {
  predict(request: unknown, context: ModelContext): unknown;
  /** In the place of `predict`, for a model that streams. */
  stream?(request: unknown, context: ModelContext): StreamedParts;
}

export interface TrafficItem {
  /** The user, case or session that the request belongs to. */
  unit: string;
  request: unknown;
  /** Whatever the outcomes need to know; never shown to a model. */
  truth?: unknown;
}

/** When something happens, in virtual time. */
export interface Moment {
  /** Since the scenario's start. */
  atMinutes: number;
  /** Epoch milliseconds. */
  atMillis: number;
}

export interface TrafficSource {
  next(moment: Moment): TrafficItem;
}

/** What the model should have answered. */
export type Truth = string | number | boolean;

export interface Outcome {
  kpi: string;
  value: number | boolean;
  delayMinutes: number;
  /** Told with the event. */
  truth?: Truth;
  /** What is found out later, each so long after the one before: an event with the next revision. */
  corrections?: { value: number | boolean; afterMinutes: number; truth?: Truth }[];
}

export interface OutcomesInput extends Moment {
  request: unknown;
  truth: unknown;
  response: unknown;
  unit: string;
  random: RandomSource;
}

export type OutcomesFunction = (input: OutcomesInput) => Outcome[];

export async function importFile(directory: string, file: string, purpose: string): Promise<Record<string, unknown>> {
  if (/\.(jsonl|csv)$/.test(file)) {
    throw new BadInputError(
      `${purpose}: ${file} holds recorded data, which is not available yet\n  allowed: a module (.mjs), and for a model also { url: http://127.0.0.1:… }`,
    );
  }
  const absolute = path.resolve(directory, file);
  if (!existsSync(absolute)) throw new BadInputError(`${purpose}: there is no file ${file} in ${directory}`);
  try {
    return (await import(pathToFileURL(absolute).href)) as Record<string, unknown>;
  } catch (error) {
    throw new BadInputError(`${purpose}: ${file} cannot be loaded: ${messageOf(error)}`);
  }
}

export function member(module: Record<string, unknown>, name: string, file: string, purpose: string): (...args: never[]) => unknown {
  const defaultExport = module.default as Record<string, unknown> | ((...args: never[]) => unknown) | undefined;
  const found = module[name] ?? (typeof defaultExport === 'function' ? defaultExport : defaultExport?.[name]);
  if (typeof found !== 'function') throw new BadInputError(`${purpose}: ${file} exports no function '${name}' (named or default)`);
  return found as (...args: never[]) => unknown;
}

export async function loadModel(directory: string, file: string, arm: string): Promise<ModelModule> {
  const purpose = `model of arm ${arm}`;
  const module = await importFile(directory, file, purpose);
  if (typeof module['stream'] === 'function') {
    const stream = module['stream'] as NonNullable<ModelModule['stream']>;
    return { predict: (request, context) => stream(request, context), stream };
  }
  return { predict: member(module, 'predict', file, purpose) as ModelModule['predict'] };
}

/** Without a source every request is a case of its own with a number between 0 and 1. */
function syntheticTraffic(random: RandomSource): TrafficSource {
  let cases = 0;
  return {
    next: () => {
      cases += 1;
      return { unit: `case-${cases}`, request: { case: cases, value: random() } };
    },
  };
}

/** `options`: whatever the scenario says to its source. */
export async function loadTraffic(
  directory: string,
  { source: file, options }: { source?: string | undefined; options: Record<string, unknown> },
  random: RandomSource,
): Promise<TrafficSource> {
  if (file === undefined) return syntheticTraffic(random);
  const traffic = member(await importFile(directory, file, 'traffic'), 'traffic', file, 'traffic') as (input: {
    random: RandomSource;
    options: Record<string, unknown>;
  }) => TrafficSource;
  const source = traffic({ random, options });
  if (typeof source?.next !== 'function') throw new BadInputError(`traffic: ${file} returned no object with a function 'next'`);
  return source;
}

export async function loadOutcomes(directory: string, file: string): Promise<OutcomesFunction> {
  return member(await importFile(directory, file, 'outcomes'), 'outcomes', file, 'outcomes') as unknown as OutcomesFunction;
}

/** What stands in for a function of the user's. */
export async function loadFunction(directory: string, file: string, name: string): Promise<(event: unknown) => unknown> {
  const purpose = `function ${name}`;
  return member(await importFile(directory, file, purpose), 'handler', file, purpose) as unknown as (event: unknown) => unknown;
}

export async function loadJudge(directory: string, file: string): Promise<(asked: object) => unknown> {
  return member(await importFile(directory, file, 'judge'), 'judge', file, 'judge') as unknown as (asked: object) => unknown;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
