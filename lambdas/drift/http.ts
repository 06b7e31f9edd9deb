import * as z from 'zod';
import type { DriftLook, DriftMute, DriftPolicy } from '../../core/contracts';
import { derivationsOf } from '../../core/drift/count';
import { EVERYTHING, standingMutes } from '../../core/drift/look/mutes';
import { CAPTURES, RECORDS } from '../../core/drift/look/telling';
import { rolesOf } from '../../core/release/principals';
import { readDesired } from '../shared/desired';
import { type HttpAnswer, HttpError, type HttpEvent, jsonAnswer, jsonBody, signerOf } from '../shared/http';
import { recordRefusal } from '../shared/refusals';
import { logger } from '../shared/telemetry';
import { deleteMute, readMutes, writeMute } from './mutes-store';
import { type DriftParts, iso } from './parts';
import { readState } from './state';

const MOST_DAYS = 90;
const DAY_MILLIS = 86_400_000;
const EXAMPLE = '{ "do": "snooze", "feature": "amount", "until": "2026-03-09T12:00:00Z", "reason": "…" }';
const ALLOWED =
  'GET for the latest look and the mutes; POST { "do": "snooze" | "acknowledge", "feature", "until", "reason" } or { "do": "unmute", "feature" }';

const feature = z.string().min(1).max(200);
const request = z.union([
  z.strictObject({
    do: z.enum(['snooze', 'acknowledge']),
    feature,
    until: z.iso.datetime({ offset: true }),
    reason: z.string().trim().min(1).max(500),
  }),
  z.strictObject({ do: z.literal('unmute'), feature }),
]);

/** Owners look, and say what they know of already. */
export async function answerOwner(parts: DriftParts, event: HttpEvent): Promise<HttpAnswer> {
  const signer = signerOf(event);
  const { method } = event.requestContext.http;
  try {
    if (rolesOf(signer, parts.owners).length === 0) {
      const roles = Object.keys(parts.owners).join(', ');
      const next = 'Sign the request as one of the owners in usecase.yaml';
      throw new HttpError(403, `${signer} is no owner of this use case`, `Principals of the roles ${roles}`, next);
    }
    if (method === 'GET') return jsonAnswer(200, await latest(parts));
    if (method !== 'POST') throw new HttpError(405, `${method} is not allowed`, ALLOWED, 'Use GET or POST');
    return jsonAnswer(200, await act(parts, signer, jsonBody(event, EXAMPLE)));
  } catch (error) {
    if (error instanceof HttpError) await noteRefusal(parts, signer, error.message);
    throw error;
  }
}

async function latest(parts: DriftParts): Promise<{ look?: DriftLook; mutes: DriftMute[] }> {
  const { look } = await readState(parts.ledger);
  return { ...(look === undefined ? {} : { look }), mutes: standingMutes(await readMutes(parts.ledger), parts.now()) };
}

async function act(parts: DriftParts, by: string, body: unknown): Promise<object> {
  const parsed = request.safeParse(body);
  if (!parsed.success) throw new HttpError(400, z.prettifyError(parsed.error), ALLOWED, `Send a body such as ${EXAMPLE}`);
  const given = parsed.data;
  if (given.do === 'unmute') {
    if (await deleteMute(parts.ledger, given.feature)) return { done: 'unmuted', feature: given.feature };
    throw new HttpError(409, `${given.feature} is not muted`, 'A feature that is snoozed or acknowledged', 'GET lists the mutes');
  }
  await checkFeature(parts, given.feature);
  const nowMillis = parts.now();
  const untilMillis = Date.parse(given.until);
  if (untilMillis <= nowMillis || untilMillis > nowMillis + MOST_DAYS * DAY_MILLIS) {
    throw new HttpError(400, `until is ${given.until}`, `A time after now, within ${MOST_DAYS} days`, 'Mute it anew when it has ended');
  }
  const { feature: what, reason } = given;
  const mute: DriftMute = { feature: what, kind: given.do, until: iso(untilMillis), reason, by, at: iso(nowMillis) };
  await writeMute(parts.ledger, mute);
  return mute;
}

/** A name that is nobody's would mute nothing, and its owner would believe otherwise. */
async function checkFeature(parts: DriftParts, name: string): Promise<void> {
  const policy = await parts.policy();
  const kpis = policy.kpiMovement ? ((await readDesired(parts.ledger))?.spec.kpis ?? []).map((kpi) => kpi.name) : [];
  const names = namesOf(policy, kpis);
  const [base = name] = name.split('=');
  if (names.includes(name) || (policy.groups !== undefined && base === policy.groups.by)) return;
  throw new HttpError(400, `There is no feature ${name}`, names.join(', '), 'Name one of them, or * for all');
}

function namesOf({ features, truth, groups, joint }: DriftPolicy, kpis: string[]): string[] {
  const watched = features.flatMap((one) => [one.name, ...derivationsOf(one).map((derived) => derived.name)]);
  const measures = truth === undefined ? [] : ['accuracy', 'precision', 'recall', 'calibration-error', 'mae'];
  const others = [...(joint ? ['joint'] : []), ...(groups === undefined ? [] : [groups.by]), ...measures, ...kpis, CAPTURES, RECORDS];
  return [EVERYTHING, ...new Set([...watched, ...others])];
}

/** Who was refused is kept; that this could not be written changes no answer. */
async function noteRefusal({ ledger, now }: DriftParts, by: string, reason: string): Promise<void> {
  try {
    await recordRefusal(ledger, { at: iso(now()), what: 'drift', by, reason });
  } catch (error) {
    logger.error('A refusal could not be kept', { error });
  }
}
