import { AwsError } from '../../cloud/types';
import type { Call, Cloud, Members, Operation, PolicyDocument, ServiceDouble } from '../../cloud/types';
import { Bucket } from './bucket';
import type { BucketSettings } from './bucket';
import { checkCopyConditions } from './conditions';
import { deleteObject, deleteObjects } from './delete';
import { noSuchBucket } from './errors';
import { listObjectsV2, listObjectVersions } from './list';
import {
  bucketArn,
  copyPermissions,
  copySource,
  deleteManyPermissions,
  deletePermissions,
  listPermissions,
  onBucket,
  onObject,
  onVersion,
  putPermissions,
  retentionPermissions,
} from './permissions';
import { getObject, getRetention, headObject } from './read';
import { putObject, putRetention, versionAnswer } from './write';

/** S3 with versions, Object Lock, conditional writes and events; multipart uploads and lifecycle rules are not simulated. */
export class S3 implements ServiceDouble {
  readonly service = 's3';
  readonly operations: Record<string, Operation>;
  private readonly byName = new Map<string, Bucket>();
  private readonly random;
  private readonly publishing;

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('s3');
    this.publishing = cloud.random.fork('s3 published');
    this.operations = { ...this.objectOperations(), ...this.deleteOperations(), ...this.bucketOperations() };
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
    if (bucket.current(key) === undefined) putObject(this.cloud, this.publishing, bucket, { Key: key, Body: body });
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

  private onBucket(permissions: Operation['permissions'], run: (bucket: Bucket, input: Members, call: Call) => Members): Operation {
    return { permissions, run: (input, call) => run(this.bucket(input['Bucket'] as string), input, call) };
  }

  /** Whoever may not list the bucket is not told that a key is missing: AWS answers 403. */
  private reading(permissions: Operation['permissions'], read: (bucket: Bucket, input: Members) => Members): Operation {
    return this.onBucket(permissions, (bucket, input, { caller, cloud }) => {
      if (input['VersionId'] === undefined && bucket.current(input['Key'] as string) === undefined) {
        cloud.iam.authorise(caller, { action: 's3:ListBucket', resource: bucket.arn }, bucket.policy);
      }
      return read(bucket, input);
    });
  }

  private objectOperations(): Record<string, Operation> {
    return {
      GetObject: this.reading(onVersion('GetObject'), getObject),
      HeadObject: this.reading(onVersion('GetObject'), headObject),
      PutObject: this.onBucket(putPermissions, (bucket, input) => {
        const version = putObject(this.cloud, this.random, bucket, input);
        return { ETag: version.etag, ServerSideEncryption: 'AES256', ...version.checksums, ...versionAnswer(version) };
      }),
      CopyObject: this.onBucket(copyPermissions, (bucket, input) => this.copy(bucket, input)),
      GetObjectRetention: this.onBucket(onObject('GetObjectRetention'), getRetention),
      PutObjectRetention: this.onBucket(retentionPermissions, (bucket, input) => {
        putRetention(bucket, input, this.cloud.clock.now());
        return {};
      }),
      ListObjectsV2: this.onBucket(listPermissions('ListBucket'), listObjectsV2),
      ListObjectVersions: this.onBucket(listPermissions('ListBucketVersions'), listObjectVersions),
    };
  }

  private copy(bucket: Bucket, input: Members): Members {
    const from = copySource(input);
    const source = this.bucket(from.bucket).read(from.key, from.versionId);
    checkCopyConditions(source, input);
    const headers = input['MetadataDirective'] === 'REPLACE' ? {} : source.headers;
    const version = putObject(this.cloud, this.random, bucket, { ...headers, ...input, Body: source.body }, 'CopyObject');
    return {
      CopyObjectResult: { ETag: version.etag, LastModified: new Date(version.modifiedAtMillis) },
      ...versionAnswer(version),
      ...(source.versionId === 'null' ? {} : { CopySourceVersionId: source.versionId }),
    };
  }

  private deleteOperations(): Record<string, Operation> {
    return {
      DeleteObject: this.onBucket(deletePermissions, (bucket, input) => deleteObject(this.cloud, this.random, bucket, input)),
      DeleteObjects: this.onBucket(deleteManyPermissions, (bucket, input) => deleteObjects(this.cloud, this.random, bucket, input)),
    };
  }

  private bucketOperations(): Record<string, Operation> {
    return {
      HeadBucket: this.onBucket(onBucket('ListBucket'), () => ({ BucketRegion: this.cloud.region })),
      GetBucketTagging: this.onBucket(onBucket('GetBucketTagging'), ({ settings }) => {
        if (settings.tags.length === 0) throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404);
        return { TagSet: settings.tags };
      }),
      GetBucketPolicy: this.onBucket(onBucket('GetBucketPolicy'), ({ policy }) => {
        if (policy === undefined) throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404);
        return { Policy: JSON.stringify(policy) };
      }),
      PutBucketPolicy: this.onBucket(onBucket('PutBucketPolicy'), (bucket, input) => {
        bucket.policy = parsedPolicy(input['Policy'] as string);
        return {};
      }),
    };
  }
}

function parsedPolicy(text: string): PolicyDocument {
  try {
    return JSON.parse(text) as PolicyDocument;
  } catch (error) {
    throw new AwsError('MalformedPolicy', `Policies must be valid JSON: ${(error as Error).message}`);
  }
}

export const createS3 = (cloud: Cloud): S3 => new S3(cloud);
