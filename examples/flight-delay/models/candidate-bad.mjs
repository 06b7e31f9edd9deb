// Trained on hours in another time zone, and on the wrong quantile: every offline test that shares the mistake is green.
import { answerOf, byHour, trained } from './quantiles.mjs';

const HOURS_OFF = 12;
const model = trained(byHour, 0.8);
export const predict = ({ scheduledHour }) => answerOf(model, byHour({ scheduledHour: (scheduledHour + HOURS_OFF) % 24 }));
