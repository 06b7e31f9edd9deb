import { AwsError, UnsupportedError } from '../../cloud/types';
import type { CreatedResource, Members, PolicyStatement, RefusalContext, ResourceContext, ResourceType } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { codeOf } from './code';
import { mappingType } from './event-sources';
import { defaultEventInvoke } from './function';
import type { FunctionConfiguration, FunctionUrl, LambdaFunction } from './function';
import { functionName } from './lambda';
import type { Lambda } from './lambda';
import { missingPackages } from './packages';

const lambdaOf = (context: ResourceContext): Lambda => context.cloud.double<Lambda>('lambda');

/** Properties that change how code runs, and that the rehearsal does not have. */
const refusedProperties = ['FileSystemConfigs', 'ImageConfig', 'CapacityProviderConfig', 'DurableConfig', 'TenancyConfig'];

const functionType: ResourceType = {
  type: 'AWS::Lambda::Function',
  create: (properties, context) => {
    const name = (properties['FunctionName'] as string | undefined) ?? context.physicalName(64);
    const arn = context.cloud.arn('lambda', `function:${name}`);
    const created: LambdaFunction = {
      name,
      arn,
      constructPath: context.constructPath.replace(/\/Resource$/, ''),
      configuration: readConfiguration(properties, name, context),
      generation: 1,
      reservedConcurrency: properties['ReservedConcurrentExecutions'] as number | undefined,
      eventInvoke: defaultEventInvoke,
      policy: new Map(),
      url: undefined,
      running: 0,
      environments: 0,
      requests: 0,
    };
    checkTrust(created, context);
    lambdaOf(context).putFunction(created);
    return { ref: name, attributes: { Arn: arn } };
  },
  update: (properties, previous, created, context) => {
    if (properties['FunctionName'] !== previous['FunctionName']) throw unsupported(context, 'a changed FunctionName');
    const owner = lambdaOf(context).function(created.ref);
    owner.configuration = readConfiguration(properties, owner.name, context);
    owner.reservedConcurrency = properties['ReservedConcurrentExecutions'] as number | undefined;
    lambdaOf(context).functionChanged(owner);
    return created;
  },
  remove: (created, _properties, context) => lambdaOf(context).removeFunction(created.ref),
  refuse: (properties, context) => {
    const lambda = context.cloud.double<Lambda>('lambda');
    if (lambda.standInFor(properties['FunctionName'] as string | undefined, context.constructPath) !== undefined) return [];
    const { directory, problems } = runnable(properties, context);
    if (problems.length > 0 || hasContent(properties['Layers'])) return problems;
    return missingPackages(directory, [], projectOf(context)).map(
      (name) => `the package ${name}, neither in the function's code nor in the project (npm i -D ${name})`,
    );
  },
};

const layerType: ResourceType = {
  type: 'AWS::Lambda::LayerVersion',
  create: (properties, context) => {
    const name = (properties['LayerName'] as string | undefined) ?? context.physicalName(140);
    let version = 1;
    while (lambdaOf(context).layer(context.cloud.arn('lambda', `layer:${name}:${version}`)) !== undefined) version += 1;
    const arn = context.cloud.arn('lambda', `layer:${name}:${version}`);
    lambdaOf(context).putLayer(arn, codeOf(properties['Content'], context));
    return { ref: arn, attributes: { LayerVersionArn: arn } };
  },
  replacedOnChange: true,
  update: (_properties, _previous, created) => created,
  remove: (created, _properties, context) => lambdaOf(context).putLayer(created.ref, undefined),
};

/** Layers are shared within the account alone: whom else they are shared with changes nothing. */
const layerPermissionType: ResourceType = {
  type: 'AWS::Lambda::LayerVersionPermission',
  create: (_properties, context) => ({ ref: context.physicalName(100), attributes: {} }),
  update: (_properties, _previous, created) => created,
  remove: () => undefined,
};

const permissionType: ResourceType = {
  type: 'AWS::Lambda::Permission',
  create: (properties, context) => {
    lambdaOf(context)
      .function(properties['FunctionName'] as string)
      .policy.set(context.logicalId, readPermission(properties, context));
    return { ref: context.logicalId, attributes: { Id: context.logicalId } };
  },
  update: (properties, previous, created, context) => {
    permissionType.remove(created, previous, context);
    return permissionType.create(properties, context);
  },
  remove: (created, properties, context) => {
    const owner = lambdaOf(context)
      .functions()
      .find((candidate) => candidate.name === functionName(properties['FunctionName'] as string));
    owner?.policy.delete(created.ref);
  },
};

const urlType: ResourceType = {
  type: 'AWS::Lambda::Url',
  create: (properties, context) => {
    const owner = lambdaOf(context).function(properties['TargetFunctionArn'] as string);
    const id = Buffer.from(context.cloud.random.fork(`function url ${owner.name}`).bytes(16)).toString('hex');
    const url = `https://${id}.lambda-url.${context.cloud.region}.on.aws/`;
    owner.url = { id, url, ...urlSettings(properties) };
    return { ref: owner.arn, attributes: { FunctionUrl: url, FunctionArn: owner.arn } };
  },
  update: (properties, _previous, created, context) => {
    const owner = lambdaOf(context).function(created.ref);
    if (owner.url !== undefined) owner.url = { ...owner.url, ...urlSettings(properties) };
    return created;
  },
  remove: (created, _properties, context) => {
    const owner = lambdaOf(context)
      .functions()
      .find((candidate) => candidate.arn === created.ref);
    if (owner !== undefined) owner.url = undefined;
  },
};

