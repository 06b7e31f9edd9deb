export { renderDriftReport, STATE_WORDS } from './page';
export { windowText } from './figures';
export type { DriftReport, DriftReportWindow } from './types';
