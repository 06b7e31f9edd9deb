import { AwsError } from '../../cloud/types';
import type { Call, Cloud, Members, Operation, PolicyDocument, ServiceDouble } from '../../cloud/types';
import { Bucket } from './bucket';
import type { BucketSettings } from './bucket';
import { bucketOperations } from './bucket-operations';
import { noSuchBucket } from './errors';
import { Lifecycle } from './lifecycle';
import { byLifecycle, ObjectEvents } from './object-events';
import { objectOperations } from './object-operations';
import { bucketArn } from './permissions';
import { putObject } from './write';
import type { Writer } from './write';
import { uploadOperations } from './upload-operations';

/** What the operations of a bucket are built with. */
export interface Shop {
  readonly cloud: Cloud;
  bucket(name: string): Bucket;
  /** All buckets of the account. */
  buckets(): IterableIterator<Bucket>;
  onBucket(
    permissions: Operation['permissions'],
    run: (bucket: Bucket, input: Members, writer: Writer) => Members | Promise<Members>,
  ): Operation;
}

/** S3 with versions, Object Lock, conditional writes, multipart uploads and notifications. */
export class S3 implements ServiceDouble, Shop {
  readonly service = 's3';
  readonly operations: Record<string, Operation>;
  readonly events: ObjectEvents;
  readonly lifecycle: Lifecycle;
  private readonly byName = new Map<string, Bucket>();
  private readonly random;
  private readonly publishing;

  constructor(readonly cloud: Cloud) {
    this.random = cloud.random.fork('s3');
    this.publishing = cloud.random.fork('s3 published');
    this.events = new ObjectEvents(cloud);
    const expiring = { cloud, random: cloud.random.fork('s3 lifecycle'), events: this.events, cause: byLifecycle };
    this.lifecycle = new Lifecycle(
      cloud.clock,
      () => this.byName.values(),
      () => expiring,
    );
    this.operations = { ...objectOperations(this), ...uploadOperations(this), ...bucketOperations(this) };
  }

  createBucket(name: string, settings: BucketSettings): Bucket {
    if (this.byName.has(name)) {
      throw new AwsError('BucketAlreadyOwnedByYou', `${name} already exists`, 409, { BucketName: name });
    }
    const bucket = new Bucket(name, bucketArn(this.cloud, name), this.cloud.clock.now(), settings);
    this.byName.set(name, bucket);
    return bucket;
  }

  /** What the CDK uploads into its bootstrap bucket, which is there in every account that the CDK deploys to. */
  publish(bucketName: string, key: string, body: Uint8Array): void {
    const settings: BucketSettings = { versioning: 'Enabled', objectLock: false, eventBridge: false, tags: [] };
    const bucket = this.byName.get(bucketName) ?? this.createBucket(bucketName, settings);
    const cause = {
      caller: { kind: 'world', principalArn: `arn:${this.cloud.partition}:iam::${this.cloud.accountId}:root` },
      requestId: key,
    } as const;
    const writer = { cloud: this.cloud, random: this.publishing, events: this.events, cause };
    if (bucket.current(key) === undefined) putObject(writer, bucket, { Key: key, Body: body });
  }

  deleteBucket(name: string): void {
    if (this.byName.get(name)?.empty === false) {
      throw new AwsError(
        'BucketNotEmpty',
        'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
        409,
        {
          BucketName: name,
        },
      );
    }
    this.byName.delete(name);
  }

  buckets(): IterableIterator<Bucket> {
    return this.byName.values();
  }

  findBucket(name: string): Bucket | undefined {
    return this.byName.get(name);
  }

  bucket(name: string): Bucket {
    const bucket = this.byName.get(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  }

  /** For a bucket's ARN, or that of an object in it. */
  resourcePolicy(resourceArn: string): PolicyDocument | undefined {
    const name = resourceArn.split(':::')[1]?.split('/')[0];
    return name === undefined ? undefined : this.byName.get(name)?.policy;
  }

  onBucket(
    permissions: Operation['permissions'],
    run: (bucket: Bucket, input: Members, writer: Writer) => Members | Promise<Members>,
  ): Operation {
    return { permissions, run: (input, call) => run(this.bucket(input['Bucket'] as string), input, this.writerFor(call)) };
  }

  private writerFor(cause: Call): Writer {
    return { cloud: this.cloud, random: this.random, events: this.events, cause };
  }
}

export const createS3 = (cloud: Cloud): S3 => new S3(cloud);
