import { HEADS, publicKeyKey, readHead, type StoredObject } from '../../core/evidence';
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
  return { evidence, publicKeys: publicKeysOf(evidence) };
}

/** As the bucket keeps them for whoever has no access to KMS. */
function publicKeysOf(evidence: StoredObject[]): Record<string, string> {
  const pems = new Map(evidence.map(({ key, bytes }) => [key, bytes]));
  const keyArns = evidence
    .filter(({ key }) => key.startsWith(HEADS))
    .flatMap(({ bytes }) => {
      const head = readHead(bytes);
      return head.ok ? [head.value.keyArn] : [];
    });
  return Object.fromEntries(
    [...new Set(keyArns)].flatMap((keyArn) => {
      const pem = pems.get(publicKeyKey(keyArn));
      return pem === undefined ? [] : [[keyArn, new TextDecoder().decode(pem)]];
    }),
  );
}
