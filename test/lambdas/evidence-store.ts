import type { GetPublicKeyCommand } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Members } from '../../rehearsal/cloud/types';
import { createKms, kmsResources } from '../../rehearsal/services/kms';
import { EvidenceBucket } from '../../lambdas/shared/evidence-bucket';
import type { SealParts } from '../../lambdas/seal/seal';
import { publicKeyPem, type StoredObject } from '../../core/evidence';
import { create, stubCloud } from '../rehearsal/services/cloud-stub';
import { named, START } from './support';

/** An evidence bucket in memory: written once, listed in pages of two. */
export function memoryBucket() {
  const objects = new Map<string, string>();
  const hooks: { operation: string; action: (input: Members) => void | Promise<void> }[] = [];
  const answers: Record<string, (input: Members) => unknown> = {
    PutObject: ({ Key, Body, IfNoneMatch }) => {
      if (IfNoneMatch === '*' && objects.has(String(Key))) throw named('PreconditionFailed');
      objects.set(String(Key), String(Body));
      return {};
    },
    GetObject: ({ Key }) => {
      const text = objects.get(String(Key));
      if (text === undefined) throw named('NoSuchKey');
      return { Body: { transformToByteArray: async () => new Uint8Array(Buffer.from(text, 'utf8')) } };
    },
    ListObjectsV2: ({ Prefix, StartAfter = '', ContinuationToken = '' }) => {
      const after = ContinuationToken === '' ? String(StartAfter) : String(ContinuationToken);
      const keys = [...objects.keys()].filter((key) => key.startsWith(String(Prefix)) && key > after).sort();
      const page = keys.slice(0, 2);
      return { Contents: page.map((Key) => ({ Key })), ...(keys.length > 2 ? { NextContinuationToken: page[1] } : {}) };
    },
  };
  const send = async (command: { constructor: { name: string }; input: Members }): Promise<unknown> => {
    const name = command.constructor.name.replace(/Command$/, '');
    const index = hooks.findIndex(({ operation }) => operation === name);
    if (index >= 0) await hooks.splice(index, 1)[0]?.action(command.input);
    return answers[name]!(command.input);
  };
  return {
    objects,
    s3: { send } as unknown as S3Client,
    bucket: new EvidenceBucket({ send } as unknown as S3Client, 'evidence'),
    /** Runs before the next operation of that name; may throw. */
    before: (operation: string, action: (input: Members) => void | Promise<void>) => hooks.push({ operation, action }),
    stored: (): StoredObject[] => [...objects].map(([key, text]) => ({ key, bytes: new Uint8Array(Buffer.from(text, 'utf8')) })),
  };
}

export type MemoryBucket = ReturnType<typeof memoryBucket>;

/** The seal over the laptop cloud's KMS. */
export async function sealOver(bucket: EvidenceBucket, useCase = 'support-triage') {
  const cloud = stubCloud();
  const kms = createKms(cloud);
  cloud.add(kms);
  const key = await create(cloud, kmsResources, 'AWS::KMS::Key', 'Key', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  const keyArn = key.attributes['Arn'] as string;
  const clock = { millis: START };
  const signed: string[] = [];
  const client = {
    send: async (command: GetPublicKeyCommand) => {
      const name = command.constructor.name.replace(/Command$/, '');
      if (name === 'Sign') signed.push(name);
      return cloud.call('kms', name, command.input as Members, { kind: 'world', principalArn: 'arn:seal' });
    },
  } as unknown as SealParts['kms'];
  const parts: SealParts = { bucket, kms: client, keyArn, useCase, now: () => clock.millis };
  return { parts, clock, signed, keyArn, publicKeys: { [keyArn]: publicKeyPem(kms.signers().get(keyArn)!) } };
}
