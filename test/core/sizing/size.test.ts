import type { PriceBook } from '../../../core/prices';
import type { Measurement, SizingRequest } from '../../../core/sizing';
import { instancesNeeded, sizingOf } from '../../../core/sizing';

const book: PriceBook = {
  currency: 'EUR',
  asOf: '2026-11-01',
  source: 'a test',
  regions: {
    'eu-test-1': {
      instances: {
        'ml.g4dn.xlarge': 0.8,
        'ml.g5.xlarge': 1.5,
        'ml.g5.2xlarge': 1.6,
        'ml.g6e.xlarge': 3,
        'ml.m5.large': 0.1,
        'ml.inf2.xlarge': 1,
      },
      notOffered: ['ml.p4d.24xlarge'],
    },
  },
};

const measured = (instanceType: string, requestsPerSecond: number): Measurement => ({
  instanceType,
  levels: [{ requestsPerSecond }],
  source: 'a bench',
});

const request = (rest: Partial<SizingRequest> = {}): SizingRequest => ({
  region: 'eu-test-1',
  requestsPerSecond: 12,
  headroom: 0.3,
  spare: false,
  asked: ['ml.g5.xlarge'],
  measurements: [],
  ...rest,
});

test('instances, and what they cost', () => {
  const { candidates } = sizingOf(request({ measurements: [measured('ml.g5.xlarge', 5)] }), book);
  // 12 × 1.3 / 5 = 3.12
  expect(candidates[0]).toMatchObject({
    instanceType: 'ml.g5.xlarge',
    instances: 4,
    cost: { perHour: 6, perMonth: 4380, perThousandAnswers: expect.closeTo(6000 / 43_200, 9) },
  });
});

test('without a measurement nothing is said but the price of one', () => {
  const { candidates } = sizingOf(request(), book);
  for (const candidate of candidates) {
    expect(candidate).toMatchObject({ throughput: { known: false, why: 'not measured' }, price: { known: true } });
    expect(candidate).not.toHaveProperty('instances');
    expect(candidate).not.toHaveProperty('cost');
  }
});

test('without a price the count stands, and no cost', () => {
  const { candidates } = sizingOf(request({ asked: ['ml.g6.xlarge'], measurements: [measured('ml.g6.xlarge', 20)] }), book);
  const candidate = candidates.find(({ instanceType }) => instanceType === 'ml.g6.xlarge');
  expect(candidate).toMatchObject({ instances: 1, price: { known: false } });
  expect(candidate).not.toHaveProperty('cost');
});

test('what costs less comes first, unknown costs come last', () => {
  const { candidates } = sizingOf(
    request({ asked: ['ml.g6.xlarge', 'ml.g5.xlarge'], measurements: [measured('ml.g5.xlarge', 5), measured('ml.g6e.xlarge', 50)] }),
    book,
  );
  expect(candidates.map(({ instanceType }) => instanceType)).toEqual(['ml.g6e.xlarge', 'ml.g5.xlarge', 'ml.g6.xlarge']);
});

test('beside the type of the charter: of each family of its kind the cheapest with as much memory', () => {
  expect(sizingOf(request(), book).candidates.map(({ instanceType }) => instanceType)).toEqual(['ml.g5.xlarge', 'ml.g6e.xlarge']);
  expect(sizingOf(request({ asked: [] }), book).candidates).toEqual([]);
});

test('a model rules out what has too little memory, and chooses what fits', () => {
  const { candidates, ruledOut } = sizingOf(request({ asked: ['ml.g4dn.xlarge'], model: { parametersBillion: 8, bits: 16 } }), book);
  expect(ruledOut).toEqual([{ instanceType: 'ml.g4dn.xlarge', why: 'the model needs about 17.9 GiB, the accelerators have 16 GiB' }]);
  expect(candidates.map(({ instanceType }) => instanceType)).toEqual(['ml.g5.xlarge', 'ml.g6e.xlarge']);
  const small = sizingOf(request({ asked: [], model: { parametersBillion: 0.1, bits: 32 } }), book);
  expect(small.candidates.map(({ instanceType }) => instanceType)).toEqual(['ml.m5.large']);
});

test('a type that the region does not have is ruled out; one of which nothing is known is not', () => {
  const { candidates, ruledOut } = sizingOf(request({ asked: ['ml.p4d.24xlarge', 'ml.g99.xlarge'] }), book);
  expect(ruledOut).toEqual([{ instanceType: 'ml.p4d.24xlarge', why: 'SageMaker does not host it in eu-test-1' }]);
  const unknown = candidates.find(({ instanceType }) => instanceType === 'ml.g99.xlarge');
  expect(unknown).toEqual({
    instanceType: 'ml.g99.xlarge',
    throughput: { known: false, why: 'not measured' },
    price: expect.objectContaining({ known: false }),
  });
});

test.each<[number, number, boolean, number, number]>([
  [10, 0, false, 10, 1],
  [10, 0.3, false, 13, 1],
  [10, 0.3, false, 12.99, 2],
  [0.1, 0.3, false, 100, 1],
  [10, 0.3, true, 13, 2],
  [3, 0.1, false, 1.1, 3],
])('%p/s with headroom %p, spare %p, at %p each: %p instances', (requestsPerSecond, headroom, spare, each, expected) => {
  expect(instancesNeeded(request({ requestsPerSecond, headroom, spare }), each)).toBe(expected);
});
