import type { SFNClient } from '@aws-sdk/client-sfn';
import type { StepRecord, StepResult } from '../../core/contracts';
import { rollBack } from '../../core/release/control';
import type { Ledger } from '../shared/ledger';
import { stopRelease } from '../shared/stopping';

/** Longer than the workflow waits for instances: after that nobody carries the release any more. */
const LONGEST_GROWTH_MILLIS = 3 * 3_600_000;

/** The step was answered, and the candidate gets instances before its next share: nobody waits for a verdict meanwhile. */
export function isGrowing({ growingSince }: StepRecord, at: string): boolean {
  return growingSince !== undefined && Date.parse(at) - Date.parse(growingSince) < LONGEST_GROWTH_MILLIS;
}

/** The candidate still answers its last share: harm takes its traffic away at once, and the workflow learns of it at its next action. */
export async function judgeWhileGrowing(
  ledger: Ledger,
  sfn: SFNClient,
  { releaseId }: StepRecord,
  { decision, reason, culprit }: { decision: string } & Pick<StepResult, 'reason' | 'culprit'>,
  at: string,
): Promise<'roll-back' | 'continue'> {
  if (decision !== 'roll-back') {
    return 'continue';
  }
  const change = { at, by: 'verdict', reason };
  await stopRelease(ledger, sfn, releaseId, { ...change, outcome: 'rolled-back', culprit }, (control) =>
    rollBack(control, releaseId, change),
  );
  return 'roll-back';
}
