// Logistic regression over a hashed bag of words: small, real, and the same in model/code/inference.py.

const MAX_EXAMPLE_STEP = 4;

/** Distinct hash buckets of the words of a request. FNV-1a over ASCII words, so that other languages can follow. */
export function bucketsOf({ subject, text }, size) {
  const buckets = new Set();
  for (const [word] of `${subject ?? ''} ${text ?? ''}`.toLowerCase().matchAll(/[a-z]{2,20}|[$!%]|[0-9]+/g)) {
    let hash = 0x811c9dc5;
    for (let index = 0; index < word.length; index++) hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
    buckets.add((hash >>> 0) % size);
  }
  return [...buckets];
}

/** Probability of spam: every word weighs the same within one mail, however long it is. */
export function scoreOf({ bias, weights }, request) {
  const buckets = bucketsOf(request, weights.length);
  const sum = buckets.reduce((total, bucket) => total + weights[bucket], 0);
  return 1 / (1 + Math.exp(-(bias + sum / Math.sqrt(Math.max(1, buckets.length)))));
}

export function answerOf(model, request) {
  const score = scoreOf(model, request);
  return { label: score >= model.threshold ? 'spam' : 'ham', score: Number(score.toFixed(6)) };
}

/** Stochastic gradient descent, mail by mail in the given order: the same mails give the same model. */
export function train(mails, { size, epochs, rate, threshold }) {
  const examples = mails.map(({ request, spam }) => ({ buckets: bucketsOf(request, size), target: spam ? 1 : 0 }));
  const weights = new Array(size).fill(0);
  let bias = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const step = Math.min(MAX_EXAMPLE_STEP, rate / (1 + epoch));
    for (const { buckets, target } of examples) {
      const scale = 1 / Math.sqrt(Math.max(1, buckets.length));
      const sum = buckets.reduce((total, bucket) => total + weights[bucket], 0);
      const gradient = (target - 1 / (1 + Math.exp(-(bias + sum * scale)))) * step;
      for (const bucket of buckets) weights[bucket] += gradient * scale;
      bias += gradient * 0.1;
    }
  }
  return { bias, weights, threshold };
}
