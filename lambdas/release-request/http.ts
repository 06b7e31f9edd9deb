import * as z from 'zod';
import type { ReleaseParts } from '../../core/release/desire';
import { partsOf } from '../../core/release/desire';
import { frozenUntil } from '../../core/release/freeze';
import { type Owners, rolesOf } from '../../core/release/principals';
import { readControl } from '../shared/control-store';
import { readDesired } from '../shared/desired';
import { type HttpAnswer, HttpError, type HttpEvent, jsonAnswer, jsonBody, postedAction, signerOf } from '../shared/http';
import { recordRefusal } from '../shared/refusals';
import { readRelease } from '../shared/releases';
import { type Desire, desire, type DesireParts } from './desire';
import { ReleaseRefused } from './refused';

export interface HttpParts extends DesireParts {
  owners: Owners;
  /** ARNs of model packages begin with one of these, followed by a version. */
  packageGroups: string[];
  now(): number;
  /** Of this very call. */
  requestId: string;
}

const EXAMPLE =
  '{ "reason": "…", "modelPackageArn"?: "arn:aws:sagemaker:…:model-package/support-triage/8", "behaviour"?: { … }, "releaseId"?: "r7-3f2a9c1b", "supersede"?: true }';

const bodySchema = z
  .strictObject({
    reason: z.string().trim().min(1).max(500),
    modelPackageArn: z.string().max(256).optional(),
    /** Members of the behaviour that change. */
    behaviour: z.record(z.string(), z.json()).optional(),
    /** An earlier release, whose behaviour is released once more. */
    releaseId: z.string().min(1).max(64).optional(),
    supersede: z.boolean().optional(),
  })
  .refine(({ releaseId, modelPackageArn, behaviour }) => releaseId === undefined || (modelPackageArn ?? behaviour) === undefined, {
    message: 'releaseId asks for a whole release: it goes with neither modelPackageArn nor behaviour',
  });

type Body = z.output<typeof bodySchema>;

/** An owner asks for a release; who it was is the signer. A refusal is recorded. */
export async function answerReleaseRequest(parts: HttpParts, event: HttpEvent): Promise<HttpAnswer> {
  postedAction(event, ['release'] as const);
  const signer = signerOf(event);
  const at = new Date(parts.now()).toISOString();
  try {
    return await answered(parts, event, signer, at);
  } catch (error) {
    const refusal = error instanceof ReleaseRefused ? new HttpError(409, error.message, error.allowed, error.next) : error;
    if (refusal instanceof HttpError) {
      await recordRefusal(parts.ledger, { at, what: 'release', by: signer, reason: refusal.message });
    }
    throw refusal;
  }
}

async function answered(parts: HttpParts, event: HttpEvent, signer: string, at: string): Promise<HttpAnswer> {
  if (rolesOf(signer, parts.owners).length === 0) {
    throw new HttpError(
      403,
      `${signer} is no owner of this use case`,
      `Principals of the roles ${Object.keys(parts.owners).join(', ')}`,
      'Sign the request as one of the owners in usecase.yaml',
    );
  }
  const read = bodySchema.safeParse(jsonBody(event, EXAMPLE));
  if (!read.success) {
    throw new HttpError(400, z.prettifyError(read.error), EXAMPLE, 'Correct the body');
  }
  const { reason, supersede } = read.data;
  await mustBeAlive(parts);
  const change = await changeOf(parts, read.data);
  const asked = { requestId: `http:${parts.requestId}`, by: signer, at, reason, change, ...(supersede === undefined ? {} : { supersede }) };
  const done = await desire(parts, asked);
  return jsonAnswer(done.started ? 202 : 200, { ...done, ...(await waiting(parts, done, at)) });
}

async function mustBeAlive({ ledger }: HttpParts): Promise<void> {
  const control = await readControl(ledger);
  if (control === undefined) {
    throw new ReleaseRefused('Nothing is deployed yet', 'Requests once the stack is deployed', 'Deploy the stack');
  }
  if (control.mode === 'killed') {
    throw new ReleaseRefused(
      `The kill switch is on since ${control.killedAt ?? control.changedAt}`,
      'Requests while the kill switch is off',
      'sluice revive starts what is wanted; ask for another release then',
    );
  }
}

async function changeOf({ ledger, packageGroups }: HttpParts, body: Body): Promise<(wanted: ReleaseParts) => Partial<ReleaseParts>> {
  const { releaseId, modelPackageArn, behaviour } = body;
  if (releaseId !== undefined) {
    const record = await readRelease(ledger, releaseId);
    if (record === undefined) {
      throw new ReleaseRefused(
        `There is no release ${releaseId}`,
        'Ids of earlier releases, such as r7-3f2a9c1b',
        'sluice status names the last ones',
      );
    }
    return () => partsOf(record.spec);
  }
  if (modelPackageArn !== undefined && !packageGroups.some((group) => modelPackageArn.startsWith(`${group}/`))) {
    const allowed = packageGroups.map((group) => `${group}/VERSION`).join(', ');
    throw new ReleaseRefused(
      `Model package ${modelPackageArn} is of no group that this use case releases`,
      allowed === '' ? 'No model package: the charter names none, and no release.registry' : allowed,
      'Name its group under release.registry in usecase.yaml, and deploy',
    );
  }
  return (wanted) => ({
    ...(modelPackageArn === undefined ? {} : { model: { modelPackageArn } }),
    ...(behaviour === undefined ? {} : { behaviour: { ...wanted.behaviour, ...behaviour } }),
  });
}

/** What a release that was started waits for, as far as that can be said now. */
async function waiting({ ledger }: HttpParts, { started, releaseId }: Desire, at: string): Promise<{ waitsFor?: string }> {
  if (!started) return {};
  const [control, desired] = [await readControl(ledger), await readDesired(ledger)];
  const frozen = frozenUntil(desired?.spec.rollout.freezes, at);
  if (frozen !== undefined) return { waitsFor: `the end of the freeze (${frozen.reason}) at ${frozen.until}` };
  const holder = control?.lockedBy;
  return holder === undefined || holder === releaseId ? {} : { waitsFor: `release ${holder}, which is in progress` };
}
