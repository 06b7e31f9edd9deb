import type { EvidenceBundle, LookLine, VerdictRecord, VerdictRun } from '../contracts';
import { canonicalJson, sha256Hex } from '../hash';
import { looksKey } from './places';

/** Everything that the verdict said of a release: in short for the bundle, and look by look in an object of its own. */
export interface LooksEvidence {
  runs: VerdictRun[];
  object: NonNullable<EvidenceBundle['looks']>;
  /** Of the object: a line per look. */
  text: string;
}

export function lookLine({ at, decision, reason, culprit, combinedRollbackEvidence, threshold }: VerdictRecord): LookLine {
  return {
    at,
    decision,
    rollbackEvidence: combinedRollbackEvidence,
    threshold,
    reason,
    ...(culprit === undefined ? {} : { culprit }),
  };
}

/** Looks in order of their time; undefined where there were none. */
export function looksEvidence(releaseId: string, looks: LookLine[]): LooksEvidence | undefined {
  if (looks.length === 0) return undefined;
  const text = looks.map((look) => `${canonicalJson(look)}\n`).join('');
  const sha256 = sha256Hex(text);
  return { runs: runsOf(looks), object: { key: looksKey(releaseId, sha256), sha256, count: looks.length }, text };
}

function runsOf(looks: LookLine[]): VerdictRun[] {
  const runs: VerdictRun[] = [];
  for (const look of looks) {
    const run = runs.at(-1);
    if (run?.decision !== look.decision) runs.push(firstOf(look));
    else Object.assign(run, added(run, look));
  }
  return runs;
}

const firstOf = ({ at, rollbackEvidence, ...rest }: LookLine): VerdictRun => ({
  from: at,
  to: at,
  looks: 1,
  highestRollbackEvidence: rollbackEvidence,
  ...rest,
});

function added(run: VerdictRun, { at, rollbackEvidence, threshold, reason }: LookLine): Partial<VerdictRun> {
  const highestRollbackEvidence = Math.max(run.highestRollbackEvidence, rollbackEvidence);
  return { to: at, looks: run.looks + 1, highestRollbackEvidence, threshold, reason };
}
