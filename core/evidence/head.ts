import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { SignedHead } from '../contracts';
import { canonicalJson, sha256Hex } from '../hash';

export type UnsignedHead = Omit<SignedHead, 'signature'>;

/** What is signed: everything that the head says, in one form. */
export function signedText(head: UnsignedHead | SignedHead): string {
  return canonicalJson({ ...head, signature: undefined });
}

export interface HeadParts {
  useCase: string;
  sequence: number;
  releaseId: string;
  bundleKey: string;
  bundleSha256: string;
  /** Text of the head before. */
  previousHead?: string;
  signedAt: string;
  keyArn: string;
}

export function unsignedHead({ previousHead, ...parts }: HeadParts): UnsignedHead {
  return {
    schema: 'sluice.head/v1',
    ...parts,
    ...(previousHead === undefined ? {} : { previousHeadSha256: sha256Hex(previousHead) }),
    algorithm: 'ECDSA_SHA_256',
  };
}

/** The head as it is stored. */
export function headText(head: UnsignedHead, signature: Uint8Array): string {
  return canonicalJson({ ...head, signature: Buffer.from(signature).toString('base64') });
}

/** Whether the key belongs to whoever signed the head. */
export function isSignedBy(head: SignedHead, publicKey: KeyObject): boolean {
  const signature = Buffer.from(head.signature, 'base64');
  // Another kind of key knows no such signature.
  if (signature.toString('base64') !== head.signature || publicKey.asymmetricKeyType !== 'ec') return false;
  return verify('sha256', Buffer.from(signedText(head), 'utf8'), publicKey, signature);
}

/** PEM of a public key as KMS gives it (DER, SubjectPublicKeyInfo). */
export function publicKeyPem(der: Uint8Array): string {
  return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }).export({ format: 'pem', type: 'spki' }) as string;
}

/** SHA-256 over the key itself, hex: what an auditor compares with a copy that came another way. */
export function fingerprintOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex');
}
