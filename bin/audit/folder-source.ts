import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { HEADS, keyIdOf, KEYS, placeOf, readHead, type StoredObject } from '../../core/evidence';
import { BadInputError } from '../../core/errors';
import { type AuditSource, keysNamed } from './source';

const FOLDERS = ['bundles', 'heads', 'looks', 'keys'];

export interface FolderOptions {
  folder: string;
  /** PEM that came another way than the folder. */
  publicKey?: { file: string; pem: string };
  atIso: string;
}

/** A copy of the evidence bucket, such as `aws s3 sync` or `sluice rehearse --evidence` makes. */
export function folderSource({ folder, publicKey, atIso }: FolderOptions): AuditSource {
  checkFolder(folder);
  const objects = FOLDERS.flatMap((name) => filesIn(folder, name));
  if (!objects.some(({ key }) => placeOf(key)?.kind === 'bundle')) {
    throw new BadInputError(
      `${folder}: holds no evidence\n  allowed: a copy of the evidence bucket with bundles/, heads/ and keys/\n  make one with: aws s3 sync s3://<EvidenceBucketName> ${folder}`,
    );
  }
  const pems = new Map(
    objects.filter(({ key }) => key.startsWith(KEYS)).map(({ key, bytes }) => [key, Buffer.from(bytes).toString('utf8')]),
  );
  const pemOf = (keyArn: string): string | undefined => publicKey?.pem ?? pems.get(`${KEYS}${keyIdOf(keyArn)}.pem`);
  return {
    evidence: { objects, publicKeys: keysNamed(signersIn(objects), pemOf), atIso },
    trust:
      publicKey === undefined
        ? 'the public key is the one in the folder: compare its SHA-256 with that of the key in KMS, or give --public-key'
        : `the public key is that of ${publicKey.file}`,
  };
}

function checkFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new BadInputError(`${folder}: there is no such folder\n  allowed: a copy of the evidence bucket`);
}

function filesIn(folder: string, name: string): StoredObject[] {
  const directory = path.join(folder, name);
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ key: `${name}/${entry.name}`, bytes: new Uint8Array(readFileSync(path.join(directory, entry.name))) }));
}

export function signersIn(objects: StoredObject[]): Set<string> {
  const heads = objects.filter(({ key }) => key.startsWith(HEADS)).map(({ bytes }) => readHead(bytes));
  return new Set(heads.flatMap((head) => (head.ok ? [head.value.keyArn] : [])));
}
