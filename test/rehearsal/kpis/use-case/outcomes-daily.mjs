import { outcomes as plain } from './outcomes.mjs';

/** Mistakes and costs swing with the hour, for whoever answers: 0.4 to 1.6 times what the answer says. */
export function outcomes(input) {
  const swing = 1 + 0.6 * Math.sin((2 * Math.PI * input.atMinutes) / 360);
  const { mistakeRate, cost, touches } = input.response;
  return plain({ ...input, response: { mistakeRate: mistakeRate * swing, cost: cost * swing, touches: touches * swing } });
}
