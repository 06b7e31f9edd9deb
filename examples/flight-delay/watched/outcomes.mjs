// What the landing tells, as in the use case beside it, and with it the delay itself: what quality is measured by, and models learn from.
import landed from '../outcomes.mjs';

export default function outcomes(input) {
  const [wrong, error] = landed(input);
  return [wrong, { ...error, truth: input.truth.delay }];
}
