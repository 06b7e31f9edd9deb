import {
  CreateModelCardCommand,
  DescribeModelCardCommand,
  type DescribeModelCardCommandOutput,
  type SageMakerClient,
  UpdateModelCardCommand,
} from '@aws-sdk/client-sagemaker';
import type { EvidenceBundle, SignedHead } from '../../core/contracts';
import { bundleOfCard, type CardFacts, HEADS, modelCardContent, readBundle, readHead, sha256Of } from '../../core/evidence';
import { canonicalJson } from '../../core/hash';
import type { EvidenceBucket } from '../shared/evidence-bucket';
import { logger } from '../shared/telemetry';

export interface CardParts {
  bucket: EvidenceBucket;
  sagemaker: SageMakerClient;
  cardName: string;
  useCase: string;
  facts: CardFacts;
  kmsKeyArn?: string;
}

/** The release that the chain says answers now, with its signed head. */
interface Answering {
  bundle: EvidenceBundle;
  head: SignedHead;
}

/** Makes the model card say what the chain of evidence says. Called again, or out of order, it changes nothing. */
export async function fillCard(parts: CardParts): Promise<{ card: string }> {
  const { sagemaker, cardName, facts } = parts;
  const answering = await answeringRelease(parts);
  if (answering === undefined) return { card: 'none: nothing was promoted yet' };
  const content = canonicalJson(modelCardContent(answering.bundle, answering.head, facts));
  const card = await describe(parts);
  if (card === undefined) {
    await create(parts, content);
  } else if (bundleOfCard(card.Content ?? '') === answering.head.bundleSha256) {
    return { card: 'unchanged' };
  } else {
    await sagemaker.send(new UpdateModelCardCommand({ ModelCardName: cardName, Content: content, ModelCardStatus: 'Approved' }));
  }
  logger.info('Model card filled', { card: cardName, releaseId: answering.bundle.releaseId });
  return { card: card === undefined ? 'created' : 'updated' };
}

/** The newest promoted release that was not taken back: read backwards from the last head. */
async function answeringRelease({ bucket }: CardParts): Promise<Answering | undefined> {
  const heads = await bucket.keys(HEADS);
  const takenBack = new Set<string>();
  for (const key of heads.toReversed()) {
    const read = readHead(await bucket.read(key));
    if (!read.ok) throw new Error(`${key} cannot be read: ${read.why}. See sluice audit.`);
    const { bundle, head } = await signedBundle(bucket, read.value);
    if (bundle.outcome !== 'promoted') {
      if (bundle.endedBefore?.outcome === 'promoted') takenBack.add(bundle.releaseId);
    } else if (!takenBack.has(bundle.releaseId)) return { bundle, head };
  }
  return undefined;
}

async function signedBundle(bucket: EvidenceBucket, head: SignedHead): Promise<Answering> {
  const bytes = await bucket.read(head.bundleKey);
  const read = readBundle(bytes);
  if (!read.ok || sha256Of(bytes) !== head.bundleSha256) throw new Error(`${head.bundleKey} is not what was signed. See sluice audit.`);
  return { bundle: read.value, head };
}

async function describe({ sagemaker, cardName }: CardParts): Promise<DescribeModelCardCommandOutput | undefined> {
  try {
    return await sagemaker.send(new DescribeModelCardCommand({ ModelCardName: cardName }));
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFound') return undefined;
    throw error;
  }
}

async function create({ sagemaker, cardName, useCase, kmsKeyArn }: CardParts, Content: string): Promise<void> {
  await sagemaker.send(
    new CreateModelCardCommand({
      ModelCardName: cardName,
      Content,
      ModelCardStatus: 'Approved',
      Tags: [{ Key: 'sluice:use-case', Value: useCase }],
      ...(kmsKeyArn === undefined ? {} : { SecurityConfig: { KmsKeyId: kmsKeyArn } }),
    }),
  );
}
