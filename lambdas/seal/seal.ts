import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { SignedHead } from '../../core/contracts';
import {
  BUNDLES,
  extendChain,
  headKey,
  HEADS,
  headText,
  placeOf,
  publicKeyKey,
  publicKeyPem,
  readHead,
  sha256Of,
  signedText,
  unsignedHead,
} from '../../core/evidence';
import type { EvidenceBucket } from '../shared/evidence-bucket';
import { logger } from '../shared/telemetry';

export interface SealParts {
  bucket: EvidenceBucket;
  kms: KMSClient;
  keyArn: string;
  useCase: string;
  now(): number;
}

/** The last signed head with the text that the next one names. */
interface LastHead {
  head: SignedHead;
  text: string;
}

/**
 * Signs every bundle that has no head yet, in the order of the chain. Called twice, late or out of order it does the same: what counts is
 * what is there. A bundle that does not go on where the last head ends is never signed: the error is an alarm.
 */
export async function seal(parts: SealParts): Promise<{ sealed: number }> {
  let last = await lastHead(parts);
  const later = await parts.bucket.keys(BUNDLES, last?.head.bundleKey);
  const taken = later.filter((key) => sequenceOf(key) <= (last?.head.sequence ?? 0));
  const unsigned = later.filter((key) => !taken.includes(key));
  if (unsigned.length > 0) await publishKey(parts);
  for (const key of unsigned) last = await sign(parts, key, last);
  if (taken.length > 0) throw new Error(`${taken.join(', ')}: lies at a place whose bundle is signed already. See sluice audit.`);
  return { sealed: unsigned.length };
}

/** What is named like no bundle comes last, and is refused. */
function sequenceOf(key: string): number {
  const place = placeOf(key);
  return place?.kind === 'bundle' ? place.sequence : Infinity;
}

async function lastHead({ bucket }: SealParts): Promise<LastHead | undefined> {
  const key = (await bucket.keys(HEADS)).at(-1);
  return key === undefined ? undefined : readLast(bucket, key);
}

async function readLast(bucket: EvidenceBucket, key: string): Promise<LastHead> {
  const bytes = await bucket.read(key);
  const read = readHead(bytes);
  if (!read.ok || placeOf(key)?.kind !== 'head' || headKey(read.value.sequence) !== key) {
    throw new Error(`${key} is no head of this place: ${read.ok ? `it is head ${read.value.sequence}` : read.why}. See sluice audit.`);
  }
  return { head: read.value, text: Buffer.from(bytes).toString('utf8') };
}

async function sign(parts: SealParts, key: string, last: LastHead | undefined): Promise<LastHead> {
  const { bucket, kms, keyArn, useCase, now } = parts;
  const bytes = await bucket.read(key);
  const { sequence, releaseId } = extendChain(useCase, { key, bytes }, last?.head);
  const unsigned = unsignedHead({
    useCase,
    sequence,
    releaseId,
    bundleKey: key,
    bundleSha256: sha256Of(bytes),
    ...(last === undefined ? {} : { previousHead: last.text }),
    signedAt: new Date(now()).toISOString(),
    keyArn,
  });
  const { Signature } = await kms.send(
    new SignCommand({
      KeyId: keyArn,
      Message: Buffer.from(signedText(unsigned), 'utf8'),
      MessageType: 'RAW',
      SigningAlgorithm: 'ECDSA_SHA_256',
    }),
  );
  if (Signature === undefined) throw new Error(`KMS gave no signature for ${key}: it is signed at the next attempt`);
  const text = headText(unsigned, Signature);
  if (await bucket.putOnce(headKey(sequence), text, 'application/json')) {
    logger.info('Bundle signed', { bundle: key, sequence });
  }
  // Whoever was faster signed the same bundle: theirs is what the next head follows.
  return agreed(await readLast(bucket, headKey(sequence)), unsigned.bundleSha256, key);
}

function agreed(stored: LastHead, bundleSha256: string, key: string): LastHead {
  if (stored.head.bundleSha256 === bundleSha256) return stored;
  throw new Error(`${headKey(stored.head.sequence)} signs another bundle than ${key}, which is there now. See sluice audit.`);
}

/** Beside the evidence, so that a copy of the bucket can be verified without KMS. Whoever needs more certainty asks KMS for the key. */
async function publishKey({ bucket, kms, keyArn }: SealParts): Promise<void> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyArn }));
  if (PublicKey === undefined) throw new Error(`KMS gave no public key of ${keyArn}`);
  await bucket.putOnce(publicKeyKey(keyArn), publicKeyPem(PublicKey), 'application/x-pem-file');
}
