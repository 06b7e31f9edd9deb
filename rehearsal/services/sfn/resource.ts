import { readFileSync } from 'node:fs';
import { UnsupportedError, type CreatedResource, type Members, type ResourceContext, type ResourceType } from '../../cloud/types';
import type { StepFunctions } from './double';

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

function definitionText(properties: Members, context: ResourceContext): string {
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
  return readFileSync(path, 'utf8');
}

function substituted(text: string, substitutions: Record<string, unknown>): string {
  return text.replace(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) => {
    const value = substitutions[name];
    return value === undefined ? whole : String(value);
  });
}

function put(properties: Members, name: string, context: ResourceContext): CreatedResource {
  for (const property of Object.keys(properties))
    if (!ACTIVE.includes(property) && !PASSIVE.includes(property))
      throw new UnsupportedError(
        `${context.constructPath}: property ${property} of AWS::StepFunctions::StateMachine is not supported by the rehearsal`,
      );
  if ((properties.StateMachineType ?? 'STANDARD') !== 'STANDARD')
    throw new UnsupportedError(
      `${context.constructPath}: a state machine of type ${String(properties.StateMachineType)} is not supported by the rehearsal; STANDARD is`,
    );
  const text = substituted(
    definitionText(properties, context),
    (properties.DefinitionSubstitutions as Record<string, unknown> | undefined) ?? {},
  );
  const machine = context.cloud.double<StepFunctions>('sfn').putStateMachine(name, text, properties.RoleArn as string);
  return { ref: machine.arn, attributes: { Arn: machine.arn, Name: machine.name, StateMachineRevisionId: 'INITIAL' } };
}

export const stateMachineResource: ResourceType = {
  type: 'AWS::StepFunctions::StateMachine',
  create: (properties, context) =>
    put(properties, (properties.StateMachineName as string | undefined) ?? context.physicalName(80), context),
  update: (properties, previous, created, context) => {
    if (properties.StateMachineName !== previous.StateMachineName)
      throw new UnsupportedError(`${context.constructPath}: replacing a state machine by renaming it is not supported by the rehearsal`);
    return put(properties, created.attributes.Name as string, context);
  },
  remove: (created, _properties, context) => context.cloud.double<StepFunctions>('sfn').removeStateMachine(created.ref),
};
