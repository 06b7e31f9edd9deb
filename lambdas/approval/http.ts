import * as z from 'zod';
import { type Owners, rolesOf } from '../../core/release/principals';
import { type HttpAnswer, HttpError, type HttpEvent, jsonAnswer, jsonBody, postedAction, signerOf } from '../shared/http';
import type { ApprovalBoard } from './board';

const EXAMPLE = '{ "releaseId": "r7-3f2a9c1b", "kind"?: "release" | "inconclusive", "role"?: "risk", "comment"?: "…" }';

const bodySchema = z.strictObject({
  releaseId: z.string().min(1).max(64),
  kind: z.enum(['release', 'inconclusive']).optional(),
  role: z.string().max(64).optional(),
  comment: z.string().max(1000).optional(),
});

export async function answerDecision(board: ApprovalBoard, owners: Owners, event: HttpEvent): Promise<HttpAnswer> {
  const action = postedAction(event, ['approve', 'reject'] as const);
  const signer = signerOf(event);
  const roles = rolesOf(signer, owners);
  if (roles.length === 0) {
    throw new HttpError(
      403,
      `${signer} is no owner of this use case`,
      `Principals of the roles ${Object.keys(owners).join(', ')}`,
      'Sign the request as one of the owners in usecase.yaml',
    );
  }
  const body = bodySchema.safeParse(jsonBody(event, EXAMPLE));
  if (!body.success) {
    throw new HttpError(400, z.prettifyError(body.error), EXAMPLE, 'Correct the body');
  }
  const { releaseId, kind, status, requiredRoles, decisions } = await board.decide({ ...body.data, decision: action, signer, roles });
  return jsonAnswer(200, { releaseId, kind, status, requiredRoles, decisions });
}
