// Hour and distance: a little better, and no slower.
import { answerOf, byHourAndDistance, trained } from './quantiles.mjs';

export const model = trained(byHourAndDistance, 0.55);
export const predict = (request) => answerOf(model, byHourAndDistance(request));
