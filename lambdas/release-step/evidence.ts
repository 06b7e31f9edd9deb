import { PutObjectCommand } from '@aws-sdk/client-s3';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type ApprovalRecord, ledgerKeys, type ReleaseRecord } from '../../core/contracts';
import { type ClosedStep, type Ending, evidenceBundle, sealed } from '../../core/evidence';
import { type Expression, setExpression } from '../shared/ledger';
import { readLook, type StoredRelease, type StoredVerdict } from '../shared/releases';
import { nowIso, type StepParts } from './parts';

/** The last link of the chain of bundles. Its text stays in the ledger until it is in the bucket. */
interface ChainLink {
  sha256: string;
  releaseId: string;
  text?: string;
}

const MAX_ATTEMPTS = 5;
const VERDICT = 'verdict';

/**
 * Ends the release and keeps its evidence: the chain's new link and the ended record are one transaction,
 * so that a retry finds either both or none, and a bundle is written once.
 */
export async function endWithEvidence(parts: StepParts, record: StoredRelease, ending: Ending): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const last = await parts.ledger.get<ChainLink>(ledgerKeys.evidenceChain());
    // Whoever wrote the last link may have died before storing it.
    await storeLink(parts, last);
    const endedAt = nowIso(parts);
    const bundle = evidenceBundle({
      ...(await partsOf(parts, record)),
      record: plain(record),
      ending,
      endedAt,
      previousBundleSha256: last?.sha256,
    });
    const link: ChainLink = { ...sealed(bundle), releaseId: record.id };
    if (await claim(parts, record.id, link, last, endedMembers(ending, endedAt))) {
      await storeLink(parts, link);
      return;
    }
    if ((await parts.ledger.get<ReleaseRecord>(ledgerKeys.release(record.id)))?.endedAt !== undefined) {
      return;
    }
  }
  throw new Error(`The chain of evidence moved ${MAX_ATTEMPTS} times while release ${record.id} was ended: try again`);
}

/** Stores the last link where that is still owed. */
export async function storeLastLink(parts: StepParts): Promise<void> {
  await storeLink(parts, await parts.ledger.get<ChainLink>(ledgerKeys.evidenceChain()));
}

function endedMembers({ outcome, stage, reason, culprit }: Ending, endedAt: string): Partial<ReleaseRecord> {
  return { status: outcome, stage, reason, endedAt, ...(culprit === undefined ? {} : { culprit }) };
}

async function claim(
  { ledger }: StepParts,
  releaseId: string,
  link: ChainLink,
  last: ChainLink | undefined,
  ended: Partial<ReleaseRecord>,
): Promise<boolean> {
  const unmoved: Expression =
    last === undefined ? { text: 'attribute_not_exists(pk)' } : { text: 'sha256 = :last', values: { ':last': last.sha256 } };
  try {
    await ledger.transact([
      ledger.transactPut(ledgerKeys.evidenceChain(), link, unmoved),
      ledger.transactUpdate(ledgerKeys.release(releaseId), setExpression(ended), {
        text: 'attribute_exists(pk) AND attribute_not_exists(endedAt)',
      }),
    ]);
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException) {
      return false;
    }
    throw error;
  }
}

async function storeLink({ ledger, s3, evidenceBucket }: StepParts, link: ChainLink | undefined): Promise<void> {
  if (link?.text === undefined) {
    return;
  }
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: evidenceBucket,
        Key: `releases/${link.releaseId}/evidence.json`,
        Body: link.text,
        ContentType: 'application/json',
        IfNoneMatch: '*',
      }),
    );
  } catch (error) {
    // Stored by an attempt before this one.
    if (!(error instanceof Error) || error.name !== 'PreconditionFailed') {
      throw error;
    }
  }
  const still = { text: 'sha256 = :sha256', values: { ':sha256': link.sha256 } };
  await ledger.update(ledgerKeys.evidenceChain(), { text: 'REMOVE #text', names: { '#text': 'text' } }, still);
}

async function partsOf({ ledger }: StepParts, record: StoredRelease) {
  const opened = record.openedSteps ?? [];
  const closed = await Promise.all(opened.map((_, index) => ledger.get<ClosedStep>(ledgerKeys.stepResult(record.id, index))));
  const latest = await ledger.get<StoredVerdict>(ledgerKeys.verdict(record.id));
  const last = latest === undefined ? undefined : await readLook(ledger, record.id, latest.at);
  const decidedAt = closed.findLast((step) => step?.by === VERDICT)?.at;
  const verdict = decidedAt === undefined || decidedAt === last?.at ? last : await readLook(ledger, record.id, decidedAt);
  const asked = await Promise.all(
    (['release', 'inconclusive'] as const).map((kind) => ledger.get<ApprovalRecord>(ledgerKeys.approval(record.id, kind))),
  );
  return {
    opened,
    closed,
    measurements: last?.kpis ?? [],
    ...(decidedAt === undefined || verdict === undefined ? {} : { verdict }),
    approvals: asked.flatMap((approval) => approval?.decisions ?? []),
  };
}

/** The record as it was asked for, without what the handlers keep beside it. */
function plain({ id, sequence, hash, spec, status, requestedBy, requestedAt }: StoredRelease): ReleaseRecord {
  return { id, sequence, hash, spec, status, requestedBy, requestedAt };
}
