import type { RetrainingPolicy } from '../contracts';
import { hash32 } from '../drift/count/hash';
import type { LabelledRow } from './labelled';

/** So many that the bound of the difference is narrow, and no more than a transform job answers in its time. */
export const MOST_EVALUATION_ROWS = 10_000;

/** Fewer compared answers say nothing of which model is better. */
export const FEWEST_EVALUATION_ROWS = 30;

export type Split = { enough: true; training: LabelledRow[]; evaluation: LabelledRow[] } | { enough: false; reason: string };

/**
 * The newest share is kept from training: a model is judged on what came after all that it was trained on. Of it only what stable itself
 * answered can be compared. Rows are in the order of their time.
 */
export function splitByTime(rows: LabelledRow[], { minimumRows, evaluationShare, sinceDays }: RetrainingPolicy['data']): Split {
  if (rows.length < minimumRows) {
    return { enough: false, reason: `${rows.length} answers of the last ${sinceDays} days have a known truth; ${minimumRows} are needed` };
  }
  const cut = rows.length - Math.round(rows.length * evaluationShare);
  const training = rows.slice(0, cut);
  const evaluation = sampled(rows.slice(cut).filter(({ byStable, answer }) => byStable && answer !== undefined));
  if (evaluation.length < FEWEST_EVALUATION_ROWS) {
    return {
      enough: false,
      reason:
        `stable answered ${evaluation.length} of the newest ${rows.length - cut} requests with a known truth; ` +
        `${FEWEST_EVALUATION_ROWS} are needed to compare a new model with it`,
    };
  }
  if (training.length === 0) return { enough: false, reason: 'every row is kept for evaluation: lower retraining.data.evaluationShare' };
  return { enough: true, training, evaluation };
}

/** Those with the smallest hashes, still in the order of their time. */
function sampled(rows: LabelledRow[]): LabelledRow[] {
  if (rows.length <= MOST_EVALUATION_ROWS) return rows;
  const hashes = rows.map(({ id }) => hash32(id)).sort((one, other) => one - other);
  const upToHash = hashes[MOST_EVALUATION_ROWS - 1] ?? 0;
  return rows.filter(({ id }) => hash32(id) <= upToHash);
}

/** A line of `train.jsonl` and `evaluation.jsonl`: bodies are JSON where they were, else text. */
export function dataLine({ id, atMillis, request, requestIsJson, answer, answerIsJson, truth }: LabelledRow): string {
  const members = [
    `"id":${JSON.stringify(id)}`,
    `"at":${JSON.stringify(new Date(atMillis).toISOString())}`,
    `"request":${requestIsJson ? request : JSON.stringify(request)}`,
    ...(answer === undefined ? [] : [`"answer":${answerIsJson ? answer : JSON.stringify(answer)}`]),
    `"truth":${JSON.stringify(truth)}`,
  ];
  return `{${members.join(',')}}`;
}

/** Rows of which drift of the new model is measured: enough for its quantiles, few enough to be scored once more. */
const BASELINE_ROWS = 5_000;

export interface BaselineRows {
  /** Rows for training that the new model answers as well. */
  training: LabelledRow[];
  /** Rows for evaluation belong to the baseline up to this hash of their id. */
  upToHash: number;
}

/**
 * The baseline of a new model is what it says itself, to requests of the whole time: its predecessor's answers would make every window
 * drift. A sample of the training rows is scored with the evaluation's for it.
 */
export function baselineRows(training: LabelledRow[], evaluation: LabelledRow[], most = BASELINE_ROWS): BaselineRows {
  const hashes = [...training, ...evaluation].map(({ id }) => hash32(id)).sort((one, other) => one - other);
  const upToHash = hashes[Math.min(most, hashes.length) - 1] ?? 0;
  return { training: training.filter(({ id }) => hash32(id) <= upToHash), upToHash };
}
