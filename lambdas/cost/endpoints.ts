import {
  DescribeEndpointCommand,
  type DescribeEndpointCommandOutput,
  DescribeEndpointConfigCommand,
  ListEndpointsCommand,
  type ProductionVariant,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { ControlRecord } from '../../core/contracts';
import { armOf, type ConfigVariant, type FleetLine, type SeenEndpoint, serverlessProvisioned } from '../../core/cost';

/** A serverless variant: what its requests take is billed, beside what is provisioned. */
export interface ServerlessVariant {
  endpointName: string;
  variantName: string;
  arm: FleetLine['arm'];
  memoryMib: number;
}

export interface Found {
  endpoints: SeenEndpoint[];
  serverless: ServerlessVariant[];
  /** Of the configs that were met. */
  configs: Record<string, Record<string, ConfigVariant>>;
  listed: boolean;
}

export interface EndpointQuestion {
  control: ControlRecord;
  /** What names of everything made at run time begin with. */
  prefix: string;
  known: Record<string, Record<string, ConfigVariant>>;
  /** What the look before found: until SageMaker says that it is gone, it is billed. */
  before: string[];
  /** Endpoints of the prefix are listed too: those that the control record does not name are billed all the same. */
  list: boolean;
}

type Summary = NonNullable<DescribeEndpointCommandOutput['ProductionVariants']>[number];
type Pending = NonNullable<NonNullable<DescribeEndpointCommandOutput['PendingDeploymentSummary']>['ProductionVariants']>[number];

/** Its price is in no book: such instances are said to have no price. */
const UNKNOWN_TYPE = 'unknown instance type';

export async function findEndpoints(sagemaker: SageMakerClient, question: EndpointQuestion): Promise<Found> {
  const { control, prefix, before, list } = question;
  const { stable, candidate, warm } = control;
  const named = [control.endpointName, ...[stable, candidate, warm?.release].map((release) => release?.endpointName)];
  const names = new Set([...named.filter((name) => name !== undefined), ...before]);
  if (list) for (const name of await listed(sagemaker, prefix)) names.add(name);
  const found: Found = { endpoints: [], serverless: [], configs: {}, listed: list };
  for (const name of [...names].sort()) {
    const seen = await described(sagemaker, name);
    if (seen !== undefined) await addEndpoint(sagemaker, question, found, name, seen);
  }
  return found;
}

async function listed(sagemaker: SageMakerClient, prefix: string): Promise<string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await sagemaker.send(new ListEndpointsCommand({ NameContains: prefix, MaxResults: 100, NextToken }));
    names.push(...(page.Endpoints ?? []).map(({ EndpointName }) => EndpointName ?? '').filter((name) => name.startsWith(prefix)));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return names;
}

async function described(sagemaker: SageMakerClient, EndpointName: string): Promise<DescribeEndpointCommandOutput | undefined> {
  try {
    return await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && /could not find/i.test(error.message);

async function addEndpoint(
  sagemaker: SageMakerClient,
  { control, known }: EndpointQuestion,
  found: Found,
  endpointName: string,
  seen: DescribeEndpointCommandOutput,
): Promise<void> {
  const lines: FleetLine[] = [];
  const fleets: [configName: string | undefined, variants: (Summary | Pending)[], pending: boolean][] = [
    [seen.EndpointConfigName, [...(seen.ProductionVariants ?? []), ...(seen.ShadowProductionVariants ?? [])], false],
    [
      seen.PendingDeploymentSummary?.EndpointConfigName,
      [...(seen.PendingDeploymentSummary?.ProductionVariants ?? []), ...(seen.PendingDeploymentSummary?.ShadowProductionVariants ?? [])],
      true,
    ],
  ];
  for (const [configName, variants, pending] of fleets) {
    if (configName === undefined || variants.length === 0) continue;
    const config = (found.configs[configName] ??= known[configName] ?? (await readConfig(sagemaker, configName)));
    for (const variant of variants) {
      const variantName = variant.VariantName ?? '';
      const arm = armOf(control, endpointName, variantName, pending);
      lines.push(...linesOf(variant, config[variantName] ?? {}).map((line) => ({ ...line, arm, endpointName })));
      const memoryMib = config[variantName]?.serverlessMib;
      if (memoryMib !== undefined && !pending) found.serverless.push({ endpointName, variantName, arm, memoryMib });
    }
  }
  found.endpoints.push({ endpointName, modifiedAtMillis: seen.LastModifiedTime?.getTime() ?? 0, lines });
}

/** Only what is counted as current is there, and billed. */
function linesOf(variant: Summary | Pending, { instanceType, serverlessMib }: ConfigVariant): Pick<FleetLine, 'what' | 'count'>[] {
  const provisioned = variant.CurrentServerlessConfig?.ProvisionedConcurrency ?? 0;
  if (serverlessMib !== undefined) {
    return provisioned === 0 ? [] : [{ what: serverlessProvisioned(serverlessMib), count: provisioned }];
  }
  const pools = (variant.InstancePools ?? []).map(({ InstanceType, CurrentInstanceCount = 0 }) => ({
    what: InstanceType ?? UNKNOWN_TYPE,
    count: CurrentInstanceCount,
  }));
  const ofPools = pools.filter(({ count }) => count > 0);
  if (ofPools.length > 0) return ofPools;
  const count = variant.CurrentInstanceCount ?? 0;
  return count === 0
    ? []
    : [{ what: ('InstanceType' in variant ? variant.InstanceType : undefined) ?? instanceType ?? UNKNOWN_TYPE, count }];
}

/** A config that is gone while its instances run: they are there, of a type that nobody can tell. */
async function readConfig(sagemaker: SageMakerClient, EndpointConfigName: string): Promise<Record<string, ConfigVariant>> {
  try {
    const config = await sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));
    const variants = [...(config.ProductionVariants ?? []), ...(config.ShadowProductionVariants ?? [])];
    return Object.fromEntries(variants.map((variant) => [variant.VariantName ?? '', configVariant(variant)]));
  } catch (error) {
    if (isMissing(error)) return {};
    throw error;
  }
}

function configVariant({ InstanceType, InstancePools, ServerlessConfig }: ProductionVariant): ConfigVariant {
  const instanceType = InstanceType ?? InstancePools?.[0]?.InstanceType;
  return {
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(ServerlessConfig?.MemorySizeInMB === undefined ? {} : { serverlessMib: ServerlessConfig.MemorySizeInMB }),
  };
}
