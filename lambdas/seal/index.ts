import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { CLIENT, lean } from '../shared/client';
import { required } from '../shared/env';
import { EvidenceBucket } from '../shared/evidence-bucket';
import { seal, type SealParts } from './seal';

const parts: SealParts = {
  bucket: new EvidenceBucket(lean(new S3Client(CLIENT)), required('EVIDENCE_BUCKET')),
  kms: lean(new KMSClient(CLIENT)),
  keyArn: required('SIGNING_KEY_ARN'),
  useCase: required('USE_CASE'),
  now: () => Date.now(),
};

/** Called by the bucket's events and by the clock: whatever is said, all that is unsigned is signed, in its order. */
export const handler = (): Promise<{ sealed: number }> => seal(parts);
