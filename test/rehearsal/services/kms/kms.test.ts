import { createHash, createPublicKey, verify } from 'node:crypto';
import { createKms, type Kms, kmsResources } from '../../../../rehearsal/services/kms';
import { create, stubCloud, stubContext } from '../cloud-stub';

test('keys and aliases are names with a policy', async () => {
  const cloud = stubCloud();
  const kms = createKms(cloud);
  cloud.add(kms);
  const KeyPolicy = { Statement: [] };
  const one = await create(cloud, kmsResources, 'AWS::KMS::Key', 'One', { KeyPolicy });
  const two = await create(cloud, kmsResources, 'AWS::KMS::Key', 'Two', {});
  expect(one.attributes['Arn']).toBe(`arn:aws:kms:eu-central-1:123456789012:key/${one.ref}`);
  expect(two.ref).not.toBe(one.ref);
  expect(kms.resourcePolicy(one.attributes['Arn'] as string)).toBe(KeyPolicy);
  const account = { AWS: 'arn:aws:iam::123456789012:root' };
  expect(kms.resourcePolicy(two.attributes['Arn'] as string)).toMatchObject({ Statement: [{ Principal: account, Action: 'kms:*' }] });
  expect(kms.resourcePolicy(`${two.attributes['Arn'] as string}0`)).toBeUndefined();
  const alias = { AliasName: 'alias/evidence', TargetKeyId: one.ref };
  const created = await create(cloud, kmsResources, 'AWS::KMS::Alias', 'Alias', alias);
  expect(created.ref).toBe('alias/evidence');
  await expect(create(cloud, kmsResources, 'AWS::KMS::Alias', 'Again', alias)).rejects.toMatchObject({ code: 'AlreadyExistsException' });
  const type = kmsResources.find((candidate) => candidate.type === 'AWS::KMS::Alias');
  expect(() => type?.update?.({ ...alias, AliasName: 'alias/x' }, alias, created, stubContext(cloud, 'Alias'))).toThrow(/Keep the name/);
  await type?.remove(created, alias, stubContext(cloud, 'Alias'));
  await create(cloud, kmsResources, 'AWS::KMS::Alias', 'Again', alias);
});

const SIGNING = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Description: 'signs' };

async function signer(properties: object = SIGNING) {
  const cloud = stubCloud();
  const kms: Kms = createKms(cloud);
  cloud.add(kms);
  const key = await create(cloud, kmsResources, 'AWS::KMS::Key', 'Signer', properties);
  const send = (operation: string, input: object) =>
    cloud.call('kms', operation, { KeyId: key.attributes['Arn'], ...input }, { kind: 'world', principalArn: 'arn:me' });
  return { kms, send, arn: key.attributes['Arn'] as string };
}

const text = (value: string) => Buffer.from(value, 'utf8');
const SIGN = { SigningAlgorithm: 'ECDSA_SHA_256', MessageType: 'RAW', Message: text('evidence') };

describe('a key on NIST P-256', () => {
  test('signs so that OpenSSL verifies it with the public key, for any message', async () => {
    const { send, kms, arn } = await signer();
    const { PublicKey } = await send('GetPublicKey', {});
    expect(kms.signers().get(arn)).toEqual(PublicKey);
    const key = createPublicKey({ key: Buffer.from(PublicKey as Uint8Array), format: 'der', type: 'spki' });
    for (let index = 0; index < 40; index += 1) {
      const Message = text(`message ${index}`);
      const { Signature } = await send('Sign', { ...SIGN, Message });
      expect(verify('sha256', Message, key, Signature as Uint8Array)).toBe(true);
      expect(verify('sha256', text('another'), key, Signature as Uint8Array)).toBe(false);
    }
  });

  test('signs a digest as the message it is of, and always with the same signature', async () => {
    const { send } = await signer();
    const { Signature } = await send('Sign', SIGN);
    const digest = createHash('sha256').update('evidence').digest();
    expect((await send('Sign', { ...SIGN, MessageType: 'DIGEST', Message: digest }))['Signature']).toEqual(Signature);
    await expect(send('Sign', { ...SIGN, MessageType: 'DIGEST' })).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('verifies its own signatures and refuses others by their exception', async () => {
    const { send } = await signer();
    const { Signature } = await send('Sign', SIGN);
    expect(await send('Verify', { ...SIGN, Signature })).toMatchObject({ SignatureValid: true });
    await expect(send('Verify', { ...SIGN, Message: text('other'), Signature })).rejects.toMatchObject({
      code: 'KMSInvalidSignatureException',
    });
    await expect(send('Verify', { ...SIGN, MessageType: 'DIGEST', Signature })).rejects.toThrow(/Send the message itself/);
  });

  test('is described with its spec, and is gone under another name', async () => {
    const { send, arn } = await signer();
    expect(await send('DescribeKey', {})).toMatchObject({ KeyMetadata: { Arn: arn, KeySpec: 'ECC_NIST_P256', KeyState: 'Enabled' } });
    await expect(send('Sign', { ...SIGN, KeyId: 'nothing' })).rejects.toMatchObject({ code: 'NotFoundException' });
  });

  test('refuses another algorithm, and everything while it is disabled', async () => {
    const { send } = await signer();
    await expect(send('Sign', { ...SIGN, SigningAlgorithm: 'ECDSA_SHA_512' })).rejects.toMatchObject({ code: 'InvalidKeyUsageException' });
    const disabled = await signer({ ...SIGNING, Enabled: false });
    await expect(disabled.send('Sign', SIGN)).rejects.toMatchObject({ code: 'DisabledException' });
  });
});

test('a key that encrypts does not sign, and specs that are not played are refused by name', async () => {
  const encrypting = await signer({});
  await expect(encrypting.send('Sign', SIGN)).rejects.toMatchObject({ code: 'InvalidKeyUsageException' });
  await expect(encrypting.send('GetPublicKey', {})).rejects.toMatchObject({ code: 'UnsupportedOperationException' });
  expect(await encrypting.send('DescribeKey', {})).toMatchObject({ KeyMetadata: { KeySpec: 'SYMMETRIC_DEFAULT' } });
  const rsa = await signer({ ...SIGNING, KeySpec: 'RSA_2048' });
  await expect(rsa.send('Sign', SIGN)).rejects.toThrow(/RSA_2048 is not supported/);
});
