import { ProductionVariantInstanceType } from '@aws-sdk/client-sagemaker';
import { fits, instanceFacts, knownInstanceTypes, memoryNeededGib, modelsThatFit } from '../../../core/instances';

const hosted = new Set<string>(Object.values(ProductionVariantInstanceType));

test.each<[string, object]>([
  ['ml.c5.large', { vcpus: 2, memoryGib: 4, accelerator: 'none', accelerators: 0, localDisk: false }],
  ['ml.c5.18xlarge', { vcpus: 72, memoryGib: 144 }],
  ['ml.m8g.medium', { vcpus: 1, memoryGib: 4 }],
  ['ml.m5d.24xlarge', { vcpus: 96, memoryGib: 384, localDisk: true }],
  ['ml.r7i.48xlarge', { vcpus: 192, memoryGib: 1536 }],
  ['ml.c4.8xlarge', { vcpus: 36, memoryGib: 60 }],
  ['ml.t2.medium', { vcpus: 2, memoryGib: 4 }],
  ['ml.g5.12xlarge', { vcpus: 48, memoryGib: 192, accelerator: 'gpu', accelerators: 4, acceleratorMemoryGib: 24, localDisk: true }],
  ['ml.g6e.xlarge', { accelerators: 1, acceleratorName: 'NVIDIA L40S', acceleratorMemoryGib: 48 }],
  ['ml.inf2.24xlarge', { accelerator: 'inferentia', accelerators: 6, acceleratorMemoryGib: 32, localDisk: false }],
  ['ml.trn1.32xlarge', { accelerator: 'trainium', accelerators: 16 }],
])('%s', (type, facts) => {
  expect(instanceFacts(type)).toMatchObject({ type, family: type.split('.')[1], ...facts });
});

test.each(['ml.g5.3xlarge', 'ml.g99.xlarge', 'g5.xlarge', 'ml.m5.medium', 'ml.constructor.large', 'ml.g5.toString', ''])(
  'nothing is known of %s',
  (type) => {
    expect(instanceFacts(type)).toBeUndefined();
  },
);

test('every type of the catalogue is one that SageMaker hosts, and is known', () => {
  const types = knownInstanceTypes();
  expect(types.filter((type) => !hosted.has(type))).toEqual([]);
  expect(types.filter((type) => instanceFacts(type) === undefined)).toEqual([]);
  expect(new Set(types).size).toBe(types.length);
  expect(types.length / hosted.size).toBeGreaterThan(0.95);
});

test('8 billion parameters in 16 bits take 16 GB and a fifth more', () => {
  expect(memoryNeededGib({ parametersBillion: 8, bits: 16 })).toBeCloseTo((16e9 * 1.2) / 2 ** 30, 9);
  const fitsOn = (type: string, bits = 16): boolean => fits({ parametersBillion: 8, bits }, instanceFacts(type)!);
  expect([fitsOn('ml.g4dn.xlarge'), fitsOn('ml.g4dn.xlarge', 8), fitsOn('ml.g5.xlarge')]).toEqual([false, true, true]);
});

test('what runs on an instance: its accelerators together, else its memory', () => {
  const largest = (type: string): number => modelsThatFit(instanceFacts(type)!).parametersBillion16Bit;
  expect([largest('ml.g5.xlarge'), largest('ml.g5.12xlarge'), largest('ml.g6e.xlarge'), largest('ml.m5.large')]).toEqual([
    10.7, 42.9, 21.4, 3.5,
  ]);
  expect(modelsThatFit(instanceFacts('ml.g5.xlarge')!).rule).toMatch(/EleutherAI/);
});
