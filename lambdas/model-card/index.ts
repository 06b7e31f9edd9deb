import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { CardFacts } from '../../core/evidence';
import { CLIENT, lean } from '../shared/client';
import { optional, required } from '../shared/env';
import { EvidenceBucket } from '../shared/evidence-bucket';
import { fillCard, type CardParts } from './model-card';

const kmsKeyArn = optional('KMS_KEY_ARN');

const parts: CardParts = {
  bucket: new EvidenceBucket(lean(new S3Client(CLIENT)), required('EVIDENCE_BUCKET')),
  sagemaker: lean(new SageMakerClient(CLIENT)),
  cardName: required('MODEL_CARD_NAME'),
  useCase: required('USE_CASE'),
  // Beside the bundle: a charter can say more than an environment can hold.
  facts: JSON.parse(readFileSync(path.join(__dirname, 'facts.json'), 'utf8')) as CardFacts,
  ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
};

/** Called whenever a bundle was signed: the card is made from the chain as it stands, not from the event. */
export const handler = (): Promise<{ card: string }> => fillCard(parts);
