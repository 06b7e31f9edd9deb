import { mergeBy, noSum, plus, toMicros, type Sum } from './sums';

/** Why a line has no score. Never holds what a request or an answer said. */
export interface LineFailure {
  /** In words, such as `no answer (ThrottlingException)`. */
  why: string;
}

/** What became of one line at one arm. */
export type Scored = { score: number } | LineFailure;

export interface ScoredLine {
  line: number;
  candidate: Scored;
  rival?: Scored;
  /** Value of the field that slices are made by. */
  slice?: string;
  /** Group of the bias measure, and whether the answer was favourable. */
  group?: { name: string; favourable: boolean };
}

interface Failures {
  n: number;
  firstLine: number;
}

/** Sums over lines, which merge to the same whatever way the lines were split. */
export interface GoldenTally {
  lines: number;
  candidate: Sum;
  failures: Record<string, Failures>;
  /** Lines that both answered. */
  pairs: { candidate: Sum; rival: Sum };
  rivalFailures: Record<string, Failures>;
  slices: Record<string, Sum>;
  groups: Record<string, { n: number; favourable: number }>;
  /** Lowest scores below 1, lowest first. */
  worst: { line: number; micros: number }[];
}

export const WORST_LINES = 10;
/** More values of one field are no slices. */
export const MOST_SLICES = 200;

export const noGoldenTally = (): GoldenTally => ({
  lines: 0,
  candidate: noSum(),
  failures: {},
  pairs: { candidate: noSum(), rival: noSum() },
  rivalFailures: {},
  slices: {},
  groups: {},
  worst: [],
});

const isFailure = (scored: Scored): scored is LineFailure => 'why' in scored;

const failed = (scored: Scored | undefined, line: number): Record<string, Failures> =>
  scored !== undefined && isFailure(scored) ? { [scored.why]: { n: 1, firstLine: line } } : {};

/** The tally of a single line. */
export function tallyOf({ line, candidate, rival, slice, group }: ScoredLine): GoldenTally {
  const scored = isFailure(candidate) ? undefined : { n: 1, micros: toMicros(candidate.score) };
  const other = rival === undefined || isFailure(rival) ? undefined : { n: 1, micros: toMicros(rival.score) };
  const paired = scored !== undefined && other !== undefined;
  return {
    ...noGoldenTally(),
    lines: 1,
    candidate: scored ?? noSum(),
    failures: failed(candidate, line),
    ...(paired ? { pairs: { candidate: scored, rival: other } } : {}),
    rivalFailures: failed(rival, line),
    slices: scored === undefined || slice === undefined ? {} : { [slice]: scored },
    groups: scored === undefined || group === undefined ? {} : { [group.name]: { n: 1, favourable: group.favourable ? 1 : 0 } },
    worst: scored === undefined || scored.micros >= 1e6 ? [] : [{ line, micros: scored.micros }],
  };
}

export function mergeGolden(left: GoldenTally, right: GoldenTally): GoldenTally {
  return {
    lines: left.lines + right.lines,
    candidate: plus(left.candidate, right.candidate),
    failures: mergeBy(left.failures, right.failures, together),
    pairs: { candidate: plus(left.pairs.candidate, right.pairs.candidate), rival: plus(left.pairs.rival, right.pairs.rival) },
    rivalFailures: mergeBy(left.rivalFailures, right.rivalFailures, together),
    slices: mergeBy(left.slices, right.slices, plus),
    groups: mergeBy(left.groups, right.groups, (one, other) => ({ n: one.n + other.n, favourable: one.favourable + other.favourable })),
    worst: [...left.worst, ...right.worst].sort((one, other) => one.micros - other.micros || one.line - other.line).slice(0, WORST_LINES),
  };
}

const together = (one: Failures, other: Failures): Failures => ({
  n: one.n + other.n,
  firstLine: Math.min(one.firstLine, other.firstLine),
});
