import { evaluationJob, evaluationModel, placesOf, type StoredRetraining, uriOf } from '../../core/retraining';
import { instanceFacts } from '../../core/instances';
import { OF_THE_CONTAINER } from '../../core/release/desire';
import { readRelease } from '../shared/releases';
import { placeOf } from '../shared/drift-policy';
import { allListed, copyObject, exists } from './data-files';
import type { WorkflowParts } from './parts';
import { existingRun, updateOpenRun } from './store';

export interface Prepared {
  createModel: Record<string, unknown>;
  transformJob: Record<string, unknown>;
}

/** Training left no model, or left it elsewhere. */
class NoModel extends Error {
  override readonly name = 'NoModel';
}

/** Looks at what training left, and plans how it is evaluated: as it would be served, with stable's behaviour. */
export async function prepare(parts: WorkflowParts, runId: string, name: string, given: string | undefined): Promise<Prepared> {
  const run = await existingRun(parts.ledger, runId);
  const modelDataUrl = await modelOf(parts, run, given);
  await updateOpenRun(parts.ledger, runId, { status: 'evaluating', modelDataUrl, modelName: name });
  const { settings, driftBucket, roleArn, tags, vpcConfig, kmsKeyArn } = parts;
  const places = placesOf(runId);
  const all = { ...tags, 'sluice:use-case': parts.useCase, 'sluice:stack': parts.prefix, 'sluice:retraining-run': runId };
  const call = {
    useCase: parts.useCase,
    roleArn,
    tags: Object.entries(all).map(([Key, Value]) => ({ Key, Value })),
    ...(vpcConfig === undefined ? {} : { vpcConfig }),
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
  };
  const { image, contentType } = settings.inference;
  const { instanceType } = settings.evaluation;
  return {
    createModel: evaluationModel(call, { modelName: name, modelDataUrl, image, environment: await environmentOf(parts, run) }),
    transformJob: evaluationJob(call, {
      modelName: name,
      requestsUri: uriOf(driftBucket, places.requests),
      answersUri: uriOf(driftBucket, places.answers),
      contentType,
      instanceType,
      takesKey: instanceFacts(instanceType)?.localDisk !== true,
    }),
  };
}

/** What training left is copied to where nothing that trains may write: what is evaluated is what is released. */
async function modelOf(parts: WorkflowParts, { id }: StoredRetraining, given: string | undefined): Promise<string> {
  const { s3, driftBucket } = parts;
  const { model, output } = placesOf(id);
  const left = await leftBehind(parts, output, given);
  await copyObject(s3, driftBucket, left, model);
  return uriOf(driftBucket, model);
}

async function leftBehind({ s3, driftBucket }: WorkflowParts, output: string, given: string | undefined): Promise<string> {
  const folder = `${output}/`;
  if (given !== undefined) {
    const { bucket, key } = placeOf(given);
    if (bucket !== driftBucket || !key.startsWith(folder)) {
      throw new NoModel(`training left its model at ${given}: it must lie below ${uriOf(driftBucket, folder)}, where it was told to`);
    }
    if (!(await exists(s3, bucket, key))) throw new NoModel(`training says that its model is ${given}, and nothing is there`);
    return key;
  }
  const found = (await allListed(s3, driftBucket, folder)).filter((key) => key.endsWith('model.tar.gz'));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new NoModel(`training left ${found.length} files model.tar.gz below ${uriOf(driftBucket, folder)}: exactly one is needed`);
}

/** What the container of a release gets: the evaluation differs from serving in nothing but the place. */
async function environmentOf({ ledger, settings }: WorkflowParts, { parentReleaseId }: StoredRetraining): Promise<Record<string, string>> {
  const parent = await readRelease(ledger, parentReleaseId);
  const behaviour: Record<string, string> = parent === undefined ? {} : { SLUICE_BEHAVIOUR: JSON.stringify(parent.spec.behaviour) };
  // As a release of a package of the registry is told: nothing of another container's artefact.
  const served = Object.entries(parent?.spec.model.environment ?? {}).filter(([name]) => !OF_THE_CONTAINER.has(name));
  return { ...settings.inference.environment, ...Object.fromEntries(served), ...behaviour };
}
