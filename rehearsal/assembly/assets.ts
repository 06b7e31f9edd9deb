import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Cloud } from '../cloud/types';
import type { S3 } from '../services/s3';

export interface PublishedFile {
  /** With `${AWS::AccountId}` and the like in it. */
  bucketName: string;
  objectKey: string;
  path: string;
}

/** As `cdk deploy` does before it asks CloudFormation: into the bucket of the bootstrap stack, which stays. */
export function publishFiles(cloud: Cloud, files: readonly PublishedFile[], pseudo: Readonly<Record<string, unknown>>): void {
  for (const { bucketName, objectKey, path: file } of files) {
    const bucket = bucketName.replace(/\$\{([^}]+)\}/g, (_all, name: string) => String(pseudo[name]));
    cloud.double<S3>('s3').publish(bucket, objectKey, readFileSync(file));
  }
}

interface AssetsManifest {
  files?: Record<
    string,
    { source: { path?: string; packaging?: string }; destinations: Record<string, { objectKey: string; bucketName: string }> }
  >;
  dockerImages?: Record<string, { source?: { directory?: string } }>;
}

interface Assets {
  assets: Map<string, string>;
  files: PublishedFile[];
  images: string[];
}

/** What the asset manifests of a stack name. */
export function readAssets(directory: string, manifestFiles: readonly string[]): Assets {
  const found: Assets = { assets: new Map(), files: [], images: [] };
  for (const manifestFile of manifestFiles) {
    const file = path.join(directory, manifestFile);
    if (!existsSync(file)) continue;
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as AssetsManifest;
    for (const [hash, { source }] of Object.entries(manifest.dockerImages ?? {})) found.images.push(source?.directory ?? hash);
    for (const asset of Object.values(manifest.files ?? {})) {
      // Made by a command only when it is published.
      if (asset.source.path === undefined) continue;
      const source = path.resolve(directory, asset.source.path);
      const isRead = asset.source.packaging === 'file' && !source.endsWith('.template.json');
      for (const { objectKey, bucketName } of Object.values(asset.destinations)) {
        found.assets.set(objectKey, source);
        if (isRead) found.files.push({ bucketName, objectKey, path: source });
      }
    }
  }
  return found;
}

interface LegacyAsset {
  path: string;
  id: string;
  packaging: string;
  s3BucketParameter?: string;
  s3KeyParameter?: string;
  artifactHashParameter?: string;
}

/** Assets of version 1 and of the legacy synthesizer: the CDK tells the template by parameters where it put them. */
export function readLegacyAssets(
  directory: string,
  entries: readonly unknown[],
): { assets: Map<string, string>; images: string[]; parameters: Record<string, unknown> } {
  const assets = new Map<string, string>();
  const images: string[] = [];
  const parameters: Record<string, unknown> = {};
  for (const entry of entries as LegacyAsset[]) {
    if (entry.packaging === 'container-image') {
      images.push(entry.path);
      continue;
    }
    const { s3BucketParameter, s3KeyParameter, artifactHashParameter } = entry;
    if (s3BucketParameter === undefined || s3KeyParameter === undefined) continue;
    assets.set(`assets/${entry.id}.zip`, path.resolve(directory, entry.path));
    parameters[s3BucketParameter] = 'cdktoolkit-stagingbucket';
    parameters[s3KeyParameter] = `assets/||${entry.id}.zip`;
    if (artifactHashParameter !== undefined) parameters[artifactHashParameter] = entry.id;
  }
  return { assets, images, parameters };
}
