import { publicKeyPem, type StoredObject } from '../../core/evidence';
import type { Kms } from '../services/kms';
import type { S3 } from '../services/s3';
import type { Laptop } from './laptop';

/** Everything that lies in the evidence bucket at the end, with whoever's public keys signed it. */
export interface KeptEvidence {
  evidence: StoredObject[];
  publicKeys: Record<string, string>;
}

export function keptEvidence({ cloud }: Laptop, bucketName: string | undefined): KeptEvidence {
  if (bucketName === undefined) return { evidence: [], publicKeys: {} };
  const bucket = cloud.double<S3>('s3').bucket(bucketName);
  const evidence = bucket.keys().flatMap((key): StoredObject[] => {
    const versions = bucket.versionsOf(key);
    const first = versions.find(({ body }) => body !== undefined);
    if (first?.body === undefined) return [];
    const deleted = bucket.current(key) === undefined;
    const storedAt = new Date(first.modifiedAtMillis).toISOString();
    return [{ key, bytes: first.body, storedAt, versions: versions.length, ...(deleted ? { deleted } : {}) }];
  });
  return { evidence, publicKeys: publicKeysOf(cloud.double<Kms>('kms')) };
}

/** From KMS itself, not from the bucket: what is verified does not say whom to trust. */
function publicKeysOf(kms: Kms): Record<string, string> {
  return Object.fromEntries([...kms.signers()].map(([keyArn, der]) => [keyArn, publicKeyPem(der)]));
}
