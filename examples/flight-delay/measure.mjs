// Prints how often each arm errs on the traffic half: node examples/flight-delay/measure.mjs
import { pathToFileURL } from 'node:url';
import { flights } from './flights.mjs';

const MODELS = ['stable', 'candidate-good', 'candidate-bad'];
const WRONG_MINUTES = 30;

/** Arm → { offByHalfHour, errorMinutes }. */
export async function measure() {
  const arms = { baseline: (await import('./baseline.ts')).answer };
  for (const name of MODELS) arms[name] = (await import(new URL(`models/${name}.mjs`, import.meta.url).href)).predict;
  const { traffic } = flights();
  return Object.fromEntries(Object.entries(arms).map(([name, predict]) => [name, errorsOf(traffic, predict)]));
}

function errorsOf(traffic, predict) {
  const errors = traffic.map(({ delay, request }) => Math.abs(delay - predict(request).delayMinutes));
  return {
    offByHalfHour: errors.filter((error) => error > WRONG_MINUTES).length / errors.length,
    errorMinutes: errors.reduce((sum, error) => sum + Math.min(120, error), 0) / errors.length,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [name, { offByHalfHour, errorMinutes }] of Object.entries(await measure())) {
    console.log(
      `${name.padEnd(16)} off by half an hour ${(100 * offByHalfHour).toFixed(1).padStart(5)} %   ${errorMinutes.toFixed(1)} minutes off`,
    );
  }
}
