import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BadInputError } from '../../core/errors';
import type { BedrockRuntime } from '../services/bedrock-runtime';
import type { Lambda } from '../services/lambda';
import type { S3 } from '../services/s3';
import { ARM_VARIABLE, type Hold } from './containers';
import { putForeignMachines } from './foreign-machines';
import type { RehearsalJob } from './job';
import type { Laptop } from './laptop';
import { loadTraining, trainedModels, trainingRunner, type TrainedModels } from './trained-models';
import { loadFunction, loadJudge } from './user-modules';

/** What the charter takes for granted: an endpoint to adopt, and packages in the registry. */
export function prepareSageMaker({ sageMaker }: Laptop, { existingEndpoint, modelPackages, scenario }: RehearsalJob): void {
  if (existingEndpoint !== undefined) {
    if (scenario.arms.stable === undefined) {
      throw new BadInputError(`the charter adopts the endpoint ${existingEndpoint}; describe its model as the arm 'stable'`);
    }
    sageMaker.seedEndpoint({ endpointName: existingEndpoint, environment: { [ARM_VARIABLE]: 'stable' } });
  }
  for (const arn of modelPackages) sageMaker.putModelPackage({ arn, approvalStatus: 'Approved', image: 'model-package', environment: {} });
}

/** Lets the scenario's module play training jobs; what it answers finds the models that they made. */
export async function prepareTraining(
  { cloud, random, sageMaker }: Laptop,
  { directory, scenario }: RehearsalJob,
  hold: Hold,
): Promise<TrainedModels> {
  const { training: file } = scenario;
  if (file === undefined) return () => undefined;
  const module = await loadTraining(directory, file);
  sageMaker.setJobRunner('training', trainingRunner(module, { cloud, random: random.fork('training'), hold, file }));
  return trainedModels(module, sageMaker, file);
}

/** What stands outside of the stack: functions and models that judge, each a module in their place, and objects. */
export async function putStandIns(laptop: Laptop, job: RehearsalJob): Promise<void> {
  const { cloud, clock } = laptop;
  const { directory, scenario } = job;
  for (const [name, file] of Object.entries(scenario.functions)) {
    const handler = await loadFunction(directory, file, name);
    cloud.double<Lambda>('lambda').putStandIn(name, async (event) => {
      const release = clock.hold(`the function ${name} of the scenario`);
      try {
        return await handler(event);
      } finally {
        release();
      }
    });
  }
  await putJudge(laptop, job);
  putObjects(laptop, job);
  putForeignMachines(laptop, job);
}

function putObjects({ cloud }: Laptop, { directory, scenario }: RehearsalJob): void {
  for (const [url, file] of Object.entries(scenario.objects)) {
    const absolute = path.resolve(directory, file);
    if (!existsSync(absolute)) throw new BadInputError(`objects: there is no file ${file} in ${directory} for ${url}`);
    const [bucket = '', ...key] = url.slice('s3://'.length).split('/');
    cloud.double<S3>('s3').publish(bucket, key.join('/'), readFileSync(absolute));
  }
}

/** One module speaks for every foundation model. */
async function putJudge({ cloud, clock }: Laptop, { directory, scenario }: RehearsalJob): Promise<void> {
  if (scenario.judge === undefined) return;
  const judge = await loadJudge(directory, scenario.judge);
  cloud.double<BedrockRuntime>('bedrock-runtime').setJudge(async (asked) => {
    const release = clock.hold('the judge of the scenario');
    try {
      return String(await judge(asked));
    } finally {
      release();
    }
  });
}

/** Who acts for a role of the charter; an ARN stands for itself. */
export function principalFor(job: RehearsalJob, role: string): string {
  if (role.startsWith('arn:')) return role;
  const found = job.principals[role];
  if (found === undefined)
    throw new BadInputError(`no owner has the role ${role}; the charter knows ${Object.keys(job.principals).join(', ')}`);
  return found;
}
