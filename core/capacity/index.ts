export { AWAKE_FOR_RELEASE_MINUTES, decide, type Decision } from './decide';
export { type Hours, isOn, isWithin, USUAL_HOURS } from './hours';
export { idleMinutes, type Presence, presenceOf } from './presence';
export * from './types';
export { resourceOf, signatureOf, wantedNow, wishOf } from './wish';
