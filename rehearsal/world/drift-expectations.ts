import { ledgerKeys } from '../../core/contracts';
import type { ExpectationResult } from './expectations';
import type { History } from './history';
import type { Scenario } from './scenario-schema';
import { driftingFeatures, driftLookOf } from './told-drift';

type Expected = Scenario['expect'];

const result = (text: string, held: boolean, seen: string): ExpectationResult => (held ? { text, held } : { text, held, seen });

/** Holds what is expected of drift and of retraining against the ledger at the end. */
export function checkDriftAndRetraining(
  { drift, retraining }: Pick<Expected, 'drift' | 'retraining'>,
  { ledger, retrainings }: Pick<History, 'ledger' | 'retrainings'>,
): ExpectationResult[] {
  return [
    ...(drift === undefined ? [] : checkDrift(drift, ledger)),
    ...(retraining === undefined ? [] : checkRetraining(retraining, retrainings)),
  ];
}

function checkDrift({ state, features, quality }: NonNullable<Expected['drift']>, ledger: History['ledger']): ExpectationResult[] {
  const { pk, sk } = ledgerKeys.drift();
  const look = driftLookOf(ledger.get(`${pk}|${sk}`));
  if (look === undefined) return [result('drift is watched', false, 'no look of it is kept')];
  const results = [result(`drift is ${state} at the end`, look.state === state, `${look.state}: ${look.reason}`)];
  if (features !== undefined) {
    const seen = driftingFeatures(look);
    const missing = features.filter((feature) => !seen.includes(feature));
    results.push(result(`it is told of ${features.join(', ')}`, missing.length === 0, seen.length === 0 ? 'no feature' : seen.join(', ')));
  }
  for (const [measure, wanted] of Object.entries(quality ?? {})) {
    const found = look.quality.find((one) => one.measure === measure);
    const seen = found === undefined ? 'not measured' : `${found.value} of ${found.labels} labels`;
    results.push(result(`${measure} is ${wanted ? 'within' : 'beyond'} its limit`, found?.passed === wanted, seen));
  }
  return results;
}

function checkRetraining({ runs, last }: NonNullable<Expected['retraining']>, records: History['retrainings']): ExpectationResult[] {
  const begun = records.filter(({ status }) => status !== 'refused');
  const results: ExpectationResult[] = [];
  if (runs !== undefined) results.push(result(`the model was trained anew ${runs} times`, begun.length === runs, `${begun.length} runs`));
  if (last !== undefined) {
    const newest = records.at(-1);
    const seen = newest === undefined ? 'there was none' : `${newest.status}: ${newest.outcome ?? newest.reason}`;
    results.push(result(`the last retraining run is ${last}`, newest?.status === last, seen));
  }
  return results;
}
