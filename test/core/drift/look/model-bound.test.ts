import type { DriftPolicy } from '../../../../core/contracts';
import { boundTo } from '../../../../core/drift/look/model-bound';

const MODEL: DriftPolicy = {
  features: [
    { name: 'a', side: 'input', path: 'old.a', kind: 'numeric', atMost: 10 },
    { name: 'gone', side: 'output', path: 'gone', kind: 'categorical', oneOf: ['x'] },
  ],
  baseline: { kind: 'first-days', days: 7 },
  rhythm: 'daily',
  windowsHours: [1],
  falseAlarmsPerYear: 1,
  minimumRows: 100,
  joint: true,
  groups: { by: 'g', outcome: 'o', favourable: 'f', threshold: 0.1 },
  truth: {
    prediction: 'p',
    kind: 'classification',
    positive: 'yes',
    confidence: 'c',
    windowMinutes: 60,
    minimumLabels: 10,
    accuracyAtLeast: 0.5,
  },
  kpiMovement: false,
  brokenShareAbove: 0.01,
  owner: 'quality',
};

const DEPLOYED: DriftPolicy = {
  features: [
    { name: 'a', side: 'input', path: 'new.a', kind: 'numeric', atLeast: 0, threshold: 0.3 },
    { name: 'more', side: 'input', path: 'more', kind: 'numeric' },
  ],
  csv: { input: ['a'] },
  baseline: { kind: 'first-days', days: 3 },
  rhythm: 'none',
  windowsHours: [24],
  falseAlarmsPerYear: 5,
  minimumRows: 50,
  joint: false,
  groups: { by: 'h', outcome: 'o', favourable: 'n', threshold: 0.4 },
  truth: { prediction: 'q', kind: 'classification', positive: 'no', windowMinutes: 30, minimumLabels: 99, recallAtLeast: 0.7 },
  kpiMovement: true,
  brokenShareAbove: 0.5,
  owner: 'risk',
};

test('what belongs to the model stays, what belongs to its owners is new', () => {
  expect(boundTo(MODEL, DEPLOYED)).toEqual({
    features: [{ name: 'a', side: 'input', path: 'old.a', kind: 'numeric', atLeast: 0, threshold: 0.3 }, MODEL.features[1]],
    baseline: MODEL.baseline,
    rhythm: 'daily',
    joint: true,
    groups: { by: 'g', outcome: 'o', favourable: 'f', threshold: 0.4 },
    truth: {
      prediction: 'p',
      kind: 'classification',
      positive: 'yes',
      confidence: 'c',
      windowMinutes: 30,
      minimumLabels: 99,
      recallAtLeast: 0.7,
    },
    windowsHours: [24],
    falseAlarmsPerYear: 5,
    minimumRows: 50,
    kpiMovement: true,
    brokenShareAbove: 0.5,
    owner: 'risk',
  });
});

test("truth of another kind is the model's own; without any there is none", () => {
  const { truth, ...without } = MODEL;
  expect(boundTo(MODEL, { ...DEPLOYED, truth: { ...DEPLOYED.truth!, kind: 'regression' } }).truth).toEqual(truth);
  expect(boundTo(without, DEPLOYED)).not.toHaveProperty('truth');
  expect(boundTo(MODEL, MODEL)).toEqual(MODEL);
});
