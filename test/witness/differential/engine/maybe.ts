import fc from 'fast-check';

/** Absent in so many of ten cases, and in what a case is shrunk to. */
export const maybe = <T>(arbitrary: fc.Arbitrary<T>, absentOfTen = 5): fc.Arbitrary<T | undefined> =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: absentOfTen }, { arbitrary, weight: 10 - absentOfTen });