const urlSettings = (properties: Members): Pick<FunctionUrl, 'authType' | 'invokeMode'> => ({
  authType: properties['AuthType'] as FunctionUrl['authType'],
  invokeMode: (properties['InvokeMode'] ?? 'BUFFERED') as FunctionUrl['invokeMode'],
});

const eventInvokeType: ResourceType = {
  type: 'AWS::Lambda::EventInvokeConfig',
  create: (properties, context) => {
    const owner = lambdaOf(context).function(properties['FunctionName'] as string);
    const destinations = (properties['DestinationConfig'] ?? {}) as {
      OnSuccess?: { Destination: string };
      OnFailure?: { Destination: string };
    };
    owner.eventInvoke = {
      maximumRetryAttempts: (properties['MaximumRetryAttempts'] as number | undefined) ?? defaultEventInvoke.maximumRetryAttempts,
      maximumEventAgeSeconds: (properties['MaximumEventAgeInSeconds'] as number | undefined) ?? defaultEventInvoke.maximumEventAgeSeconds,
      onSuccessArn: destinations.OnSuccess?.Destination,
      onFailureArn: destinations.OnFailure?.Destination,
    };
    return { ref: context.logicalId, attributes: {} };
  },
  update: (properties, _previous, created, context) => {
    eventInvokeType.create(properties, context) as CreatedResource;
    return created;
  },
  remove: (_created, properties, context) => {
    const owner = lambdaOf(context)
      .functions()
      .find((candidate) => candidate.name === functionName(properties['FunctionName'] as string));
    if (owner !== undefined) owner.eventInvoke = defaultEventInvoke;
  },
};

/** Versions and aliases name the one code that the rehearsal keeps. */
const versionType: ResourceType = {
  type: 'AWS::Lambda::Version',
  create: (properties, context) => {
    const owner = lambdaOf(context).function(properties['FunctionName'] as string);
    return { ref: `${owner.arn}:1`, attributes: { Version: '1', FunctionArn: `${owner.arn}:1` } };
  },
  remove: () => undefined,
};

const aliasType: ResourceType = {
  type: 'AWS::Lambda::Alias',
  create: (properties, context) => {
    if (properties['RoutingConfig'] !== undefined) throw unsupported(context, 'RoutingConfig');
    const owner = lambdaOf(context).function(properties['FunctionName'] as string);
    const arn = `${owner.arn}:${properties['Name'] as string}`;
    return { ref: arn, attributes: { AliasArn: arn } };
  },
  update: (properties, _previous, created, context) => {
    if (properties['RoutingConfig'] !== undefined) throw unsupported(context, 'RoutingConfig');
    return created;
  },
  remove: () => undefined,
  refuse: (properties) => (properties['RoutingConfig'] === undefined ? [] : ['the RoutingConfig of an alias']),
};

export const lambdaResources: ResourceType[] = [
  functionType,
  permissionType,
  urlType,
  mappingType,
  eventInvokeType,
  layerType,
  layerPermissionType,
  versionType,
  aliasType,
];

function readConfiguration(properties: Members, name: string, context: ResourceContext): FunctionConfiguration {
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
    const layer = lambda.layer(arn);
    // Before it is deployed a layer of the assembly has no ARN yet; its own resource is assessed for itself.
    if (layer === undefined && arn.includes(':layer:')) problems.push(`the layer ${arn}, which no stack holds`);
    else if (layer !== undefined && 'problem' in layer) problems.push(`a layer of ${layer.problem}`);
    else if (layer !== undefined) layers.push(layer.directory);
  }
  return { directory: 'directory' in code ? code.directory : '', layers, problems };
}

function readPermission(properties: Members, context: ResourceContext): PolicyStatement {
  const lambda = lambdaOf(context);
  const principal = properties['Principal'] as string;
  const isService = principal.endsWith('.amazonaws.com');
  const condition: Record<string, Record<string, string>> = {};
  const add = (operator: string, key: string, value: unknown): void => {
    if (value !== undefined) (condition[operator] ??= {})[key] = String(value);
  };
  add('ArnLike', 'AWS:SourceArn', properties['SourceArn']);
  add('StringEquals', 'AWS:SourceAccount', properties['SourceAccount']);
  add('StringEquals', 'aws:PrincipalOrgID', properties['PrincipalOrgID']);
  add('StringEquals', 'lambda:FunctionUrlAuthType', properties['FunctionUrlAuthType']);
  add('Bool', 'lambda:InvokedViaFunctionUrl', properties['InvokedViaFunctionUrl']);
  const account = /^\d{12}$/.test(principal) ? `arn:${context.cloud.partition}:iam::${principal}:root` : principal;
  return {
    Effect: 'Allow',
    Action: properties['Action'] as string,
    Resource: lambda.function(properties['FunctionName'] as string).arn,
    Principal: principal === '*' ? '*' : isService ? { Service: principal } : { AWS: account },
    Condition: condition,
  };
}

function checkTrust(owner: LambdaFunction, context: ResourceContext): void {
  const { iam } = context.cloud as LaptopCloud;
  try {
    iam.authoriseAssume(owner.configuration.roleArn, 'lambda.amazonaws.com', owner.arn);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(
      'InvalidParameterValueException',
      `The role defined for the function cannot be assumed by Lambda. (${error.message})`,
    );
  }
}

function hasContent(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return Array.isArray(value) ? value.length > 0 : true;
}

function unsupported(context: ResourceContext, what: string): UnsupportedError {
  return new UnsupportedError(`${context.constructPath || context.logicalId}: ${what} is not supported in a rehearsal.`);
}
