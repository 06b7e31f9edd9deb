// A release that was packed for another interface: it reads a field that no request has.
import { answerOf } from './classifier.mjs';
import { model } from './candidate-good.mjs';

export const predict = (request) => answerOf(model, { subject: '', text: request.message.body });
