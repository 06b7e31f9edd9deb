import type { Members, RefusalContext, ResourceContext } from '../../cloud/types';
import { codeOf } from './code';
import type { FunctionConfiguration } from './function';
import type { Lambda } from './lambda';
import { packageProblems } from './packages';

/** Properties that change how code runs, and that the rehearsal does not have. */
const refusedProperties = ['FileSystemConfigs', 'ImageConfig', 'CapacityProviderConfig', 'DurableConfig', 'TenancyConfig'];

export function readConfiguration(properties: Members, name: string, context: ResourceContext): FunctionConfiguration {
  const environment = (properties['Environment'] as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
  const logging = (properties['LoggingConfig'] ?? {}) as { LogGroup?: string };
  const { directory, layers, problems } = runnable(properties, context);
  return {
    assetDirectory: directory,
    layers,
    project: projectOf(context),
    problem: problems.length === 0 ? undefined : problems.join('; '),
    handler: String(properties['Handler'] ?? 'index.handler'),
    runtime: String(properties['Runtime'] ?? 'none'),
    roleArn: properties['Role'] as string,
    timeoutSeconds: Number(properties['Timeout'] ?? 3),
    memoryMegabytes: Number(properties['MemorySize'] ?? 128),
    environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])),
    logGroup: logging.LogGroup ?? `/aws/lambda/${name}`,
    deadLetterArn: (properties['DeadLetterConfig'] as { TargetArn?: string } | undefined)?.TargetArn,
    description: String(properties['Description'] ?? ''),
  };
}

const projectOf = ({ assemblyDirectory }: RefusalContext): string[] => [
  ...(assemblyDirectory === undefined ? [] : [assemblyDirectory]),
  process.cwd(),
];

/** What runs, and why it could not. A function that nothing calls may be one that cannot run. */
function runnable(properties: Members, context: RefusalContext): { directory: string; layers: string[]; problems: string[] } {
  const problems = refusedProperties.filter((property) => hasContent(properties[property])).map((property) => `the property ${property}`);
  const runtime = String(properties['Runtime'] ?? 'none');
  if (!runtime.startsWith('nodejs')) problems.push(`the runtime ${runtime}`);
  const code = codeOf(properties['Code'], context);
  if ('problem' in code) problems.push(code.problem);
  const lambda = context.cloud.double<Lambda>('lambda');
  const layers: string[] = [];
  for (const arn of ((properties['Layers'] ?? []) as unknown[]).map(String).reverse()) {
    // Before it is deployed a layer of the assembly has no ARN yet; its own resource is assessed for itself.
    if (!lambda.hasLayer(arn) && arn.includes(':layer:')) problems.push(`the layer ${arn}, which no stack holds`);
    const layer = problems.length > 0 ? undefined : lambda.layer(arn);
    if (layer !== undefined && 'problem' in layer) problems.push(`a layer of ${layer.problem}`);
    else if (layer !== undefined) layers.push(layer.directory);
  }
  return { directory: 'directory' in code ? code.directory : '', layers, problems };
}

/** What of a function would not run, before anything is deployed; nothing where the scenario stands in for it. */
export function functionProblems(properties: Members, context: RefusalContext): readonly string[] {
  const lambda = context.cloud.double<Lambda>('lambda');
  if (lambda.standInFor(properties['FunctionName'] as string | undefined, context.constructPath) !== undefined) return [];
  const { directory, problems } = runnable(properties, context);
  if (problems.length > 0 || hasContent(properties['Layers'])) return problems;
  return packageProblems(directory, projectOf(context), String(properties['Runtime']));
}

function hasContent(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return Array.isArray(value) ? value.length > 0 : true;
}
