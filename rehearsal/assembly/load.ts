import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UnsupportedError } from '../cloud/types';

export interface TemplateResource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
  Condition?: string;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  Metadata?: Record<string, unknown>;
}

export interface Template {
  Parameters?: Record<string, { Type: string; Default?: unknown }>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  Conditions?: Record<string, unknown>;
  Resources: Record<string, TemplateResource>;
  Outputs?: Record<string, { Value: unknown; Condition?: string; Export?: unknown }>;
  Rules?: Record<string, unknown>;
  Transform?: unknown;
}

export interface AssemblyStack {
  name: string;
  template: Template;
  /** Absolute path of each file asset, by its object key in the assets bucket. */
  assets: Map<string, string>;
  /** Files that the CDK uploads before it deploys, which handlers may read; those that are unpacked or templates are none. */
  files: PublishedFile[];
}

export interface PublishedFile {
  /** With `${AWS::AccountId}` and the like in it. */
  bucketName: string;
  objectKey: string;
  path: string;
}

interface ManifestArtifact {
  type: string;
  properties?: { templateFile?: string; stackName?: string };
}

interface AssetsManifest {
  files?: Record<
    string,
    { source: { path: string; packaging: string }; destinations: Record<string, { objectKey: string; bucketName: string }> }
  >;
  dockerImages?: Record<string, unknown>;
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

function readAssets(directory: string, stackArtifactId: string): Pick<AssemblyStack, 'assets' | 'files'> {
  const assets = new Map<string, string>();
  const files: PublishedFile[] = [];
  const file = path.join(directory, `${stackArtifactId}.assets.json`);
  if (!existsSync(file)) return { assets, files };
  const manifest = readJson(file) as AssetsManifest;
  for (const asset of Object.values(manifest.files ?? {})) {
    const source = path.resolve(directory, asset.source.path);
    const isRead = asset.source.packaging === 'file' && !source.endsWith('.template.json');
    for (const { objectKey, bucketName } of Object.values(asset.destinations)) {
      assets.set(objectKey, source);
      if (isRead) files.push({ bucketName, objectKey, path: source });
    }
  }
  return { assets, files };
}

/** Reads a synthesized cloud assembly: its stacks, their templates and their file assets. */
export function loadAssembly(directory: string): AssemblyStack[] {
  const manifestFile = path.join(directory, 'manifest.json');
  if (!existsSync(manifestFile))
    throw new UnsupportedError(`${directory} is no cloud assembly: it has no manifest.json. Run cdk synth first.`);
  const manifest = readJson(manifestFile) as { artifacts?: Record<string, ManifestArtifact> };
  const stacks: AssemblyStack[] = [];
  for (const [id, artifact] of Object.entries(manifest.artifacts ?? {})) {
    if (artifact.type === 'cdk:cloud-assembly') throw new UnsupportedError(`nested assembly ${id}: stages are not supported`);
    if (artifact.type !== 'aws:cloudformation:stack') continue;
    const template = readJson(path.join(directory, artifact.properties?.templateFile ?? `${id}.template.json`)) as Template;
    if (template.Transform !== undefined) throw new UnsupportedError(`stack ${id}: template transforms are not supported`);
    stacks.push({ name: artifact.properties?.stackName ?? id, template, ...readAssets(directory, id) });
  }
  return stacks;
}
