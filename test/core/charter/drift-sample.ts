import { changed } from './sample';

const DRIFT = `
drift:
  baseline: { trainingData: data/train.csv }
  features:
    - { name: subject, input: subject, type: text, derive: [length, language] }
    - { name: amount, input: order.amount, type: numeric, range: [0, null], completeness: 0.99 }
    - { name: language, input: language, type: categorical, oneOf: [en, de] }
    - { name: label, output: label, type: categorical, threshold: 0.05 }
    - { name: confidence, output: confidence, type: numeric, range: [0, 1] }
  groups: { by: language, outcome: label, favourable: ham }
  truth: { prediction: label, kind: classification, confidence: confidence, positive: spam, window: 6h, recallAtLeast: 0.9 }
`;

const RETRAINING = `
retraining:
  training: { image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/triage-training:1.0.0' }
  inference: { image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/triage:1.4.0' }
`;

const captured = changed('max: 4 } }', 'max: 4 }, capture: {} }');

/** The sample, watched and retrained. */
export const WATCHED = changed(/^ {2}behaviour:/m, '  registry: { group: support-triage }\n  behaviour:', captured) + DRIFT + RETRAINING;

/** A change to it. */
export const watched = (from: string | RegExp, to: string, text = WATCHED): string => changed(from, to, text);
