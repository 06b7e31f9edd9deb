// Prints how often each arm is wrong, over the same 4 000 claims: node examples/claims-summary/measure.mjs
import { pathToFileURL } from 'node:url';
import { summaryOf } from './answer-text.mjs';
import { claim, mistakesIn } from './claims.mjs';

const CLAIMS = 4000;
const MODELS = ['stable', 'candidate-better-prompt', 'candidate-hallucinating', 'candidate-breaking-off'];

/** Arm → shares of summaries with something missing, and with something invented. */
export async function measure() {
  const random = randomFrom(7);
  const claims = Array.from({ length: CLAIMS }, () => claim(random));
  const { answer } = await import('./baseline.ts');
  const arms = { baseline: (request) => summaryOf(answer(request)) };
  for (const name of MODELS) {
    const { stream } = await import(new URL(`models/${name}.mjs`, import.meta.url).href);
    const chance = randomFrom(11);
    arms[name] = (request) =>
      summaryOf(
        stream(request, { random: chance })
          .parts.map(({ text }) => text)
          .join(''),
      );
  }
  return Object.fromEntries(Object.entries(arms).map(([name, summarise]) => [name, sharesOf(claims, summarise)]));
}

function sharesOf(claims, summarise) {
  const mistakes = claims.map(({ facts, document }) => mistakesIn(summarise({ messages: [{ content: document }] }), facts));
  const share = (kind) => mistakes.filter((mistake) => mistake[kind] > 0).length / mistakes.length;
  return { missing: share('missing'), invented: share('invented') };
}

/** Park and Miller's generator: the same figures everywhere. */
function randomFrom(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [name, { missing, invented }] of Object.entries(await measure())) {
    const percent = (share) => `${(100 * share).toFixed(1).padStart(5)} %`;
    console.log(`${name.padEnd(25)} something missing ${percent(missing)}   something invented ${percent(invented)}`);
  }
}
