import { outcomes as plain } from './outcomes.mjs';

/** Every third outcome turns out to be another, half of those a second time. */
export function outcomes(input) {
  const { random } = input;
  return plain(input).map((outcome) => {
    if (random() >= 1 / 3) return outcome;
    const [first, second] = plain(input)
      .filter(({ kpi }) => kpi === outcome.kpi)
      .concat(plain(input).filter(({ kpi }) => kpi === outcome.kpi));
    const corrections = [first, second].slice(0, random() < 0.5 ? 1 : 2).map(({ value }) => ({ value, afterMinutes: 1 + 3 * random() }));
    return { ...outcome, delayMinutes: outcome.delayMinutes / 2, corrections };
  });
}
