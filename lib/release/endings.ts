import { CAUGHT, jsonata } from './asl';

/** JSONata for the end of a failed state; `stage` is an expression as well. */
export const ending = (outcome: string, stage: string, reason: string): string =>
  `{'outcome': '${outcome}', 'stage': ${stage}, 'reason': ${reason}}`;

/** The endpoint did not do what it was asked: an incident, whatever becomes of the release. */
export const failedUpdate = (expression: string): string => `$merge([${expression}, {'incident': 'failed-update'}])`;

export const rollingBack = (stage: string) => ({
  ErrorEquals: ['States.ALL'],
  Next: 'RollBack',
  Assign: { ending: jsonata(ending('rolled-back', stage, CAUGHT)) },
});
