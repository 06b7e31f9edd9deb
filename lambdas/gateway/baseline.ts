import type { ModelAnswer } from './model';
import type { InferenceRequest } from './request';

/** The use case's null model. */
export interface Baseline {
  answer(request: unknown): unknown;
}

/** Stands beside the bundle, put there at synth: the bundler must not look for it. */
export function loadBaseline(): Baseline {
  const load: (path: string) => unknown = require;
  const module = load('./baseline.js') as Partial<Baseline>;
  if (typeof module.answer !== 'function') {
    throw new Error('baseline.js does not export answer(request): the gateway cannot do without a baseline');
  }
  return module as Baseline;
}

export async function askBaseline(baseline: Baseline, request: InferenceRequest): Promise<ModelAnswer> {
  const answer = await baseline.answer(parsed(request.body.toString('utf8')));
  return { body: Buffer.from(JSON.stringify(answer ?? null)), contentType: 'application/json' };
}

/** A body that is no JSON reaches the baseline as text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
