import { meteredResult } from '../../../rehearsal/world/metered';

const row = { endpointName: 'e', variantName: 'a', endpointConfigName: 'first', instanceType: 'ml.m5.large', instanceSeconds: 60 };

test('seconds of one variant and type add up, whatever the config', () => {
  const metered = [
    { ...row, variantName: 'b' },
    row,
    { ...row, endpointConfigName: 'second', instanceSeconds: 5 },
    { ...row, instanceType: 'ml.g5.xlarge' },
  ];
  expect(meteredResult({ metered }).metered).toEqual([
    { endpointName: 'e', variantName: 'a', instanceType: 'ml.g5.xlarge', instanceSeconds: 60 },
    { endpointName: 'e', variantName: 'a', instanceType: 'ml.m5.large', instanceSeconds: 65 },
    { endpointName: 'e', variantName: 'b', instanceType: 'ml.m5.large', instanceSeconds: 60 },
  ]);
});

test('serverless adds up by memory', () => {
  const served = { endpointName: 'e', variantName: 'a', endpointConfigName: 'first', memoryMebibytes: 2048 };
  const amounts = { invocations: 2, invocationMillis: 70, provisionedSeconds: 3 };
  expect(
    meteredResult({
      meteredServerless: [
        { ...served, ...amounts },
        { ...served, endpointConfigName: 'second', ...amounts },
        { ...served, memoryMebibytes: 4096, ...amounts },
      ],
    }).meteredServerless,
  ).toEqual([
    { endpointName: 'e', variantName: 'a', memoryMebibytes: 2048, invocations: 4, invocationMillis: 140, provisionedSeconds: 6 },
    { endpointName: 'e', variantName: 'a', memoryMebibytes: 4096, ...amounts },
  ]);
  expect(meteredResult({})).toEqual({ metered: [], meteredServerless: [] });
});
