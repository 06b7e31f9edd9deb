import path from 'node:path';
import { deploy, ModeOfServing, wrong } from '../modes/play';

jest.setTimeout(180_000);

const SLOW_TO_BEGIN = `kpis:
  - name: slow-to-begin
    type: latency
    better: lower
    unit: case
    role: guard
    above: 250
    margin: 1
    target: { value: 0.3, by: 2099-12-31 }`;

const streaming = new ModeOfServing('{ mode: real-time, instance: ml.g5.xlarge, instances: { min: 1, max: 1 }, streaming: true }', [
  [/^kpis:$/m, SLOW_TO_BEGIN],
]);

const arm = (model: string, latencyMs = { p50: 200, p95: 400 }): object => ({
  model: path.join(__dirname, 'use-case/models', `${model}.mjs`),
  latencyMs,
});

const arms = {
  stable: arm('stable'),
  good: arm('good'),
  slow: arm('good', { p50: 2000, p95: 2500 }),
  failing: arm('failing'),
  breaking: arm('breaking'),
  silent: arm('silent'),
};

test('answers that take seconds, and begin at once, are not slow: a better release is promoted', async () => {
  const result = await streaming.play({ arms, actions: [deploy('good')], expect: { outcomes: ['promoted'], failedRequestsAtMost: 0 } });
  expect(wrong(result)).toEqual([]);
});

test('answers that begin late are slow', async () => {
  const result = await streaming.play({
    arms,
    duration: '2h',
    actions: [deploy('slow')],
    expect: { outcomes: ['rolled-back'], culprit: 'slow-to-begin', failedRequestsAtMost: 0 },
  });
  expect(wrong(result)).toEqual([]);
});

test('a model that fails before the first byte: callers get the baseline', async () => {
  const result = await streaming.play({
    arms,
    duration: '2h',
    actions: [deploy('failing')],
    expect: { outcomes: ['rolled-back'], failedRequestsAtMost: 0 },
  });
  expect(wrong(result)).toEqual([]);
});

test.each(['breaking', 'silent'])('a model that is %s after the first byte: callers see it, and the release goes back', async (model) => {
  const result = await streaming.play({ arms, duration: '2h', actions: [deploy(model)], expect: { outcomes: ['rolled-back'] } });
  expect(wrong(result)).toEqual([]);
  const { failed, byArm } = result.requests;
  expect(failed).toBeGreaterThan(0);
  expect(failed).toBeLessThanOrEqual(byArm.candidate ?? 0);
});
