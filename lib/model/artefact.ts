/* eslint-disable awscdk/require-passing-this -- these functions construct for the construct that calls them */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { tarGz } from './tar';

export interface BoundArtefact {
  url: string;
  objectArn: string;
  /** Of the archive as it is deployed with the stack. */
  sha256?: string;
  /** A prefix of single files, taken as they are. */
  uncompressed?: true;
}

/** Where the model's data is once the stack is deployed. Folders and plain files are packed as SageMaker wants them. */
export function bindArtefact(scope: Construct, artefact: string | undefined): BoundArtefact | undefined {
  if (artefact === undefined) return undefined;
  const { partition } = Stack.of(scope);
  const inS3 = /^s3:\/\/([^/]+)\/(.+)$/.exec(artefact);
  if (inS3 !== null && artefact.endsWith('/'))
    return { url: artefact, objectArn: `arn:${partition}:s3:::${inS3[1]}/${inS3[2]}*`, uncompressed: true };
  if (inS3 !== null) return { url: artefact, objectArn: `arn:${partition}:s3:::${inS3[1]}/${inS3[2]}` };

  const source = path.resolve(artefact);
  if (!existsSync(source)) {
    throw new Error(`The model artefact ${artefact} is not there (looked at ${source}): give a folder, a file, or s3://bucket/key.`);
  }
  const { asset, sha256 } = source.endsWith('.tar.gz') ? fileAsset(scope, source) : packedAsset(scope, source);
  return { url: asset.s3ObjectUrl, objectArn: `${asset.bucket.bucketArn}/${asset.s3ObjectKey}`, sha256 };
}

interface HashedAsset {
  asset: Asset;
  sha256: string;
}

function fileAsset(scope: Construct, file: string): HashedAsset {
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  return { asset: new Asset(scope, 'Artefact', { path: file }), sha256 };
}

function packedAsset(scope: Construct, source: string): HashedAsset {
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-artefact-'));
  try {
    const file = path.join(directory, 'model.tar.gz');
    writeFileSync(file, tarGz(source));
    return fileAsset(scope, file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
