import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { s3Resources } from '../../../../rehearsal/services/s3';
import type { S3 } from '../../../../rehearsal/services/s3';
import { create } from '../../../rehearsal/services/cloud-stub';
import type { Step } from '../engine/hunt';
import { outcomeOf, plain } from '../engine/outcome';
import type { Outcome } from '../engine/outcome';
import { isOurs } from '../engine/sides';
import type { Answer, Side } from '../engine/sides';
import type { S3Case, S3Step } from './cases';

const commands = {
  CopyObject: CopyObjectCommand,
  DeleteObject: DeleteObjectCommand,
  DeleteObjects: DeleteObjectsCommand,
  GetObject: GetObjectCommand,
  HeadObject: HeadObjectCommand,
  ListObjects: ListObjectsCommand,
  ListObjectsV2: ListObjectsV2Command,
  ListObjectVersions: ListObjectVersionsCommand,
  PutObject: PutObjectCommand,
};

type Operation = keyof typeof commands;
type Versioning = 'Enabled' | 'Suspended';

async function createBucket(side: Side, bucket: string, versioning: Versioning | undefined): Promise<void> {
  if (isOurs(side)) await create(side.cloud, s3Resources, 'AWS::S3::Bucket', bucket, { BucketName: bucket });
  else await side.send('s3', new CreateBucketCommand({ Bucket: bucket }));
  if (versioning !== undefined) await setVersioning(side, bucket, versioning);
}

async function setVersioning(side: Side, bucket: string, versioning: Versioning): Promise<void> {
  if (isOurs(side)) {
    const found = side.cloud.double<S3>('s3').bucket(bucket);
    found.settings = { ...found.settings, versioning };
  } else await side.send('s3', new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: versioning } }));
}

/** Times, owners and tokens are each side's own; the witness tells neither checksums nor encryption. */
const left = /^(LastModified|Owner|NextContinuationToken|ContinuationToken|ServerSideEncryption|Checksum.*)$/;

/** Version ids of a side, which answers tell and later calls name by their number. */
class Versions {
  private readonly known: string[] = [];

  label(id: string): string {
    if (id === 'null' || id === '') return id;
    if (!this.known.includes(id)) this.known.push(id);
    return `version ${this.known.indexOf(id)}`;
  }

  id(reference: number | 'null' | 'unknown' | undefined): { VersionId?: string } {
    if (reference === undefined) return {};
    if (typeof reference !== 'number') return { VersionId: reference === 'null' ? 'null' : 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' };
    return { VersionId: this.known[reference % Math.max(1, this.known.length)] ?? 'null' };
  }
}

class Calls {
  readonly steps: Step[] = [];
  private readonly versions = new Versions();

  constructor(
    private readonly side: Side,
    private readonly bucket: string,
  ) {}

  async make(operation: Operation, input: Record<string, unknown>): Promise<Answer | undefined> {
    const Command = commands[operation] as unknown as new (given: object) => object;
    let whole: Answer | undefined;
    const sent = this.side.send('s3', new Command({ Bucket: this.bucket, ...input }));
    const outcome = await outcomeOf(
      sent.then(async (answer) => {
        whole = answer;
        const { Body: stream } = answer as { Body?: { transformToString(): Promise<string> } };
        return stream === undefined ? answer : { ...answer, Body: await stream.transformToString() };
      }),
      (answer) => this.view(plain(answer)),
    );
    this.push(operation, input, outcome);
    return whole;
  }

  push(operation: string, input: unknown, outcome: Outcome): void {
    this.steps.push({ operation, input: this.view(plain(input)), outcome });
  }

  id(reference: Parameters<Versions['id']>[0]): { VersionId?: string } {
    return this.versions.id(reference);
  }

  private view(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.view(one));
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).filter(([name]) => !left.test(name));
    return Object.fromEntries(
      members.map(([name, member]) => [
        name,
        /VersionId/.test(name) && typeof member === 'string' ? this.versions.label(member) : this.view(member),
      ]),
    );
  }
}

const present = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

const mostPages = 12;

async function list(calls: Calls, { how, prefix, delimiter, most, after }: Extract<S3Step, { kind: 'list' }>): Promise<void> {
  const operation = how === 'v1' ? 'ListObjects' : how === 'v2' ? 'ListObjectsV2' : 'ListObjectVersions';
  const marker = { v1: 'Marker', v2: 'StartAfter', versions: 'KeyMarker' }[how];
  // The witness lists versions without regard to a delimiter.
  const request = present({ Prefix: prefix, Delimiter: how === 'versions' ? undefined : delimiter, MaxKeys: most, [marker]: after });
  let next: Record<string, unknown> = {};
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await calls.make(operation, { ...request, ...next });
    if (answer?.['IsTruncated'] !== true) return;
    const contents = answer['Contents'] as { Key?: string }[] | undefined;
    if (how === 'v2') next = { ContinuationToken: answer['NextContinuationToken'] };
    // Without a delimiter the last key is the marker, as AWS says.
    else if (how === 'v1') next = { Marker: answer['NextMarker'] ?? contents?.at(-1)?.Key };
    else next = present({ KeyMarker: answer['NextKeyMarker'], VersionIdMarker: answer['NextVersionIdMarker'] });
  }
}

async function perform(calls: Calls, side: Side, bucket: string, step: S3Step): Promise<unknown> {
  switch (step.kind) {
    case 'put': {
      const { key, body, metadata, type, IfMatch, IfNoneMatch } = step;
      return calls.make(
        'PutObject',
        present({ Key: key, Body: Buffer.from(body), Metadata: metadata, ContentType: type, IfMatch, IfNoneMatch }),
      );
    }
    case 'get':
    case 'head': {
      const { kind, key, version, range, IfMatch, IfNoneMatch } = step;
      const input = present({ Key: key, ...calls.id(version), Range: range, IfMatch, IfNoneMatch });
      return calls.make(kind === 'get' ? 'GetObject' : 'HeadObject', input);
    }
    case 'delete':
      return calls.make('DeleteObject', present({ Key: step.key, ...calls.id(step.version), IfMatch: step.IfMatch }));
    case 'deleteMany': {
      const Objects = step.objects.map(({ key, version }) => ({ Key: key, ...calls.id(version) }));
      return calls.make('DeleteObjects', { Delete: { Objects, Quiet: step.quiet } });
    }
    case 'copy': {
      const { VersionId } = calls.id(step.version);
      const source = `${bucket}/${encodeURIComponent(step.from)}${VersionId === undefined ? '' : `?versionId=${VersionId}`}`;
      const { to, replaced, IfMatch, IfNoneMatch } = step;
      const directive = replaced === undefined ? {} : { MetadataDirective: 'REPLACE', Metadata: replaced };
      return calls.make(
        'CopyObject',
        present({ Key: to, CopySource: source, ...directive, CopySourceIfMatch: IfMatch, CopySourceIfNoneMatch: IfNoneMatch }),
      );
    }
    case 'list':
      return list(calls, step);
    case 'versioning':
      await setVersioning(side, bucket, step.status);
      return calls.push('PutBucketVersioning', { Status: step.status }, { answer: {} });
  }
}

export async function play(side: Side, { versioning, steps }: S3Case, id: string): Promise<Step[]> {
  const bucket = id.toLowerCase();
  await createBucket(side, bucket, versioning);
  const calls = new Calls(side, bucket);
  calls.push('CreateBucket', { versioning }, { answer: {} });
  for (const step of steps) await perform(calls, side, bucket, step);
  return calls.steps;
}
