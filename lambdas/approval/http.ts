import * as z from 'zod';
import { LONGEST_DELEGATION_MINUTES } from '../../core/approval/delegation';
import { APPROVAL_KINDS } from '../../core/contracts';
import { type HttpAnswer, HttpError, type HttpEvent, jsonAnswer, jsonBody, postedAction, signerOf } from '../shared/http';
import { recordRefusal } from '../shared/refusals';
import { decide } from './board';
import { delegate, rolesHeldBy } from './delegate';
import { type BoardParts, isoNow } from './parts';

const ACTIONS = ['approve', 'reject', 'delegate'] as const;
type Action = (typeof ACTIONS)[number];

const DECISION_EXAMPLE =
  '{ "releaseId": "r7-3f2a9c1b" (or a retraining run: "t3"), "kind"?: "release" | "shadow" | "inconclusive" | "retraining", "role"?: "risk", "comment"?: "…" }';
const DELEGATION_EXAMPLE =
  '{ "role": "risk", "to": "arn:aws:iam::111122223333:role/ModelRiskDeputy", "minutes": 10080, "reason": "…" }; 0 minutes end it';

const decisionSchema = z.strictObject({
  releaseId: z.string().min(1).max(64),
  kind: z.enum(APPROVAL_KINDS).optional(),
  role: z.string().max(64).optional(),
  comment: z.string().max(1000).optional(),
});

const delegationSchema = z.strictObject({
  role: z.string().min(1).max(64),
  to: z.string().regex(/^arn:aws[a-z-]*:(iam::\d{12}:(role|user)|sts::\d{12}:assumed-role)\/.{1,256}$/),
  minutes: z.int().min(0).max(LONGEST_DELEGATION_MINUTES),
  reason: z.string().trim().min(1).max(1000),
});

/** Only a signed POST decides anything: a link that is opened is a GET. What is refused is kept. */
export async function answerHttp(parts: BoardParts, event: HttpEvent): Promise<HttpAnswer> {
  const action = postedAction(event, ACTIONS);
  const signer = signerOf(event);
  try {
    return jsonAnswer(200, await act(parts, action, signer, event));
  } catch (error) {
    if (error instanceof HttpError) {
      const { message: reason } = error;
      await recordRefusal(parts.ledger, { at: isoNow(parts), what: action, by: signer, releaseId: releaseIdIn(event), reason });
    }
    throw error;
  }
}

async function act(parts: BoardParts, action: Action, signer: string, event: HttpEvent): Promise<object> {
  const roles = await rolesHeldBy(parts, signer);
  if (roles.length === 0) {
    throw new HttpError(
      403,
      `${signer} is no owner of this use case`,
      `Principals of the roles ${Object.keys(parts.owners).join(', ')}`,
      'Sign the request as one of the owners in usecase.yaml',
    );
  }
  if (action === 'delegate') return delegate(parts, signer, bodyOf(event, delegationSchema, DELEGATION_EXAMPLE));
  const body = bodyOf(event, decisionSchema, DECISION_EXAMPLE);
  const { releaseId, kind, status, requiredRoles, quorum, decisions } = await decide(parts, { ...body, decision: action, signer, roles });
  return { releaseId, kind, status, requiredRoles, quorum, decisions };
}

function bodyOf<T>(event: HttpEvent, schema: z.ZodType<T>, example: string): T {
  const body = schema.safeParse(jsonBody(event, example));
  if (!body.success) {
    throw new HttpError(400, z.prettifyError(body.error), example, 'Correct the body');
  }
  return body.data;
}

/** For the record of a refusal, whatever else is wrong with the body. */
function releaseIdIn(event: HttpEvent): string | undefined {
  try {
    const { releaseId } = (jsonBody(event, '') ?? {}) as { releaseId?: unknown };
    return typeof releaseId === 'string' ? releaseId.slice(0, 64) : undefined;
  } catch {
    return undefined;
  }
}
