import { AwsError, UnsupportedError } from '../../cloud/types';
import type { CreatedResource, Members, PolicyStatement, ResourceContext, ResourceType } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { functionProblems, readConfiguration } from './configuration';
import { mappingType } from './event-sources';
import { defaultEventInvoke } from './function';
import type { FunctionUrl, LambdaFunction } from './function';
import { functionName, qualifiedArn } from './lambda';
import type { Lambda } from './lambda';
import { layerPermissionType, layerType } from './layers';

const lambdaOf = (context: ResourceContext): Lambda => context.cloud.double<Lambda>('lambda');

const functionType: ResourceType = {
  type: 'AWS::Lambda::Function',
  create: (properties, context) => {
    const name = (properties['FunctionName'] as string | undefined) ?? context.physicalName(64);
    const arn = context.cloud.arn('lambda', `function:${name}`);
    if (lambdaOf(context).hasFunction(name)) throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409);
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
  refuse: functionProblems,
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

const urlSettings = (properties: Members): Pick<FunctionUrl, 'authType' | 'invokeMode' | 'cors'> => ({
  authType: properties['AuthType'] as FunctionUrl['authType'],
  invokeMode: (properties['InvokeMode'] ?? 'BUFFERED') as FunctionUrl['invokeMode'],
  cors: properties['Cors'] as FunctionUrl['cors'],
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
    Resource: qualifiedArn(properties, lambda.function(properties['FunctionName'] as string).arn),
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

function unsupported(context: ResourceContext, what: string): UnsupportedError {
  return new UnsupportedError(`${context.constructPath || context.logicalId}: ${what} is not supported in a rehearsal.`);
}
