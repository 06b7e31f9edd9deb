import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newFolder, removeFolders, sluice } from './capture';

const SAMPLE = path.join(__dirname, '..', 'core', 'charter', 'sample.yaml');
const LOAD = ['--requests-per-second', '12', '--latency-p95', '300', '--region', 'us-east-1'];

afterAll(removeFolders);

function useCase(change: (text: string) => string = (text) => text): string {
  const folder = newFolder();
  copyFileSync(SAMPLE, path.join(folder, 'usecase.yaml'));
  writeFileSync(path.join(folder, 'usecase.yaml'), change(readFileSync(SAMPLE, 'utf8')));
  writeFileSync(path.join(folder, 'baseline.ts'), 'export const answer = () => ({});\n');
  return folder;
}

function file(name: string, content: unknown): string {
  const full = path.join(newFolder(), name);
  writeFileSync(full, JSON.stringify(content));
  return full;
}

const BENCH = {
  schema: 'sluice/benchmark-v1',
  measured: [
    {
      instanceType: 'ml.g5.xlarge',
      levels: [
        { requestsPerSecond: 10, latencyP95Millis: 180 },
        { requestsPerSecond: 20, latencyP95Millis: 900 },
      ],
    },
  ],
};

test('without a measurement throughput is unknown, and how to measure it is said', async () => {
  const { code, out, err } = await sluice('size', useCase(), ...LOAD, '--candidate', 'ml.g5.xlarge');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/12 requests\/s, 95 of 100 answers within 300 ms/);
  expect(out).toMatch(/ml\.g5\.xlarge +1 x NVIDIA A10G 24 GiB +10\.7 billion +unknown +unknown +1\.41 each +unknown +unknown/);
  expect(out).toMatch(/to find out\n {2}throughput of [\s\S]*load gate[\s\S]*--recommender FILE/);
  expect(out).toMatch(/prices: AWS Price List[^\n]*2026-05-20, on demand, USD/);
});

test('with a measurement: instances and costs, with the assumptions behind them', async () => {
  const { out } = await sluice('size', useCase(), ...LOAD, '--measured', file('bench.json', BENCH), '--spare');
  expect(out).toMatch(/ml\.g5\.xlarge +1 x NVIDIA A10G 24 GiB +10\.7 billion +10\/s +3 \(N\+1\) +4\.22 +3084 +0\.0978/);
  expect(out).toMatch(/headroom of 30 % on the load; one instance more than needed/);
  expect(out).toMatch(/throughput: [^\n]*bench\.json; the highest rate that was tried within the latency target/);
});

test('the size of a model rules types out', async () => {
  const { out } = await sluice('size', useCase(), ...LOAD, '--candidate', 'ml.g4dn.xlarge', '--parameters-billion', '8', '--bits', '16');
  expect(out).toMatch(/ruled out\n(?: {2}.*\n)* {2}ml\.g4dn\.xlarge: the model needs about 17\.9 GiB, the accelerators have 16 GiB/);
  expect(out).toMatch(/memory: memory needed = parameters x bytes each x 1\.2/);
});

test('prices of a file, in its currency, and what it lacks is unknown', async () => {
  const prices = file('prices.json', {
    currency: 'EUR',
    asOf: '2026-11-01',
    regions: { 'us-east-1': { instances: { 'ml.g5.xlarge': 1 } } },
  });
  const { out } = await sluice(
    'size',
    useCase(),
    ...LOAD,
    '--prices',
    prices,
    '--candidate',
    'ml.g5.xlarge',
    '--candidate',
    'ml.g6.xlarge',
  );
  expect(out).toMatch(/EUR\/h +EUR\/month/);
  expect(out).toMatch(/ml\.g5\.xlarge[^\n]* 1 each/);
  expect(out).toMatch(/ml\.g6\.xlarge +1 x NVIDIA L4 24 GiB +10\.7 billion +unknown +unknown +unknown/);
  expect(out).toMatch(/no price of ml\.g6\.xlarge in us-east-1: give one/);
});

test('load and latency of the load gate stand in for those that are not given', async () => {
  const gate = 'gates: [{ name: load, load: { data: golden.jsonl, requestsPerMinute: 120, latency: { below: 250 } } }]';
  const folder = useCase((text) => `${text}\n${gate}\n`);
  writeFileSync(path.join(folder, 'golden.jsonl'), '{"body":{}}\n');
  const { code, out, err } = await sluice('size', folder, '--region', 'us-east-1');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/2 requests\/s, 95 of 100 answers within 250 ms/);
});

test('--recommender writes the job, and says how to start it', async () => {
  const target = path.join(newFolder(), 'job.json');
  const more = ['--role', 'arn:aws:iam::111122223333:role/Recommender'];
  const { code, out, err } = await sluice(
    'size',
    useCase(),
    ...LOAD,
    '--recommender',
    target,
    ...more,
    '--model-package',
    'arn:aws:sagemaker:us-east-1:111122223333:model-package/triage/3',
  );
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain(`--cli-input-json file://${target}`);
  expect(JSON.parse(readFileSync(target, 'utf8'))).toMatchObject({
    JobType: 'Advanced',
    InputConfig: { ModelPackageVersionArn: 'arn:aws:sagemaker:us-east-1:111122223333:model-package/triage/3' },
    StoppingConditions: { MaxInvocations: 936, ModelLatencyThresholds: [{ Percentile: 'P95', ValueInMilliseconds: 300 }] },
  });
});

test('--json is one object', async () => {
  const { out } = await sluice('size', useCase(), ...LOAD, '--measured', file('bench.json', BENCH), '--json');
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    currency: 'USD',
    requestsPerSecond: 12,
    headroom: 0.3,
    candidates: expect.arrayContaining([expect.objectContaining({ instanceType: 'ml.g5.xlarge', instances: 2 })]),
  });
});

test.each<[string, string[], RegExp]>([
  ['no load', ['--region', 'us-east-1'], /--requests-per-second N is missing/],
  ['a load of 0', ['--requests-per-second', '0', '--region', 'us-east-1'], /--requests-per-second is a number above 0; given: 0/],
  [
    'a bad region',
    ['--requests-per-second', '1', '--region', 'Ireland'],
    /--region is an AWS region such as eu-west-1[^\n]*given: Ireland/,
  ],
  ['a negative headroom', [...LOAD, '--headroom', '-1'], /--headroom is a share from 0 to 10/],
  ['bad bits', [...LOAD, '--parameters-billion', '8', '--bits', '12'], /--bits is one of 4, 8, 16, 32; given: 12/],
  ['bits alone', [...LOAD, '--bits', '8'], /--bits goes with --parameters-billion/],
  ['a bad type', [...LOAD, '--candidate', 'g5.xlarge'], /--candidate is an instance type such as ml\.g5\.xlarge; given: g5\.xlarge/],
  ['no such file', [...LOAD, '--measured', '/does/not/exist.json'], /--measured: \/does\/not\/exist\.json cannot be read/],
  ['no role', [...LOAD, '--recommender', '/tmp/never.json'], /--recommender needs --role ARN/],
])('refused: %s', async (_, args, message) => {
  const { code, out, err } = await sluice('size', useCase(), ...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(message);
});

test('a charter that does not hold is said as by validate', async () => {
  const folder = useCase((text) => text.replace('window: 6h', 'windw: 6h'));
  expect(await sluice('size', folder, ...LOAD)).toMatchObject({ code: 2, err: expect.stringMatching(/Did you mean "window"\?/) });
  const { code, out } = await sluice('size', folder, ...LOAD, '--json');
  expect([code, JSON.parse(out).ok]).toEqual([2, false]);
});
