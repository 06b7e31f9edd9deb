import { type HttpAnswer, jsonAnswer } from '../shared/http';
import type { ModelAnswer } from './model';

const TEXT = /^(text\/|application\/([a-z0-9.+-]*\+)?(json|xml|jsonlines|x-ndjson))/i;

export const isText = (contentType: string): boolean => TEXT.test(contentType);

/** Where every answer says to which decision it belongs. */
export const lineageHeaders = (decisionId: string, arm: string): Record<string, string> => ({
  'x-sluice-decision-id': decisionId,
  'x-sluice-arm': arm,
});

export function modelAnswer(answer: ModelAnswer, decisionId: string, arm: string): HttpAnswer {
  const asText = isText(answer.contentType);
  return {
    statusCode: answer.statusCode ?? 200,
    headers: { 'content-type': answer.contentType, ...lineageHeaders(decisionId, arm) },
    body: Buffer.from(answer.body).toString(asText ? 'utf8' : 'base64'),
    isBase64Encoded: !asText,
  };
}

export function unanswered(decisionId: string, arm: string): HttpAnswer {
  return withLineage(
    jsonAnswer(502, {
      error: 'Neither the model nor the baseline answered',
      allowed: 'A body that the baseline can answer',
      next: 'Look at the gateway log for the decision id',
    }),
    decisionId,
    arm,
  );
}

export function withoutLineage(): HttpAnswer {
  return jsonAnswer(503, {
    error: 'The decision could not be recorded, and no answer is given without its lineage',
    allowed: 'Answers whose decision is recorded',
    next: 'Try again; when it lasts, look at the observation queue',
  });
}

function withLineage(answer: HttpAnswer, decisionId: string, arm: string): HttpAnswer {
  return { ...answer, headers: { ...answer.headers, ...lineageHeaders(decisionId, arm) } };
}
