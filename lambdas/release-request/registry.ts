import { ledgerKeys, type RetrainingRecord } from '../../core/contracts';
import { readControl } from '../shared/control-store';
import { recordRefusal } from '../shared/refusals';
import { logger } from '../shared/telemetry';
import { type Desire, desire, type DesireParts } from './desire';
import type { PackageEvent } from './event';
import { mustBeApproved, type PackageFacts } from './packages';
import { ReleaseRefused } from './refused';

export interface RegistryParts extends DesireParts {
  /** Name of the model package group whose approvals ask for releases. */
  group?: string;
  now(): number;
}

const APPROVED = 'Approved';
/** Nobody's identity is known. */
const REGISTRY = 'registry';
const ignored = (reason: string): Desire => ({ started: false, reason });

/** The registry approved a version: it is wanted now. Each version asks once, however often its event comes. */
export async function handlePackage(parts: RegistryParts, event: PackageEvent): Promise<Desire> {
  const done = whyNot(parts, event) ?? (await askFor(parts, event.packageArn));
  logger.info('Model package', { ...event, ...done });
  return done;
}

/** Any change of a version is an event: of its description as well. */
function whyNot({ group }: RegistryParts, event: PackageEvent): Desire | undefined {
  if (group === undefined || event.group !== group) return ignored(`The use case listens to the group ${group ?? '(none)'}`);
  if (event.approvalStatus !== APPROVED) return ignored(`The version is ${event.approvalStatus}`);
  const { updated } = event;
  return updated.length > 0 && !updated.includes('ModelApprovalStatus')
    ? ignored(`Its approval is as before: ${updated.join(', ')} changed`)
    : undefined;
}

async function askFor(parts: RegistryParts, modelPackageArn: string): Promise<Desire> {
  const at = new Date(parts.now()).toISOString();
  let by = REGISTRY;
  try {
    if ((await readControl(parts.ledger)) === undefined) {
      throw new ReleaseRefused(
        'Nothing is deployed yet',
        'Approvals once the stack is deployed',
        'Deploy the stack, then approve the version again',
      );
    }
    // The event may be old: the registry says what holds now, and who said so.
    const facts = await mustBeApproved(parts.registry, modelPackageArn);
    by = facts.changedBy ?? REGISTRY;
    const run = await runOf(parts, facts, modelPackageArn);
    // Who asked for the run asked for its release: its board is separate from them.
    if (run?.requestedBy.startsWith('arn:') === true) by = run.requestedBy;
    const reason = `The model registry approved ${modelPackageArn}${run === undefined ? '' : `, which retraining ${run.id} made`}`;
    return await desire(parts, {
      requestId: `registry:${modelPackageArn}`,
      by,
      at,
      reason,
      change: () => ({ model: { modelPackageArn } }),
    });
  } catch (error) {
    if (!(error instanceof ReleaseRefused)) throw error;
    await recordRefusal(parts.ledger, { at, what: 'registry', by, reason: error.message });
    return ignored(error.message);
  }
}

/** Only the ledger says that a run made the version. */
async function runOf(
  { ledger }: RegistryParts,
  { retrainingRun }: PackageFacts,
  packageArn: string,
): Promise<RetrainingRecord | undefined> {
  if (retrainingRun === undefined) return undefined;
  const run = await ledger.get<RetrainingRecord>(ledgerKeys.retrainingRun(retrainingRun));
  return run?.modelPackageArn === packageArn ? run : undefined;
}
