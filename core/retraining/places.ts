import { DRIFT_FOLDERS } from '../drift/places';

/** Where a run's data and models lie in the drift bucket. */
export interface RunPlaces {
  training: string;
  evaluation: string;
  /** Rows for training that the new model answers as well: for its drift baseline. */
  baselineRows: string;
  /** The requests of `evaluation`, then of `baselineRows`, a line each: what the transform job reads. */
  requests: string;
  /** Folder of the new model's answers to them. */
  answers: string;
  /** What the comparison came to. */
  result: string;
  /** Folder of what training makes. */
  models: string;
  /** What drift of the new model is measured against. */
  baseline: string;
}

export function placesOf(runId: string): RunPlaces {
  const data = `${DRIFT_FOLDERS.training}/${runId}`;
  const models = `${DRIFT_FOLDERS.models}/${runId}`;
  return {
    training: `${data}/train.jsonl`,
    evaluation: `${data}/evaluation.jsonl`,
    baselineRows: `${data}/baseline-rows.jsonl`,
    requests: `${data}/evaluation-requests.jsonl`,
    answers: `${data}/answers`,
    result: `${models}/evaluation-result.json`,
    models,
    baseline: `${models}/baseline.json`,
  };
}

/** SageMaker names the answers after the file of the requests. */
export const answersKey = (places: RunPlaces): string => `${places.answers}/evaluation-requests.jsonl.out`;

export const uriOf = (bucket: string, key: string): string => `s3://${bucket}/${key}`;
