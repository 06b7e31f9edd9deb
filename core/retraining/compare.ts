import type { EvaluationPolicy } from '../contracts';

type Value = string | number;

/** An answer of each model to one request, and the truth. Undefined: the answer names no prediction. */
export interface ComparedAnswer {
  truth: Value | boolean;
  stable: Value | undefined;
  candidate: Value | undefined;
}

export interface Comparison {
  metric: EvaluationPolicy['metric'];
  candidate: number;
  stable: number;
  rows: number;
  /** How far the new model falls behind: absolute; of `mae` as a share of stable's. Below 0: it is ahead. */
  behind: number;
  /** Upper end of its one-sided 95 % interval. */
  behindAtMost: number;
  passed: boolean;
  /** A sentence. */
  reason: string;
}

export type Compared = ({ ok: true } & Comparison) | { ok: false; reason: string };

/** One-sided 95 %. */
const Z = 1.6448536269514722;
/** A new model that leaves more requests without a prediction than this is not compared further. */
const MOST_UNUSABLE = 0.01;
const FEWEST_ROWS = 2;
/** 0.8 - 0.7 is a little more than 0.1. */
const ROUNDING = 1e-12;

/** Holds the new model against stable on the same requests, so that what makes a request hard stands on both sides. */
export function compareModels(answers: ComparedAnswer[], policy: EvaluationPolicy, positive: string | undefined): Compared {
  const numeric = policy.metric === 'mae';
  const usable = answers.filter(({ truth, stable }) => isUsable(truth, numeric) && isUsable(stable, numeric));
  if (usable.length < FEWEST_ROWS) {
    return { ok: false, reason: `stable's answers to ${usable.length} of ${answers.length} requests could be compared with their truth` };
  }
  const without = usable.filter(({ candidate }) => !isUsable(candidate, numeric)).length;
  if (without > usable.length * MOST_UNUSABLE) {
    return { ok: false, reason: `the new model answered ${without} of ${usable.length} requests without a usable prediction` };
  }
  const errors = numeric
    ? meanErrors(usable.filter(({ candidate }) => isUsable(candidate, true)))
    : shares(usable, policy.metric, positive);
  return 'problem' in errors ? { ok: false, reason: errors.problem } : { ok: true, ...judged(errors, policy, usable.length) };
}

interface Figures {
  candidate: number;
  stable: number;
  behind: number;
  standardError: number;
}

function judged({ candidate, stable, behind, standardError }: Figures, { metric, notWorseBy }: EvaluationPolicy, rows: number): Comparison {
  const passed = behind <= notWorseBy + ROUNDING;
  const behindAtMost = behind + Z * standardError;
  const unit = metric === 'mae' ? ' of it' : '';
  const reason =
    `${metric} on ${rows} requests: ${shown(candidate)} against stable's ${shown(stable)}, ` +
    `${behind <= 0 ? `ahead by ${shown(-behind)}` : `behind by ${shown(behind)}`}${unit} (with 95 % at most ${shown(behindAtMost)} behind; ${shown(notWorseBy)} allowed)`;
  return { metric, candidate, stable, rows, behind, behindAtMost, passed, reason };
}

/** Share of right answers: of all, of those that say positive, of those that are. */
function shares(
  answers: ComparedAnswer[],
  metric: EvaluationPolicy['metric'],
  positive: string | undefined,
): Figures | { problem: string } {
  const label = positive ?? '';
  const counts = {
    accuracy: { of: () => true, right: (truth: string, said: string | undefined) => truth === said },
    precision: { of: (_: string, said: string | undefined) => said === label, right: (truth: string) => truth === label },
    recall: { of: (truth: string) => truth === label, right: (_: string, said: string | undefined) => said === label },
  }[metric as 'accuracy' | 'precision' | 'recall'];
  const sided = (side: 'stable' | 'candidate') =>
    answers.map((answer) => {
      const truth = text(answer.truth) as string;
      const said = text(answer[side]);
      const of = counts.of(truth, said) ? 1 : 0;
      return { of, right: of === 1 && counts.right(truth, said) ? 1 : 0 };
    });
  const [stable, candidate] = [ratio(sided('stable')), ratio(sided('candidate'))];
  if (stable === undefined || candidate === undefined) {
    const whose = stable === undefined ? 'stable' : 'the new model';
    const why = metric === 'recall' ? `no truth is '${label}'` : `no answer of ${whose} is '${label}'`;
    return { problem: `${metric} cannot be measured: ${why}` };
  }
  const differences = stable.influence.map((influence, index) => influence - (candidate.influence[index] ?? 0));
  return {
    candidate: candidate.value,
    stable: stable.value,
    behind: stable.value - candidate.value,
    standardError: standardErrorOf(differences),
  };
}

/** A share whose denominator varies, with what each row moves it by. */
function ratio(rows: { of: number; right: number }[]): { value: number; influence: number[] } | undefined {
  const of = sum(rows.map((row) => row.of));
  if (of === 0) return undefined;
  const value = sum(rows.map((row) => row.right)) / of;
  const mean = of / rows.length;
  return { value, influence: rows.map((row) => (row.right - value * row.of) / mean) };
}

function meanErrors(answers: ComparedAnswer[]): Figures | { problem: string } {
  if (answers.length < FEWEST_ROWS) return { problem: 'too few answers are numbers' };
  const errorsOf = (side: 'stable' | 'candidate') => answers.map((answer) => Math.abs(Number(answer[side]) - Number(answer.truth)));
  const [stableErrors, candidateErrors] = [errorsOf('stable'), errorsOf('candidate')];
  const [stable, candidate] = [sum(stableErrors) / answers.length, sum(candidateErrors) / answers.length];
  if (stable === 0) {
    return { candidate, stable, behind: candidate === 0 ? 0 : Number.MAX_VALUE, standardError: 0 };
  }
  const moved = candidateErrors.map((error, index) => (error - (candidate / stable) * (stableErrors[index] ?? 0)) / stable);
  return { candidate, stable, behind: candidate / stable - 1, standardError: standardErrorOf(moved) };
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

function standardErrorOf(influences: number[]): number {
  const n = influences.length;
  const mean = sum(influences) / n;
  return Math.sqrt(sum(influences.map((value) => (value - mean) ** 2)) / (n - 1) / n);
}

const text = (value: Value | boolean | undefined): string | undefined => (value === undefined ? undefined : String(value).trim());

function isUsable(value: Value | boolean | undefined, numeric: boolean): boolean {
  if (value === undefined || value === '') return false;
  return !numeric || (typeof value !== 'boolean' && String(value).trim() !== '' && Number.isFinite(Number(value)));
}

const shown = (value: number): string => (value === Number.MAX_VALUE ? 'anything' : String(Number(value.toPrecision(3))));
