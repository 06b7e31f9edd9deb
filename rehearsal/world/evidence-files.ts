import { type StoredObject, placeOf, publicKeyPem } from '../../core/evidence';
import type { Kms } from '../services/kms';
import type { S3 } from '../services/s3';
import type { Laptop } from './laptop';

/** Everything in the evidence bucket, as an auditor would list it. */
export function evidenceObjects({ cloud }: Laptop, bucketName: string): StoredObject[] {
  const bucket = cloud.double<S3>('s3').bucket(bucketName);
  return bucket
    .keys()
    .filter((key) => placeOf(key) !== undefined)
    .map((key) => {
      const versions = bucket.versionsOf(key);
      const current = bucket.current(key);
      const last = versions.at(-1);
      return {
        key,
        bytes: current?.body ?? new Uint8Array(),
        ...(last === undefined ? {} : { storedAt: new Date(last.modifiedAtMillis).toISOString() }),
        versions: versions.length,
        ...(current === undefined ? { deleted: true } : {}),
      };
    });
}

/** Public keys of whoever may sign, from KMS itself: ARN → PEM. */
export function publicKeysOf({ cloud }: Laptop): Record<string, string> {
  const signers = cloud.double<Kms>('kms').signers();
  return Object.fromEntries([...signers].map(([arn, der]) => [arn, publicKeyPem(der)]));
}
