import { outcomes as plain } from './outcomes.mjs';

/** A session has one outcome of each kind, drawn when it begins. */
export function outcomes(input) {
  return input.truth.first ? plain(input) : [];
}
