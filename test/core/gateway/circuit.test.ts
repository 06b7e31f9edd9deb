import { afterAttempt, CLOSED_CIRCUIT, isOpen } from '../../../core/gateway/circuit';

const failing = (times: number, atMillis: number) =>
  Array.from({ length: times }).reduce<typeof CLOSED_CIRCUIT>((circuit) => afterAttempt(circuit, false, atMillis), CLOSED_CIRCUIT);

test('opens after five failures in a row, for thirty seconds', () => {
  expect(isOpen(failing(4, 1000), 1000)).toBe(false);
  expect(isOpen(failing(5, 1000), 1000)).toBe(true);
  expect(isOpen(failing(5, 1000), 30_999)).toBe(true);
  expect(isOpen(failing(5, 1000), 31_000)).toBe(false);
});

test('one more failure opens it again; a success closes it', () => {
  const tried = failing(5, 1000);
  expect(isOpen(afterAttempt(tried, false, 31_000), 60_999)).toBe(true);
  expect(afterAttempt(tried, true, 31_000)).toEqual(CLOSED_CIRCUIT);
  expect(isOpen(afterAttempt(afterAttempt(failing(4, 0), true, 0), false, 0), 0)).toBe(false);
});
