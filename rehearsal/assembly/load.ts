import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UnsupportedError } from '../cloud/types';
import { readAssets, readLegacyAssets, type PublishedFile } from './assets';
import { inOrder } from './order';

export type { PublishedFile } from './assets';

export interface TemplateResource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
  Condition?: string;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  Metadata?: Record<string, unknown>;
}

export interface TemplateParameter {
  Type: string;
  Default?: unknown;
}

export interface Template {
  Parameters?: Record<string, TemplateParameter>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  Conditions?: Record<string, unknown>;
  Resources: Record<string, TemplateResource>;
  Outputs?: Record<string, { Value: unknown; Condition?: string; Export?: { Name: unknown } }>;
  Rules?: Record<string, unknown>;
  Transform?: unknown;
}

export interface AssemblyStack {
  name: string;
  template: Template;
  /** Absolute path of each file asset, by its object key in the assets bucket. */
  assets: { get(objectKey: string): string | undefined };
  /** Files that the CDK uploads before it deploys, which handlers may read; those that are unpacked or templates are none. */
  files: PublishedFile[];
  /** The assembly, or the stage's part of it, that the stack lies in. */
  directory?: string;
  /** As the app gave it; absent where the stack goes to any account or region. */
  environment?: { accountId?: string; region?: string };
  /** Images that the CDK would build: their names. */
  images?: string[];
  /** Values that the CDK gives parameters when it deploys. */
  parameters?: Record<string, unknown>;
  /** What the manifest says of constructs, by their path. */
  metadata?: ConstructMetadata;
}

export type ConstructMetadata = Record<string, { type: string; data?: unknown }[]>;

interface ManifestArtifact {
  type: string;
  environment?: string;
  dependencies?: string[];
  metadata?: ConstructMetadata;
  properties?: {
    templateFile?: string;
    stackName?: string;
    directoryName?: string;
    file?: string;
    parameters?: Record<string, unknown>;
  };
  additionalMetadataFile?: string;
}

type Artifacts = Record<string, ManifestArtifact>;

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Reads a synthesized cloud assembly: the stacks of the app and of its stages, in the order in which they are deployed. */
export function loadAssembly(directory: string): AssemblyStack[] {
  const manifestFile = path.join(directory, 'manifest.json');
  if (!existsSync(manifestFile))
    throw new UnsupportedError(`${directory} is no cloud assembly: it has no manifest.json. Run cdk synth first.`);
  const { artifacts = {} } = readJson(manifestFile) as { artifacts?: Artifacts };
  const dependenciesOf = (id: string): string[] => (artifacts[id]?.dependencies ?? []).filter((other) => other in artifacts);
  return inOrder(Object.keys(artifacts), dependenciesOf).flatMap((id) => {
    const artifact = artifacts[id] as ManifestArtifact;
    if (artifact.type === 'cdk:cloud-assembly')
      return loadAssembly(path.join(directory, artifact.properties?.directoryName ?? `assembly-${id}`));
    return artifact.type === 'aws:cloudformation:stack' ? [loadStack(directory, id, artifact, artifacts)] : [];
  });
}

function loadStack(directory: string, id: string, artifact: ManifestArtifact, artifacts: Artifacts): AssemblyStack {
  const { templateFile = `${id}.template.json`, stackName = id, parameters = {} } = artifact.properties ?? {};
  const template = readTemplate(path.join(directory, templateFile));
  const metadata = metadataOf(directory, artifact);
  notePaths(template, metadata);
  const manifests = (artifact.dependencies ?? []).map((other) => artifacts[other]).filter((other) => other?.type === 'cdk:asset-manifest');
  const files = manifests.flatMap((manifest) => manifest?.properties?.file ?? []);
  const modern = readAssets(directory, files.length > 0 ? files : [`${id}.assets.json`]);
  const legacy = readLegacyAssets(
    directory,
    Object.values(metadata)
      .flat()
      .filter(({ type }) => type === 'aws:cdk:asset')
      .map(({ data }) => data),
  );
  const environment = environmentOf(artifact.environment);
  return {
    name: stackName,
    template,
    assets: new Map([...modern.assets, ...legacy.assets]),
    files: modern.files,
    images: [...modern.images, ...legacy.images],
    parameters: { ...legacy.parameters, ...parameters },
    directory,
    metadata,
    ...(environment === undefined ? {} : { environment }),
  };
}

export function readTemplate(file: string): Template {
  const template = readJson(file) as Partial<Template>;
  return { ...template, Resources: template.Resources ?? {} };
}

function metadataOf(directory: string, { metadata, additionalMetadataFile }: ManifestArtifact): ConstructMetadata {
  if (additionalMetadataFile === undefined) return metadata ?? {};
  return { ...metadata, ...(readJson(path.join(directory, additionalMetadataFile)) as ConstructMetadata) };
}

/** The template of a nested stack, which the construct of this path stands for. */
export function readNestedTemplate(file: string, constructPath: string, metadata: ConstructMetadata = {}): Template {
  const template = readTemplate(file);
  const [, parent = '', id = ''] = /^(.*)\/([^/]+)\.NestedStack\/[^/]+$/.exec(constructPath) ?? [];
  if (id !== '') notePaths(template, metadata, `${parent}/${id}/`);
  return template;
}

/** An app that is synthesized without the CDK's command names construct paths in the manifest alone. */
function notePaths(template: Template, metadata: ConstructMetadata, within = ''): void {
  for (const [constructPath, entries] of Object.entries(metadata)) {
    const name = constructPath.replace(/^\//, '');
    if (!name.startsWith(within)) continue;
    for (const { type, data } of entries) {
      const resource = type === 'aws:cdk:logicalId' ? template.Resources[String(data)] : undefined;
      if (resource !== undefined) resource.Metadata = { 'aws:cdk:path': name, ...resource.Metadata };
    }
  }
}

/** `aws://<account>/<region>`, each `unknown-…` where the stack does not care. */
function environmentOf(environment: string | undefined): AssemblyStack['environment'] {
  const [, accountId = '', region = ''] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment ?? '') ?? [];
  const known = (value: string): boolean => value !== '' && !value.startsWith('unknown-');
  if (!known(accountId) && !known(region)) return undefined;
  return { ...(known(accountId) ? { accountId } : {}), ...(known(region) ? { region } : {}) };
}
