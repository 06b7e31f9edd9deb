import * as z from 'zod';
import { inMonth } from '../../core/retraining';
import { rolesOf } from '../../core/release/principals';
import { type HttpAnswer, HttpError, type HttpEvent, jsonAnswer, jsonBody, signerOf } from '../shared/http';
import { recordRefusal } from '../shared/refusals';
import { ask } from './ask';
import { type AskParts, isoNow } from './parts';
import { readRuns, readState } from './store';

const EXAMPLE = '{ "do": "retrain", "reason": "…" }';
const bodySchema = z.strictObject({ do: z.literal('retrain').default('retrain'), reason: z.string().trim().min(1).max(500) });
const MOST_RUNS_LISTED = 50;

/** Owners ask for a run (POST), or look at those that were (GET). Who asked is whoever signed. */
export async function answerHttp(parts: AskParts, event: HttpEvent, requestId: string): Promise<HttpAnswer> {
  const { method } = event.requestContext.http;
  const signer = signerOf(event);
  if (rolesOf(signer, parts.owners).length === 0) return refuseStranger(parts, signer);
  if (method === 'GET') return jsonAnswer(200, await listed(parts));
  if (method !== 'POST') throw new HttpError(404, `There is no ${method} here`, 'GET, or POST', 'Use one of them');
  const read = bodySchema.safeParse(jsonBody(event, EXAMPLE));
  if (!read.success) throw new HttpError(400, z.prettifyError(read.error), EXAMPLE, 'Correct the body');
  const begun = await ask(parts, {
    requestId: `retraining:http:${requestId}`,
    trigger: 'operator',
    reason: read.data.reason,
    requestedBy: signer,
    at: isoNow(parts),
  });
  if ('refused' in begun) {
    const { reason, next } = begun.refused;
    throw new HttpError(409, `No retraining: ${reason}`, 'One run at a time, within the limits of `retraining` in usecase.yaml', next);
  }
  return jsonAnswer(202, begun);
}

async function refuseStranger(parts: AskParts, signer: string): Promise<never> {
  const message = `${signer} is no owner of this use case`;
  await recordRefusal(parts.ledger, { at: isoNow(parts), what: 'retraining', by: signer, reason: message });
  throw new HttpError(
    403,
    message,
    `Principals of the roles ${Object.keys(parts.owners).join(', ')}`,
    'Sign the request as one of the owners in usecase.yaml',
  );
}

async function listed(parts: AskParts): Promise<object> {
  const { ledger, settings } = parts;
  const { running, month, runs, spent } = inMonth(await readState(ledger, isoNow(parts)), isoNow(parts));
  const stored = await readRuns(ledger);
  return {
    ...(running === undefined ? {} : { running: running.id }),
    month,
    runsThisMonth: runs,
    mostRunsPerMonth: settings.mostRunsPerMonth,
    ...(settings.monthlyBudget === undefined ? {} : { spentThisMonth: spent, monthlyBudget: settings.monthlyBudget }),
    // Without what the handler keeps for itself.
    runs: stored
      .slice(0, MOST_RUNS_LISTED)
      .map(
        ({ pk: _pk, sk: _sk, modelName: _model, announced: _told, ...run }: (typeof stored)[number] & { pk?: string; sk?: string }) => run,
      ),
  };
}
