import type { ControlRecord, ReleaseOutcome } from '../contracts';

/** How the workflow says that a release ended. */
export interface Ending {
  outcome: ReleaseOutcome;
  stage: string;
  reason: string;
  culprit?: string;
}

/** Why a release was told to stop, by whoever did. */
export interface Stopped {
  outcome: ReleaseOutcome;
  reason: string;
}

/** The control record knows best what became of a release; then whoever stopped it; then the workflow. */
export function trueEnding(said: Ending, releaseId: string, control: ControlRecord | undefined, stopped: Stopped | undefined): Ending {
  if (control?.stable?.releaseId === releaseId) {
    return { ...said, outcome: 'promoted' };
  }
  if (stopped !== undefined) {
    return { ...said, outcome: stopped.outcome, reason: stopped.reason };
  }
  if (control?.mode === 'killed' && said.outcome !== 'withdrawn') {
    return { ...said, outcome: 'killed' };
  }
  return said.outcome === 'promoted'
    ? { ...said, outcome: 'rolled-back', reason: `${said.reason} (it was not promoted: it is not the stable release)` }
    : said;
}
