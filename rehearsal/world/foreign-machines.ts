import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BadInputError } from '../../core/errors';
import { AwsError, type PolicyDocument } from '../cloud/types';
import type { StepFunctions } from '../services/sfn';
import type { RehearsalJob } from './job';
import type { Laptop } from './laptop';

const ROLE_NAME = 'of-another-team';
const ROLE_ARN = /arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+/g;
const EVERYTHING: PolicyDocument = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
const SERVICES = ['states.amazonaws.com', 'sagemaker.amazonaws.com'];

/** State machines and pipelines that no stack holds. What their roles may do is no part of the rehearsal: everything. */
export function putForeignMachines(laptop: Laptop, { directory, scenario }: RehearsalJob): void {
  const { cloud, sageMaker } = laptop;
  const roleArn = `arn:${cloud.partition}:iam::${cloud.accountId}:role/${ROLE_NAME}`;
  const put = (key: 'stateMachines' | 'pipelines', take: (name: string, definition: string) => void): void => {
    for (const [name, file] of Object.entries(scenario[key])) {
      const definition = definitionIn(directory, file, `${key}.${name}`);
      for (const arn of [roleArn, ...(definition.match(ROLE_ARN) ?? [])]) putRole(laptop, arn);
      taken(() => take(name, definition), `${key}.${name}: ${file}`);
    }
  };
  put('stateMachines', (name, definition) => cloud.double<StepFunctions>('sfn').putStateMachine(name, definition, roleArn));
  put('pipelines', (name, definition) => sageMaker.putPipeline(name, definition, roleArn));
}

function definitionIn(directory: string, file: string, where: string): string {
  const absolute = path.resolve(directory, file);
  if (!existsSync(absolute)) throw new BadInputError(`${where}: there is no file ${file} in ${directory}`);
  return readFileSync(absolute, 'utf8');
}

function putRole({ cloud }: Laptop, arn: string): void {
  if (cloud.iam.hasRole(arn)) return;
  const name = arn.split('/').at(-1)!;
  cloud.iam.putRole({
    arn,
    name,
    trust: { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: SERVICES } } },
  });
  cloud.iam.putRolePolicy(arn, 'everything', EVERYTHING);
}

function taken(take: () => void, where: string): void {
  try {
    take();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new BadInputError(`${where} is no definition that AWS takes: ${error.message}`);
  }
}
