import { EndpointInstance } from '../../../lib';

test('knows what the catalogue knows', () => {
  const { G5_12XLARGE, INF2_24XLARGE, M5_LARGE } = EndpointInstance;
  expect(G5_12XLARGE).toMatchObject({
    typeName: 'ml.g5.12xlarge',
    gpus: 4,
    accelerators: 4,
    acceleratorMemoryGib: 24,
    vcpus: 48,
    hasLocalDisk: true,
  });
  expect(G5_12XLARGE.largestModelBillions).toBeGreaterThan(20);
  expect(G5_12XLARGE.needsNeuron).toBe(false);
  expect(INF2_24XLARGE).toMatchObject({ gpus: 0, accelerators: 6, needsNeuron: true });
  expect(M5_LARGE).toMatchObject({ gpus: 0, accelerators: 0, memoryGib: 8, hasLocalDisk: false });
});

test('what nobody knows is undefined, not zero', () => {
  const unknown = EndpointInstance.of('ml.g99.xlarge');
  const { gpus, accelerators, acceleratorMemoryGib, memoryGib, vcpus, hasLocalDisk, needsNeuron, largestModelBillions } = unknown;
  for (const fact of [gpus, accelerators, acceleratorMemoryGib, memoryGib, vcpus, hasLocalDisk, needsNeuron, largestModelBillions])
    expect(fact).toBeUndefined();
  expect(unknown.pricePerHour('us-east-1')).toBeUndefined();
  expect(unknown.isOfferedIn('us-east-1')).toBeUndefined();
});

test('what the app says counts', () => {
  const told = EndpointInstance.of('ml.g99.xlarge', {
    accelerators: 2,
    memoryGib: 64,
    vcpus: 8,
    hasLocalDisk: false,
    regions: ['eu-west-1'],
  });
  expect(told).toMatchObject({ gpus: 2, accelerators: 2, memoryGib: 64, vcpus: 8, hasLocalDisk: false });
  expect([told.isOfferedIn('eu-west-1'), told.isOfferedIn('us-east-1')]).toEqual([true, false]);
});

test('has a price where the price list has one', () => {
  expect(EndpointInstance.G5_XLARGE.pricePerHour('us-east-1')).toBeGreaterThan(0);
  expect(EndpointInstance.G5_XLARGE.pricePerHour('xx-moon-1')).toBeUndefined();
});
