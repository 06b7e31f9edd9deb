import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ledgerKeys, type ReleaseRecord } from '../../core/contracts';
import { bundleKey, type Ending, evidenceBundle, sealed } from '../../core/evidence';
import { type Expression, setExpression } from '../shared/ledger';
import type { StoredRelease } from '../shared/releases';
import { collectParts } from './collect-evidence';
import { nowIso, type StepParts } from './parts';

/** The last link of the chain of bundles. Its text stays in the ledger until it is in the bucket. */
interface ChainLink {
  sequence: number;
  sha256: string;
  releaseId: string;
  text?: string;
}

const MAX_ATTEMPTS = 5;
/** DynamoDB takes 400 KiB; the link has a few members beside the text. */
const MAX_TEXT_BYTES = 390 * 1024;

/**
 * Ends the release and keeps its evidence: the chain's new link and the ended record are one transaction,
 * so that a retry finds either both or none, and a bundle is written once.
 * A promoted release that was taken back within its rollback window ends a second time, with a bundle of its own.
 */
export async function endWithEvidence(parts: StepParts, record: StoredRelease, ending: Ending): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const last = await parts.ledger.get<ChainLink>(ledgerKeys.evidenceChain());
    // Whoever wrote the last link may have died before storing it.
    await storeLink(parts, last);
    const endedAt = nowIso(parts);
    const { looks, ...collected } = await collectParts(parts, record, endedAt);
    // Before the bundle that names it: a bundle never names what is not there.
    if (looks !== undefined) await putOnce(parts, looks.object.key, looks.text, 'application/x-ndjson');
    const sequence = (last?.sequence ?? 0) + 1;
    const bundle = evidenceBundle({
      ...collected,
      ...(looks === undefined ? {} : { looks }),
      sequence,
      record,
      ending,
      endedAt,
      ...(sequence === 1 ? {} : { previousBundleSha256: last?.sha256 }),
    });
    const link: ChainLink = { ...sealed(bundle), sequence, releaseId: record.id };
    checkSize(link);
    if (await claim(parts, record, link, last, endedMembers(ending, endedAt))) {
      await storeLink(parts, link);
      return;
    }
    const now = await parts.ledger.get<ReleaseRecord>(ledgerKeys.release(record.id));
    if (now?.endedAt !== record.endedAt) {
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

function checkSize({ text = '', releaseId }: ChainLink): void {
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes > MAX_TEXT_BYTES) {
    throw new Error(
      `The evidence of release ${releaseId} has ${bytes} bytes, at most ${MAX_TEXT_BYTES} fit into the ledger: keep large behaviour in files beside the charter`,
    );
  }
}

/** On condition that neither the chain nor the record's end moved since they were read. */
async function claim(
  { ledger }: StepParts,
  record: StoredRelease,
  link: ChainLink,
  last: ChainLink | undefined,
  ended: Partial<ReleaseRecord>,
): Promise<boolean> {
  const unmoved: Expression =
    last === undefined ? { text: 'attribute_not_exists(pk)' } : { text: 'sha256 = :last', values: { ':last': last.sha256 } };
  const asRead: Expression =
    record.endedAt === undefined
      ? { text: 'attribute_exists(pk) AND attribute_not_exists(endedAt)' }
      : { text: 'endedAt = :before', values: { ':before': record.endedAt } };
  try {
    await ledger.transact([
      ledger.transactPut(ledgerKeys.evidenceChain(), link, unmoved),
      ledger.transactUpdate(ledgerKeys.release(record.id), setExpression(ended), asRead),
    ]);
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException) {
      return false;
    }
    throw error;
  }
}

async function storeLink(parts: StepParts, link: ChainLink | undefined): Promise<void> {
  if (link?.text === undefined) {
    return;
  }
  await putOnce(parts, bundleKey(link.sequence, link.releaseId), link.text, 'application/json');
  const still = { text: 'sha256 = :sha256', values: { ':sha256': link.sha256 } };
  await parts.ledger.update(ledgerKeys.evidenceChain(), { text: 'REMOVE #text', names: { '#text': 'text' } }, still);
}

async function putOnce({ s3, evidenceBucket }: StepParts, key: string, text: string, contentType: string): Promise<void> {
  try {
    await s3.send(new PutObjectCommand({ Bucket: evidenceBucket, Key: key, Body: text, ContentType: contentType, IfNoneMatch: '*' }));
  } catch (error) {
    // Stored by an attempt before this one.
    if (!(error instanceof Error) || error.name !== 'PreconditionFailed') {
      throw error;
    }
  }
}
