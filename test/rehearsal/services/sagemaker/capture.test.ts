import type { Members } from '../../../../rehearsal/cloud/types';
import { AwsError } from '../../../../rehearsal/cloud/types';
import { createBucket, createSingle, invoke, pass, setUp, single, type Setup } from './support';

const capture = (extra: Members = {}): Members => ({
  DataCaptureConfig: {
    EnableCapture: true,
    InitialSamplingPercentage: 100,
    DestinationS3Uri: 's3://captured/data/',
    CaptureOptions: [{ CaptureMode: 'InputAndOutput' }],
    CaptureContentTypeHeader: { JsonContentTypes: ['application/json'], CsvContentTypes: ['text/csv'] },
    ...extra,
  },
});

async function capturing(extra: Members = {}): Promise<{ setup: Setup; files: () => Record<string, string> }> {
  const setup = setUp();
  const files = createBucket(setup, 'captured');
  await single(setup, {}, capture(extra));
  return { setup, files };
}

const records = (files: Record<string, string>): Members[] =>
  Object.values(files).flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Members),
  );

// https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html: "View captured data".
test('requests and answers stand in S3 as lines of JSON, a file by the minute under endpoint, variant and hour', async () => {
  const { setup, files } = await capturing();
  await invoke(setup, { InferenceId: 'id-1' });
  await invoke(setup, { ContentType: 'text/csv; charset=utf-8', Body: new TextEncoder().encode('1,2') });
  expect(files()).toEqual({});
  await pass(setup, 1.1);
  const [key, ...others] = Object.keys(files());
  expect(others).toEqual([]);
  expect(key).toMatch(/^data\/Live\/a\/2026\/03\/02\/09\/\d\d-\d\d-\d{3}-[0-9a-f-]{36}\.jsonl$/);
  const answer = {
    observedContentType: 'text/plain',
    mode: 'OUTPUT',
    data: Buffer.from('model-a saw 2 bytes').toString('base64'),
    encoding: 'BASE64',
  };
  expect(records(files())).toEqual([
    {
      captureData: {
        endpointInput: { observedContentType: 'application/json', mode: 'INPUT', data: '{}', encoding: 'JSON' },
        endpointOutput: answer,
      },
      eventMetadata: {
        eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        inferenceId: 'id-1',
        inferenceTime: expect.stringMatching(/^2026-03-02T09:\d\d:\d\dZ$/),
      },
      eventVersion: '0',
    },
    {
      captureData: {
        endpointInput: { observedContentType: 'text/csv; charset=utf-8', mode: 'INPUT', data: '1,2', encoding: 'CSV' },
        endpointOutput: expect.objectContaining({ mode: 'OUTPUT' }),
      },
      eventMetadata: { eventId: expect.any(String), inferenceTime: expect.any(String) },
      eventVersion: '0',
    },
  ]);
  expect(setup.cloud.calls.find(({ operation }) => operation === 'PutObject')!.caller).toEqual({
    kind: 'role',
    roleArn: 'arn:aws:iam::111111111111:role/Model',
  });
});

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html
test.each<[string, Members, (record: Members) => unknown, unknown]>([
  [
    'only inputs',
    { CaptureOptions: [{ CaptureMode: 'Input' }] },
    ({ captureData }) => Object.keys(captureData as object),
    ['endpointInput'],
  ],
  [
    'only outputs',
    { CaptureOptions: [{ CaptureMode: 'Output' }] },
    ({ captureData }) => Object.keys(captureData as object),
    ['endpointOutput'],
  ],
  [
    'base64 without declared types',
    { CaptureContentTypeHeader: undefined },
    ({ captureData }) => captureData.endpointInput.encoding,
    'BASE64',
  ],
])('%s', async (_name, extra, read, expected) => {
  const { setup, files } = await capturing(extra);
  await invoke(setup);
  await pass(setup, 1.1);
  expect(records(files()).map(read)).toEqual([expected]);
});

test('a part of the requests is sampled', async () => {
  const { setup, files } = await capturing({ InitialSamplingPercentage: 30 });
  for (let index = 0; index < 200; index += 1) await invoke(setup);
  await pass(setup, 1.1);
  expect(records(files()).length).toBeGreaterThan(35);
  expect(records(files()).length).toBeLessThan(90);
});

// The same page: "Data Capture stops capturing requests at high levels of disk usage."
test('full disks stop the capture silently', async () => {
  const { setup, files } = await capturing();
  setup.sageMaker.setDiskUtilization('Live', 80);
  await invoke(setup);
  await pass(setup, 1.1);
  expect(files()).toEqual({});
});

test('a role that may not write loses the data, and the caller hears nothing', async () => {
  const { setup, files } = await capturing();
  setup.cloud.authorise = (_caller, action) => {
    if (action === 's3:PutObject') throw new AwsError('AccessDenied', 'no', 403);
  };
  await invoke(setup);
  await pass(setup, 1.1);
  expect(files()).toEqual({});
  expect(setup.cloud.log.at(-1)).toMatchObject({ event: 'capture-lost', detail: { records: 1, error: 'AccessDenied' } });
});

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html, ExcludeRetainedVariantProperties.
test.each<[boolean, Members]>([
  [true, {}],
  [false, { RetainAllVariantProperties: true }],
  [true, { RetainAllVariantProperties: true, ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DataCaptureConfig' }] }],
])('a config that turns capture on does so: %s, when updated with %j', async (expected, retained) => {
  const setup = setUp();
  createBucket(setup, 'captured');
  await single(setup);
  await createSingle(setup, 'second', {}, capture());
  await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second', ...retained });
  await pass(setup, 8);
  const { DataCaptureConfig } = await setup.call('DescribeEndpoint', { EndpointName: 'Live' });
  expect(DataCaptureConfig?.CaptureStatus).toBe(expected ? 'Started' : undefined);
});

test.each<[string, Members]>([
  ['CaptureOption', { CaptureOptions: [] }],
  ['destinationS3Uri', { DestinationS3Uri: 'nowhere' }],
  ['initialSamplingPercentage', { InitialSamplingPercentage: 101 }],
])('refused for its %s', async (message, extra) => {
  const setup = setUp();
  await expect(single(setup, {}, capture(extra))).rejects.toThrow(message);
});
