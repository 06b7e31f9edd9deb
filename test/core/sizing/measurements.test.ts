import { measurementsOf, throughputOf } from '../../../core/sizing';

const benchmark = (levels: unknown, rest: object = {}): string =>
  JSON.stringify({ schema: 'sluice/benchmark-v1', measured: [{ instanceType: 'ml.g5.xlarge', levels, ...rest }] });

const LEVELS = [
  { requestsPerSecond: 20, latencyP95Millis: 900 },
  { requestsPerSecond: 5, latencyP95Millis: 100 },
  { requestsPerSecond: 10, latencyP95Millis: 180 },
];

test.each<[number | undefined, object]>([
  [200, { known: true, requestsPerSecond: 10, how: 'bench.json' }],
  [180, { known: true, requestsPerSecond: 10 }],
  [179, { known: true, requestsPerSecond: 5 }],
  [5000, { known: true, requestsPerSecond: 20 }],
  [undefined, { known: true, requestsPerSecond: 20 }],
  [99, { known: false, why: '100 ms already at 5/s (bench.json)' }],
])('within %s ms: the highest rate that was tried, nothing in between', (target, expected) => {
  const measurements = measurementsOf(benchmark(LEVELS), 'bench.json');
  expect(throughputOf(measurements, 'ml.g5.xlarge', target)).toMatchObject(expected);
});

test('a level that was too slow ends it, whatever a higher one showed', () => {
  const measurements = measurementsOf(
    benchmark([
      { requestsPerSecond: 5, latencyP95Millis: 100 },
      { requestsPerSecond: 10, latencyP95Millis: 400 },
      { requestsPerSecond: 20, latencyP95Millis: 150 },
    ]),
    'bench.json',
  );
  expect(throughputOf(measurements, 'ml.g5.xlarge', 200)).toMatchObject({ requestsPerSecond: 5 });
});

test('a level without latency meets the target; the note names the source', () => {
  const measurements = measurementsOf(benchmark([{ requestsPerSecond: 7 }], { note: 'wrk, 2026-11-02' }), 'bench.json');
  expect(throughputOf(measurements, 'ml.g5.xlarge', 1)).toEqual({ known: true, requestsPerSecond: 7, how: 'wrk, 2026-11-02' });
  expect(throughputOf(measurements, 'ml.g6.xlarge', 1)).toEqual({ known: false, why: 'not measured' });
});

const recommendation = (type: string, perMinute: number, latency: number, instances = 1): object => ({
  EndpointConfiguration: { EndpointName: 'sm-epc', VariantName: 'v', InstanceType: type, InitialInstanceCount: instances },
  Metrics: { CostPerHour: 1.4, MaxInvocations: perMinute, ModelLatency: latency, CpuUtilization: null },
  ModelConfiguration: {},
});

const job = (rest: object): string =>
  JSON.stringify({
    JobName: 'triage-size',
    Status: 'COMPLETED',
    InferenceRecommendations: [recommendation('ml.g5.xlarge', 600, 150), recommendation('ml.g6.xlarge', 1200, 400, 2)],
    ...rest,
  });

test("Inference Recommender's output: a minute's answers of one instance, latency in milliseconds", () => {
  const measurements = measurementsOf(job({}), 'job.json');
  expect(throughputOf(measurements, 'ml.g5.xlarge', 200)).toEqual({
    known: true,
    requestsPerSecond: 10,
    how: 'Inference Recommender, triage-size',
  });
  expect(throughputOf(measurements, 'ml.g6.xlarge', 200)).toMatchObject({ known: false, why: expect.stringContaining('400 ms') });
  expect(throughputOf(measurements, 'ml.g6.xlarge', 500)).toMatchObject({ requestsPerSecond: 10 });
});

test('a job that stopped at a 95th percentile stayed below it', () => {
  const measurements = measurementsOf(
    job({ StoppingConditions: { ModelLatencyThresholds: [{ Percentile: 'P95', ValueInMilliseconds: 300 }] } }),
    'job.json',
  );
  expect(throughputOf(measurements, 'ml.g5.xlarge', 200).known).toBe(false);
  expect(throughputOf(measurements, 'ml.g6.xlarge', 300)).toMatchObject({ requestsPerSecond: 10 });
});

test.each<[string, string, RegExp]>([
  ['no JSON', '{', /^bench\.json is no JSON/],
  ['no schema', '{"measured":[]}', /bench\.json: schema\n {2}given: {3}nothing\n {2}allowed: sluice\/benchmark-v1/],
  ['nothing measured', '{"schema":"sluice/benchmark-v1","measured":[]}', /bench\.json: measured\n[\s\S]*at least 1 measurements/],
  ['no levels', benchmark([]), /bench\.json: measured\[0\]\.levels/],
  [
    'zero',
    benchmark([{ requestsPerSecond: 0 }]),
    /measured\[0\]\.levels\[0\]\.requestsPerSecond\n {2}given: {3}0\n {2}allowed: a number above 0/,
  ],
  [
    'a misspelt key',
    benchmark([{ requestPerSecond: 1 }]),
    /levels\[0\]\.requestPerSecond[\s\S]*allowed: requestsPerSecond, latencyP95Millis/,
  ],
  ['no type', benchmark(LEVELS, { instanceType: 'g5.xlarge' }), /an instance type such as ml\.g5\.xlarge/],
  [
    'a job under way',
    job({ Status: 'IN_PROGRESS', InferenceRecommendations: [] }),
    /measured no instance\n {2}given: {3}status IN_PROGRESS/,
  ],
  [
    'a job without results',
    job({ InferenceRecommendations: undefined }),
    /InferenceRecommendations\n {2}given: {3}nothing\n {2}allowed: a list/,
  ],
])('refused by place: %s', (_, json, message) => {
  expect(() => measurementsOf(json, 'bench.json')).toThrow(message);
});
