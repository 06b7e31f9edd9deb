export { renderDriftReport, STATE_WORDS } from './page';
export { chanceText, countText, distanceText, percentText, windowText } from './figures';
export type { DriftReport } from './types';
