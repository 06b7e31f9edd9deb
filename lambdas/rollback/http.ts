import * as z from 'zod';
import { type Owners, rolesOf } from '../../core/release/principals';
import { type HttpAnswer, HttpError, type HttpEvent, jsonAnswer, jsonBody, postedAction, signerOf } from '../shared/http';
import { acknowledge, type IncidentParts, resolve } from '../shared/incidents';
import { recordRefusal } from '../shared/refusals';
import { logger } from '../shared/telemetry';
import type { RollbackController } from './controller';
import type { Done } from './parts';

const ACTIONS = ['rollback', 'kill', 'revive', 'acknowledge', 'resolve', 'waive', 'park', 'wake'] as const;
type Action = (typeof ACTIONS)[number];

const reason = z.string().trim().min(1).max(500);
const incident = z.string().regex(/^i-[a-zA-Z0-9:.-]{3,200}$/, 'an id such as i-rollback-r7-3f2a9c1b');

const MOST_AWAKE_MINUTES = 31 * 1440;

const BODIES = {
  rollback: z.strictObject({
    reason,
    to: z
      .string()
      .regex(/^r\d+-[0-9a-f]{8}$/, 'a release such as r7-3f2a9c1b')
      .optional(),
  }),
  kill: z.strictObject({ reason }),
  revive: z.strictObject({ reason }),
  acknowledge: z.strictObject({ incident, comment: reason.optional() }),
  resolve: z.strictObject({ incident, comment: reason }),
  waive: z.strictObject({ reason }),
  park: z.strictObject({ reason }),
  wake: z.strictObject({ reason, minutes: z.int().min(10).max(MOST_AWAKE_MINUTES).optional() }),
};

const EXAMPLES: Record<Action, string> = {
  rollback: '{ "reason": "…", "to"?: "r6-1d2e3f4a" }, the reason with 1 to 500 characters',
  kill: '{ "reason": "…" }, 1 to 500 characters',
  revive: '{ "reason": "…" }, 1 to 500 characters',
  acknowledge: '{ "incident": "i-rollback-r7-3f2a9c1b", "comment"?: "…" }',
  resolve: '{ "incident": "i-rollback-r7-3f2a9c1b", "comment": "what was found" }',
  waive: '{ "reason": "…" }, 1 to 500 characters',
  park: '{ "reason": "…" }, 1 to 500 characters',
  wake: '{ "reason": "…", "minutes"?: 480 }, 10 minutes to 31 days',
};

const ALLOWED: Record<Action, string> = {
  rollback: 'rollback while a release is in progress, or within the rollback window; with "to" a release that was promoted before',
  kill: 'kill at any time',
  revive: 'revive, while the kill switch is on and its teardown has ended',
  acknowledge: 'an incident that is open',
  resolve: 'an incident that is not resolved',
  park: 'park while a release of ours answers, and none is in progress',
  wake: 'wake while the endpoint is switched off, or on and to stay on',
  waive: 'waive while an order of the cost guard stands',
};

export interface OperatorParts {
  controller: RollbackController;
  incidents: Omit<IncidentParts, 'notify'>;
  owners: Owners;
}

/** Any owner may take traffic away; who it was is the signer. */
export async function answerOperator(parts: OperatorParts, event: HttpEvent): Promise<HttpAnswer> {
  const { owners } = parts;
  const action = postedAction(event, ACTIONS);
  const signer = signerOf(event);
  try {
    if (rolesOf(signer, owners).length === 0) {
      throw new HttpError(
        403,
        `${signer} is no owner of this use case`,
        `Principals of the roles ${Object.keys(owners).join(', ')}`,
        'Sign the request as one of the owners in usecase.yaml',
      );
    }
    return jsonAnswer(200, await act(parts, action, signer, jsonBody(event, EXAMPLES[action])));
  } catch (error) {
    if (error instanceof HttpError) {
      await noteRefusal(parts, action, signer, error.message);
    }
    throw error;
  }
}

async function act(parts: OperatorParts, action: Action, signer: string, body: unknown): Promise<object> {
  const { controller } = parts;
  switch (action) {
    case 'rollback': {
      const { reason: why, to } = read(action, body);
      return done(action, await controller.rollBackByHand(signer, why, to));
    }
    case 'kill':
      return done(action, await controller.kill(signer, read(action, body).reason));
    case 'revive':
      return done(action, await controller.revive(signer, read(action, body).reason));
    case 'waive':
      return done(action, await controller.waive(signer, read(action, body).reason));
    case 'park':
      return done(action, await controller.park(signer, read(action, body).reason));
    case 'wake': {
      const { reason: why, minutes } = read(action, body);
      return done(action, await controller.wake(signer, why, minutes));
    }
    case 'acknowledge':
    case 'resolve':
      return actOnIncident(parts, action, signer, read(action, body));
  }
}

async function actOnIncident(
  { incidents }: OperatorParts,
  action: 'acknowledge' | 'resolve',
  by: string,
  { incident: id, comment }: { incident: string; comment?: string },
): Promise<object> {
  const at = new Date(incidents.now()).toISOString();
  const deed = { by, at, ...(comment === undefined ? {} : { comment }) };
  const acted = action === 'resolve' ? await resolve(incidents, id, deed) : await acknowledge(incidents, id, deed);
  if (!acted.ok) {
    throw new HttpError(409, acted.reason, ALLOWED[action], 'sluice incident lists them');
  }
  return acted.incident;
}

function read<Name extends Action>(action: Name, body: unknown): z.infer<(typeof BODIES)[Name]> {
  const parsed = BODIES[action].safeParse(body);
  if (!parsed.success) {
    throw new HttpError(400, z.prettifyError(parsed.error), EXAMPLES[action], 'Say why, for the evidence');
  }
  return parsed.data as z.infer<(typeof BODIES)[Name]>;
}

function done(action: Action, result: Done): Done {
  if (result.done === 'nothing') {
    const refusal = result.refusal ?? 'No release is in progress: there is nothing to roll back';
    throw new HttpError(409, refusal, ALLOWED[action], 'Look at the status of the use case');
  }
  return result;
}

/** Who was refused is kept; that this could not be written changes no answer. */
async function noteRefusal({ incidents }: OperatorParts, what: string, by: string, why: string): Promise<void> {
  try {
    await recordRefusal(incidents.ledger, { at: new Date(incidents.now()).toISOString(), what, by, reason: why });
  } catch (error) {
    logger.error('A refusal could not be kept', { error, what });
  }
}
