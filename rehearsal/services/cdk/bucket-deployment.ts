import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { AwsError, type Members, type RefusalContext, type ResourceContext, type ResourceType } from '../../cloud/types';
import { unzip } from '../lambda/unzip';

const WORLD = { kind: 'world', principalArn: 'cloudformation.amazonaws.com' } as const;
const contentTypes: Record<string, string> = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.ico': 'image/vnd.microsoft.icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.mjs': 'text/javascript',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.webp': 'image/webp',
  '.xml': 'text/xml',
};

/** Options that change what is uploaded, and that the rehearsal does not have. */
const refusedProperties = ['Exclude', 'Include', 'DistributionId', 'DistributionPaths', 'SignContent'];

const isTrue = (value: unknown, otherwise: boolean): boolean => (value === undefined ? otherwise : String(value) === 'true');

function problemsOf(properties: Members, context: Pick<RefusalContext, 'assetPath'>): string[] {
  const problems = refusedProperties
    .filter((name) => properties[name] !== undefined && String(properties[name]) !== 'false')
    .map((name) => `the property ${name} of a bucket deployment`);
  sourcesOf(properties).forEach(({ bucket, key }) => {
    if (context.assetPath(bucket, key) === undefined) problems.push(`the source s3://${bucket}/${key}, which is no asset of this assembly`);
  });
  return problems;
}

function sourcesOf(properties: Members): { bucket: string; key: string; markers: Record<string, string> }[] {
  const buckets = (properties['SourceBucketNames'] ?? []) as string[];
  const keys = (properties['SourceObjectKeys'] ?? []) as string[];
  const markers = (properties['SourceMarkers'] ?? []) as Record<string, string>[];
  return keys.map((key, index) => ({ bucket: buckets[index] ?? '', key, markers: markers[index] ?? {} }));
}

/** Files of an asset by their path in it. */
function filesOf(asset: string, extracts: boolean): [name: string, content: Uint8Array][] {
  if (!statSync(asset).isDirectory()) {
    if (!extracts) return [[path.basename(asset), readFileSync(asset)]];
    return unzip(readFileSync(asset)).map(({ name, content }) => [name, content]);
  }
  return readdirSync(asset, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [path.relative(asset, file).split(path.sep).join('/'), readFileSync(file)]);
}

/** What is only known when the stack is deployed takes the place of its marker in text files. */
function filledIn(content: Uint8Array, markers: Record<string, string>): Uint8Array {
  if (Object.keys(markers).length === 0) return content;
  const text = Object.entries(markers).reduce(
    (before, [marker, value]) => before.replaceAll(marker, value),
    Buffer.from(content).toString('utf8'),
  );
  return Buffer.from(text);
}

const prefixOf = (properties: Members): string => {
  const prefix = String(properties['DestinationBucketKeyPrefix'] ?? '').replace(/^\//, '');
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
};

async function upload(properties: Members, context: ResourceContext): Promise<Set<string>> {
  const [problem] = problemsOf(properties, context);
  if (problem !== undefined) throw new AwsError('ValidationError', `${context.constructPath}: ${problem}`);
  const Bucket = properties['DestinationBucketName'] as string;
  const written = new Set<string>();
  for (const { bucket, key, markers } of sourcesOf(properties)) {
    const files = filesOf(context.assetPath(bucket, key) ?? '', isTrue(properties['Extract'], true));
    for (const [name, content] of files) {
      const Key = `${prefixOf(properties)}${name}`;
      const input = { Bucket, Key, Body: filledIn(content, markers), ...headersOf(name, properties) };
      await context.cloud.call('s3', 'PutObject', input, WORLD);
      written.add(Key);
    }
  }
  return written;
}

function headersOf(name: string, properties: Members): Members {
  const system = (properties['SystemMetadata'] ?? {}) as Record<string, string>;
  const user = (properties['UserMetadata'] ?? {}) as Record<string, string>;
  const members: Record<string, string> = {
    'cache-control': 'CacheControl',
    'content-disposition': 'ContentDisposition',
    'content-encoding': 'ContentEncoding',
    'content-language': 'ContentLanguage',
    'content-type': 'ContentType',
  };
  const given = Object.entries(system).flatMap(([key, value]) => (members[key] === undefined ? [] : [[members[key], value] as const]));
  return {
    ContentType: contentTypes[path.extname(name).toLowerCase()] ?? 'binary/octet-stream',
    ...Object.fromEntries(given),
    ...(Object.keys(user).length === 0 ? {} : { Metadata: user }),
  };
}

/** Deletes what lies under the deployment's prefix, but for what is to stay. */
async function removeOthers(properties: Members, stays: ReadonlySet<string>, context: ResourceContext): Promise<void> {
  const Bucket = properties['DestinationBucketName'] as string;
  const Prefix = prefixOf(properties);
  const keys: string[] = [];
  for (let token: string | undefined; ;) {
    const page = await context.cloud.call(
      's3',
      'ListObjectsV2',
      { Bucket, Prefix, ...(token === undefined ? {} : { ContinuationToken: token }) },
      WORLD,
    );
    keys.push(...((page['Contents'] ?? []) as { Key: string }[]).map(({ Key }) => Key));
    token = page['NextContinuationToken'] as string | undefined;
    if (token === undefined) break;
  }
  for (const Key of keys) if (!stays.has(Key)) await context.cloud.call('s3', 'DeleteObject', { Bucket, Key }, WORLD);
}

async function deployFiles(properties: Members, context: ResourceContext): Promise<Record<string, unknown>> {
  const written = await upload(properties, context);
  if (isTrue(properties['Prune'], true)) await removeOthers(properties, written, context);
  return {
    DestinationBucketArn: `arn:${context.cloud.partition}:s3:::${String(properties['DestinationBucketName'])}`,
    SourceObjectKeys: properties['SourceObjectKeys'] as unknown,
  };
}

/** The CDK's `BucketDeployment`, whose own function is written in Python. */
export const bucketDeploymentType: ResourceType = {
  type: 'Custom::CDKBucketDeployment',
  create: async (properties, context) => ({
    ref: `aws.cdk.s3deployment.${context.cloud.random.fork(`bucket deployment ${context.stackName} ${context.logicalId}`).uuid()}`,
    attributes: await deployFiles(properties, context),
  }),
  update: async (properties, _previous, created, context) => ({ ...created, attributes: await deployFiles(properties, context) }),
  remove: async (_created, properties, context) => {
    if (!isTrue(properties['RetainOnDelete'], true)) await removeOthers(properties, new Set(), context);
  },
  refuse: problemsOf,
};
