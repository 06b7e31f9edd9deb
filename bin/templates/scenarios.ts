const scenario = (title: string, candidate: string, expectation: string): string => `title: ${title}
start: 2026-03-02T09:00:00Z
duration: 4h
traffic: { perMinute: 30, source: traffic.mjs }
given: { stable: promoted } # a release is live already
arms: # what the simulated containers do
  stable: { model: models/stable.mjs, latencyMs: { p50: 30, p95: 80 } }
  candidate: { model: models/${candidate}, latencyMs: { p50: 30, p95: 80 } }
outcomes: outcomes.mjs
people:
  - { role: process, after: 10m, decision: approve, comment: looks fine }
actions:
  - { at: 5m, do: deploy, release: candidate }
expect: ${expectation}
`;

export const goodCandidate = scenario('The candidate is wrong half as often as stable', 'candidate.mjs', '{ outcome: promoted }');

export const badCandidate = scenario(
  'The candidate is healthy but wrong more often; the KPI notices',
  'candidate-bad.mjs',
  '{ outcome: rolled-back, culprit: wrong-answer }',
);

export const trafficModule = `// Synthetic cases: urgent ones have a higher signal. Replace this with requests of your own.
export function traffic({ random }) {
  let count = 0;
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return {
    next() {
      count += 1;
      const urgent = random() < 0.3;
      const signal = (urgent ? 1.5 : -1.5) + normal();
      return { unit: \`case-\${count}\`, request: { signal }, truth: { urgent } };
    },
  };
}
`;

export const outcomesModule = `// What becomes known after an answer, as KPI events. Models never see \`truth\`.
export function outcomes({ truth, response, random }) {
  const wrong = response?.urgent !== truth.urgent;
  return [{ kpi: 'wrong-answer', value: wrong, delayMinutes: 1 + 4 * random() }];
}
`;

const model = (comment: string, threshold: number): string => `// ${comment}
const THRESHOLD = ${threshold};

export function predict(request) {
  if (typeof request?.signal !== 'number') throw new Error('signal must be a number');
  return { urgent: request.signal > THRESHOLD };
}
`;

export const stableModel = model('Stands in for the live model: wrong in about 15 % of cases.', 1.5);
export const candidateModel = model('Stands in for the new model: wrong in about 7 % of cases.', 0);
export const badCandidateModel = model('A model that answers fast, without errors, and wrongly in about half of all cases.', -2);

export const baselineModule = `// The null model: JSON in, JSON out, no model needed.
export function answer(request) {
  return { urgent: request?.signal > 3 };
}
`;

export const inferenceScript = `"""Runs in AWS's public scikit-learn container; put your own model here."""

import json
import os


def model_fn(model_dir):
    with open(os.path.join(model_dir, "model.json"), encoding="utf-8") as file:
        return json.load(file)


def input_fn(body, content_type):
    if content_type != "application/json":
        raise ValueError(f"content type {content_type} is not application/json")
    return json.loads(body)


def predict_fn(request, model):
    return {"urgent": request["signal"] > model["threshold"]}


def output_fn(prediction, accept):
    return json.dumps(prediction), "application/json"
`;

export const modelData = `{ "threshold": 0 }
`;
