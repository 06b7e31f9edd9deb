/** An execution of the release workflow that ended before its release did. */
export interface LostExecution {
  /** The release's id, or the name of one of its clean-ups. */
  name: string;
  stateMachineArn: string;
  status: 'ABORTED' | 'FAILED' | 'TIMED_OUT';
  error?: string;
  cause?: string;
}

/** Input of the release workflow that takes back what a lost execution left behind. */
export interface CleanUpInput {
  releaseId: string;
  cleanUp: { reason: string };
}

const CLEAN_UP = /^(.+)-clean-up-(\d+)$/;
const WORDS = { ABORTED: 'was aborted', FAILED: 'failed', TIMED_OUT: 'timed out' };
const MAX_REASON_CHARACTERS = 500;

/** The release, and how many clean-ups have been tried. */
export function releaseOfExecution(name: string): { releaseId: string; cleanUps: number } {
  const cleanUp = CLEAN_UP.exec(name);
  return { releaseId: cleanUp?.[1] ?? name, cleanUps: Number(cleanUp?.[2] ?? 0) };
}

/** A number of its own for each: starting one again under the same name is no error. */
export function cleanUpName(releaseId: string, number: number): string {
  return `${releaseId}-clean-up-${number}`;
}

export function reasonOf({ status, error, cause }: LostExecution): string {
  const detail = [error, cause].filter((text) => text !== undefined && text !== '').join(': ');
  return `its workflow ${WORDS[status]}${detail === '' ? '' : `: ${detail}`}`.slice(0, MAX_REASON_CHARACTERS);
}
