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
  /** Folder of what training makes: until it was looked at, whatever trains may write there. */
  output: string;
  /** The model that is evaluated, looked at and released: a copy that nothing which trains can change. */
  model: string;
  /** What the comparison came to. */
  result: string;
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
    output: `${data}/output`,
    model: `${models}/model.tar.gz`,
    result: `${models}/evaluation-result.json`,
    baseline: `${models}/baseline.json`,
  };
}

/** SageMaker names the answers after the file of the requests. */
export const answersKey = (places: RunPlaces): string => `${places.answers}/evaluation-requests.jsonl.out`;

export const uriOf = (bucket: string, key: string): string => `s3://${bucket}/${key}`;
