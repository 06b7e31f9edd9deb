// Prints how often each arm errs on the traffic half: node examples/support-triage/measure.mjs
import { pathToFileURL } from 'node:url';
import { mails } from './mail.mjs';

const MODELS = ['stable', 'candidate-good', 'candidate-bad'];

/** Arm → { missedSpam, wronglyBlocked }, as shares of the spam and of the other mails. */
export async function measure() {
  const arms = { baseline: (await import('./baseline.ts')).answer };
  for (const name of MODELS) arms[name] = (await import(new URL(`models/${name}.mjs`, import.meta.url).href)).predict;
  return Object.fromEntries(Object.entries(arms).map(([name, predict]) => [name, ratesOf(predict)]));
}

function ratesOf(predict) {
  const { traffic } = mails();
  const blockedShare = (of) => of.filter(({ request }) => predict(request).label === 'spam').length / of.length;
  return {
    missedSpam: 1 - blockedShare(traffic.filter((mail) => mail.spam)),
    wronglyBlocked: blockedShare(traffic.filter((mail) => !mail.spam)),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { training, traffic } = mails();
  const spam = traffic.filter((mail) => mail.spam).length;
  console.log(`${training.length} mails for training; ${traffic.length} for traffic, ${spam} of them spam`);
  for (const [name, rates] of Object.entries(await measure())) {
    const percent = (share) => `${(100 * share).toFixed(1)} %`.padStart(7);
    console.log(
      `${name.padEnd(16)} missed spam ${percent(rates.missedSpam)} of spam   wrongly blocked ${percent(rates.wronglyBlocked)} of the rest`,
    );
  }
}
