import * as z from 'zod';
import { type Owners, rolesOf } from '../../core/release/principals';
import { type HttpAnswer, HttpError, type HttpEvent, jsonAnswer, jsonBody, postedAction, signerOf } from '../shared/http';
import type { Done, RollbackController } from './controller';

const ACTIONS = ['rollback', 'kill', 'revive'] as const;
const EXAMPLE = '{ "reason": "…" }, 1 to 500 characters';
const bodySchema = z.strictObject({ reason: z.string().trim().min(1).max(500) });

/** Any owner may take traffic away; who it was is the signer. */
export async function answerOperator(controller: RollbackController, owners: Owners, event: HttpEvent): Promise<HttpAnswer> {
  const action = postedAction(event, ACTIONS);
  const signer = signerOf(event);
  if (rolesOf(signer, owners).length === 0) {
    throw new HttpError(
      403,
      `${signer} is no owner of this use case`,
      `Principals of the roles ${Object.keys(owners).join(', ')}`,
      'Sign the request as one of the owners in usecase.yaml',
    );
  }
  const body = bodySchema.safeParse(jsonBody(event, EXAMPLE));
  if (!body.success) {
    throw new HttpError(400, z.prettifyError(body.error), EXAMPLE, 'Say why, for the evidence');
  }
  const done = await act(controller, action, signer, body.data.reason);
  if (done.done === 'nothing') {
    throw new HttpError(
      409,
      done.refusal ?? 'No release is in progress: there is nothing to roll back',
      action === 'revive'
        ? 'revive, while the kill switch is on and its teardown has ended'
        : 'rollback, while a release is in progress; kill at any time',
      'Look at the status of the use case',
    );
  }
  return jsonAnswer(200, done);
}

function act(controller: RollbackController, action: (typeof ACTIONS)[number], signer: string, reason: string): Promise<Done> {
  switch (action) {
    case 'rollback':
      return controller.rollBack(undefined, signer, reason);
    case 'kill':
      return controller.kill(signer, reason);
    case 'revive':
      return controller.revive(signer, reason);
  }
}
