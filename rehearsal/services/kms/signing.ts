import { createHash, createPublicKey, verify } from 'node:crypto';
import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Cloud, Members, Operation, Permission } from '../../cloud/types';
import { publicKeyDer, signDigest } from './ecdsa';
import type { KeyRecord } from './key';

/** What the one simulated spec of signing keys can do. */
const SPEC = 'ECC_NIST_P256';
const ALGORITHM = 'ECDSA_SHA_256';
const DIGEST_BYTES = 32;

type Find = (named: unknown) => KeyRecord;

/** Signing with keys on NIST P-256. A key of another spec is refused by name. */
export function signingOperations(cloud: Cloud, arnOf: (named: unknown) => string, find: Find): Record<string, Operation> {
  const asked =
    (action: string) =>
    (input: Members): Permission[] => {
      const context: Record<string, string> = { 'kms:CallerAccount': cloud.accountId };
      if (input['SigningAlgorithm'] !== undefined) context['kms:SigningAlgorithm'] = String(input['SigningAlgorithm']);
      if (action === 'Sign' || action === 'Verify') context['kms:MessageType'] = String(input['MessageType'] ?? 'RAW');
      return [{ action: `kms:${action}`, resource: arnOf(input['KeyId']), context }];
    };
  const operation = (action: string, run: (key: KeyRecord, input: Members) => Members): Operation => ({
    permissions: asked(action),
    run: (input) => run(find(input['KeyId']), input),
  });
  return {
    DescribeKey: operation('DescribeKey', (key) => ({ KeyMetadata: metadata(cloud, key) })),
    GetPublicKey: operation('GetPublicKey', (key) => {
      checkUse(key, 'GetPublicKey');
      return {
        KeyId: key.arn,
        PublicKey: publicKeyDer(key.privateKey()),
        KeySpec: SPEC,
        KeyUsage: 'SIGN_VERIFY',
        SigningAlgorithms: [ALGORITHM],
      };
    }),
    Sign: operation('Sign', sign),
    Verify: operation('Verify', verifySignature),
  };
}

function sign(key: KeyRecord, input: Members): Members {
  checkUse(key, 'Sign', input);
  return { KeyId: key.arn, Signature: signDigest(key.privateKey(), digestOf(input)), SigningAlgorithm: ALGORITHM };
}

function verifySignature(key: KeyRecord, input: Members): Members {
  checkUse(key, 'Verify', input);
  if (input['MessageType'] === 'DIGEST') {
    throw new UnsupportedError('KMS Verify with MessageType DIGEST is not supported by the laptop cloud. Send the message itself (RAW).');
  }
  const publicKey = createPublicKey({ key: Buffer.from(publicKeyDer(key.privateKey())), format: 'der', type: 'spki' });
  if (!verify('sha256', input['Message'] as Uint8Array, publicKey, input['Signature'] as Uint8Array)) {
    throw new AwsError('KMSInvalidSignatureException', 'The signature does not match the message.');
  }
  return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: ALGORITHM };
}

function checkUse(key: KeyRecord, operation: string, input?: Members): void {
  const { spec, usage, enabled } = key.settings;
  if (!key.signs && operation === 'GetPublicKey') {
    throw new AwsError('UnsupportedOperationException', `${key.arn} is not an asymmetric key.`);
  }
  if (!key.signs) throw new AwsError('InvalidKeyUsageException', `${key.arn} key usage is ${usage} which is not valid for ${operation}.`);
  if (spec !== SPEC)
    throw new UnsupportedError(`KMS ${operation} with a key of ${spec} is not supported by the laptop cloud. It has ${SPEC}.`);
  if (!enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
  const algorithm: unknown = input?.['SigningAlgorithm'];
  if (algorithm !== undefined && algorithm !== ALGORITHM) {
    throw new AwsError('InvalidKeyUsageException', `Algorithm ${String(algorithm)} is incompatible with key spec ${spec}.`);
  }
}

function digestOf(input: Members): Uint8Array {
  const message = input['Message'] as Uint8Array;
  if (input['MessageType'] !== 'DIGEST') return createHash('sha256').update(message).digest();
  if (message.length !== DIGEST_BYTES) throw new AwsError('ValidationException', 'Digest is invalid length for algorithm ECDSA_SHA_256.');
  return message;
}

function metadata(cloud: Cloud, { id, arn, createdAtMillis, settings, signs }: KeyRecord): Members {
  const { spec, usage, enabled, description } = settings;
  return {
    AWSAccountId: cloud.accountId,
    KeyId: id,
    Arn: arn,
    CreationDate: new Date(createdAtMillis),
    Enabled: enabled,
    Description: description,
    KeyUsage: usage,
    KeyState: enabled ? 'Enabled' : 'Disabled',
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    KeySpec: spec,
    CustomerMasterKeySpec: spec,
    MultiRegion: false,
    ...(signs ? { SigningAlgorithms: [ALGORITHM] } : { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] }),
  };
}
