import { outcomes as plain } from './outcomes.mjs';

/** What the candidate's answers lead to is known at the end of the window, what the others' lead to at once. */
export function outcomes(input) {
  return plain(input).map((outcome) => ({ ...outcome, delayMinutes: input.response.late ? 28 + input.random() : 1 + input.random() }));
}
