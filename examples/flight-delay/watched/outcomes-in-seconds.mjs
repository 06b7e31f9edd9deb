// A system of the airport tells delays in seconds, where everybody takes them for minutes. The KPIs come from another system, and are right.
import landed from './outcomes.mjs';

const SECONDS = 60;

export default function outcomes(input) {
  const [wrong, error] = landed(input);
  return [wrong, { ...error, truth: error.truth * SECONDS }];
}
