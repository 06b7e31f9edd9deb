import type { KMSClient } from '@aws-sdk/client-kms';
import type { ObjectVersion, S3Client } from '@aws-sdk/client-s3';
import { ledgerKeys, type ReleaseRecord } from '../../core/contracts';
import { type ChainTip, type EndedRelease, type EvidenceToVerify, placeOf, publicKeyPem, type StoredObject } from '../../core/evidence';
import type { AuditLedger, AuditSource } from './source';

export interface AwsOptions {
  bucket: string;
  keyArn: string;
  table: string;
  region?: string;
  publicKey?: { file: string; pem: string };
  atIso: string;
}

/** The clients of an audit; tests give their own. */
export interface AuditClients {
  s3: Pick<S3Client, 'send'>;
  kms: Pick<KMSClient, 'send'>;
  ledger: AuditLedger;
}

export type ConnectAudit = (options: AwsOptions) => Promise<AuditClients>;

/** As whoever the AWS credentials belong to. The SDK is loaded only where it is used. */
export async function connectAudit({ table, region }: AwsOptions): Promise<AuditClients> {
  const [{ S3Client }, { KMSClient }, { DynamoDBClient }, { Ledger }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-kms'),
    import('@aws-sdk/client-dynamodb'),
    import('../../lambdas/shared/ledger.js'),
  ]);
  const where = region === undefined ? {} : { region };
  return { s3: new S3Client(where), kms: new KMSClient(where), ledger: new Ledger(new DynamoDBClient(where), table) };
}

/** Objects read at a time. */
const PARALLEL = 8;

/** The bucket with its versions, the key from KMS, and the ledger, which knows how long the chain is. */
export async function awsSource(options: AwsOptions, connect: ConnectAudit): Promise<AuditSource> {
  const { bucket, keyArn, publicKey, atIso } = options;
  const { s3, kms, ledger } = await connect(options);
  const pem = publicKey?.pem ?? (await publicKeyOf(kms, keyArn));
  const state = await atRest(s3, bucket, ledger);
  return {
    evidence: { ...state, publicKeys: { [keyArn]: pem }, atIso },
    trust: publicKey === undefined ? 'the public key is the one that KMS gives' : `the public key is that of ${publicKey.file}`,
    ledger,
  };
}

const ATTEMPTS = 3;

/** Bucket and ledger as they stood at one time: read again when a release ended meanwhile. */
async function atRest(
  s3: AuditClients['s3'],
  bucket: string,
  ledger: AuditLedger,
): Promise<Pick<EvidenceToVerify, 'objects' | 'tip' | 'ended'>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const tip = await tipOf(ledger);
    const ended = await endedReleases(ledger);
    const objects = await readObjects(s3, bucket);
    const after = await tipOf(ledger);
    if (after?.sha256 === tip?.sha256) return { objects, ended, ...(tip === undefined ? {} : { tip }) };
  }
  throw new Error('releases keep ending while the evidence is read: try again in a minute');
}

async function publicKeyOf(kms: AuditClients['kms'], keyArn: string): Promise<string> {
  const { GetPublicKeyCommand } = await import('@aws-sdk/client-kms');
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyArn }));
  if (PublicKey === undefined) throw new Error(`KMS gave no public key of ${keyArn}`);
  return publicKeyPem(PublicKey);
}

async function tipOf(ledger: AuditLedger): Promise<ChainTip | undefined> {
  const link = await ledger.get<{ sequence: number; sha256: string; text?: string }>(ledgerKeys.evidenceChain());
  return link === undefined ? undefined : { sequence: link.sequence, sha256: link.sha256, owed: link.text !== undefined };
}

async function endedReleases(ledger: AuditLedger): Promise<EndedRelease[]> {
  const records = await ledger.query<ReleaseRecord>(ledgerKeys.release('').pk);
  return records.flatMap(({ id, endedAt, status }) => (endedAt === undefined ? [] : [{ id, outcome: status }]));
}

interface Versions {
  /** Oldest first. */
  objects: ObjectVersion[];
  markers: number;
  deleted: boolean;
}

async function readObjects(s3: AuditClients['s3'], bucket: string): Promise<StoredObject[]> {
  const byKey = await versionsIn(s3, bucket);
  const found: StoredObject[] = [];
  const keys = [...byKey.keys()].filter((key) => placeOf(key) !== undefined).sort();
  for (let from = 0; from < keys.length; from += PARALLEL) {
    found.push(...(await Promise.all(keys.slice(from, from + PARALLEL).map((key) => readObject(s3, bucket, key, byKey.get(key)!)))));
  }
  return found;
}

async function versionsIn(s3: AuditClients['s3'], bucket: string): Promise<Map<string, Versions>> {
  const { ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  const byKey = new Map<string, Versions>();
  const of = (key = ''): Versions => {
    const known = byKey.get(key) ?? { objects: [], markers: 0, deleted: false };
    byKey.set(key, known);
    return known;
  };
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (marker !== undefined) {
    const page: Awaited<ReturnType<typeof list>> = await list(marker);
    // Newest first, as S3 lists them.
    for (const version of page.Versions ?? []) of(version.Key).objects.unshift(version);
    for (const { Key, IsLatest } of page.DeleteMarkers ?? []) {
      of(Key).markers += 1;
      of(Key).deleted ||= IsLatest === true;
    }
    marker = page.IsTruncated === true ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  return byKey;

  function list(from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined }) {
    return s3.send(new ListObjectVersionsCommand({ Bucket: bucket, ...from }));
  }
}

/** The oldest version is what the handlers wrote; that there are more is a finding of its own. */
async function readObject(
  s3: AuditClients['s3'],
  bucket: string,
  key: string,
  { objects, markers, deleted }: Versions,
): Promise<StoredObject> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const [oldest] = objects;
  const versions = objects.length + markers;
  if (oldest === undefined) return { key, bytes: new Uint8Array(), versions, deleted: true };
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: oldest.VersionId }));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  const storedAt = oldest.LastModified === undefined ? {} : { storedAt: oldest.LastModified.toISOString() };
  return { key, bytes, ...storedAt, versions, ...(deleted ? { deleted } : {}) };
}
