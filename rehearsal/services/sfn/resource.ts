import { readFileSync } from 'node:fs';
import {
  AwsError,
  UnsupportedError,
  type CreatedResource,
  type Members,
  type RefusalContext,
  type ResourceContext,
  type ResourceType,
} from '../../cloud/types';
import type { MachineType } from './definition';
import { supportsOf, type StepFunctions } from './double';
import { parseDefinition, UnsupportedDefinition } from './validate';

/** Kept by AWS beside what runs: they change nothing in a rehearsal. */
const PASSIVE = ['EncryptionConfiguration', 'LoggingConfiguration', 'TracingConfiguration', 'Tags'];
const ACTIVE = [
  'StateMachineName',
  'StateMachineType',
  'RoleArn',
  'Definition',
  'DefinitionString',
  'DefinitionS3Location',
  'DefinitionSubstitutions',
];

function definitionText(properties: Members, context: RefusalContext): string {
  if (properties.DefinitionString !== undefined) return properties.DefinitionString as string;
  if (properties.Definition !== undefined) return JSON.stringify(properties.Definition);
  const location = properties.DefinitionS3Location as { Bucket: string; Key: string } | undefined;
  if (location === undefined)
    throw new Error(`${context.logicalId}: a state machine needs DefinitionString, Definition or DefinitionS3Location`);
  const path = context.assetPath(location.Bucket, location.Key);
  if (path === undefined)
    throw new UnsupportedError(
      `${context.logicalId}: its definition s3://${location.Bucket}/${location.Key} is not an asset of this assembly`,
    );
  if (/\.ya?ml$/.test(location.Key))
    throw new UnsupportedError(
      `${context.logicalId}: its definition s3://${location.Bucket}/${location.Key} is in YAML; JSON is supported`,
    );
  return readFileSync(path, 'utf8');
}

function substituted(text: string, substitutions: Record<string, unknown>): string {
  return text.replace(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) => {
    const value = substitutions[name];
    return value === undefined ? whole : String(value);
  });
}

function definitionOf(properties: Members, context: RefusalContext): string {
  const substitutions = (properties.DefinitionSubstitutions as Record<string, unknown> | undefined) ?? {};
  return substituted(definitionText(properties, context), substitutions);
}

function typeOf(properties: Members): MachineType {
  return properties.StateMachineType === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
}

function unknownProperties(properties: Members): string[] {
  return Object.keys(properties).filter((property) => !ACTIVE.includes(property) && !PASSIVE.includes(property));
}

/** Before anything is made, functions and activities have ARNs without their kind. */
function withKinds(text: string): string {
  return text
    .replace(/(arn:[^:"]+:lambda:[^:"]*:[^:"]*:)(?=[A-Za-z0-9]+")/g, '$1function:')
    .replace(/(arn:[^:"]+:states:[^:"]+:[^:"]+:)(?=[A-Za-z0-9]+")/g, '$1activity:');
}

function refusals(properties: Members, context: RefusalContext): string[] {
  const found = unknownProperties(properties).map((property) => `property ${property}`);
  try {
    parseDefinition(withKinds(definitionOf(properties, context)), supportsOf(context.cloud), typeOf(properties));
  } catch (problem) {
    if (problem instanceof UnsupportedDefinition) found.push(...problem.lacking);
    else if (problem instanceof UnsupportedError) found.push(problem.message);
    // What AWS refuses as well fails when it is deployed, as there.
    else if (!(problem instanceof AwsError)) throw problem;
  }
  return found;
}

function put(properties: Members, name: string, context: ResourceContext): CreatedResource {
  for (const property of unknownProperties(properties))
    throw new UnsupportedError(
      `${context.constructPath}: property ${property} of AWS::StepFunctions::StateMachine is not supported by the rehearsal`,
    );
  const sfn = context.cloud.double<StepFunctions>('sfn');
  const machine = sfn.putStateMachine(name, definitionOf(properties, context), properties.RoleArn as string, typeOf(properties));
  return { ref: machine.arn, attributes: { Arn: machine.arn, Name: machine.name, StateMachineRevisionId: 'INITIAL' } };
}

export const stateMachineResource: ResourceType = {
  type: 'AWS::StepFunctions::StateMachine',
  refuse: refusals,
  create: (properties, context) =>
    put(properties, (properties.StateMachineName as string | undefined) ?? context.physicalName(80), context),
  update: (properties, previous, created, context) => {
    if (properties.StateMachineName !== previous.StateMachineName || typeOf(properties) !== typeOf(previous))
      throw new UnsupportedError(
        `${context.constructPath}: replacing a state machine by another name or type is not supported by the rehearsal`,
      );
    return put(properties, created.attributes.Name as string, context);
  },
  remove: (created, _properties, context) => context.cloud.double<StepFunctions>('sfn').removeStateMachine(created.ref),
};
