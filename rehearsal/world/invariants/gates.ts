import { ledgerKeys, type GateResult, type ReleaseRecord } from '../../../core/contracts';
import type { History } from '../history';

/** The results that the ledger keeps of a release's gates. */
const resultsOf = ({ ledger }: History, releaseId: string): GateResult[] => {
  const { pk } = ledgerKeys.gate(releaseId, '');
  const results = [...ledger].filter(([key]) => key.startsWith(`${pk}|`)).map(([, item]) => item as unknown as GateResult);
  // A shadow without a verdict goes on when owners say so.
  const asked = ledgerKeys.approval(releaseId, 'shadow');
  const overruled = ledger.get(`${asked.pk}|${asked.sk}`)?.['status'] === 'approved';
  return overruled ? results.filter(({ gate }) => gate !== 'shadow') : results;
};

/** Of a release: its results, looked up once. */
export function gateResults(history: History): (releaseId: string) => GateResult[] {
  const known = new Map<string, GateResult[]>();
  return (releaseId) => {
    const results = known.get(releaseId) ?? resultsOf(history, releaseId);
    known.set(releaseId, results);
    return results;
  };
}

/** Why a release may not have traffic at this time, as far as its gates are concerned; undefined: it may. */
export function ungated(results: GateResult[], { id, spec, returnTo }: ReleaseRecord, atMillis: number): string | undefined {
  const failed = results.find(({ passed }) => !passed);
  if (failed !== undefined && Date.parse(failed.endedAt) < atMillis)
    return `release ${id} answered although its gate ${failed.gate} failed`;
  if (returnTo !== undefined) return undefined;
  const owed = (spec.gates ?? []).find(({ name }) => {
    const result = results.find(({ gate }) => gate === name);
    return result === undefined || Date.parse(result.endedAt) > atMillis;
  });
  return owed === undefined ? undefined : `release ${id} answered before its gate ${owed.name} passed`;
}
