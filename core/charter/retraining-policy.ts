import type { RetrainingPolicy, TrainingPolicy } from '../contracts/retraining';
import { watchesDrift } from './drift-policy';
import type { Charter } from './schema';
import type { RetrainingSection } from './sections/retraining';

/** A container as SageMaker is told of it: its image depends on the region. */
export interface ServedModel {
  image: string;
  environment: Record<string, string>;
}

/** It learns from what is captured. */
export const retrains = (charter: Pick<Charter, 'drift' | 'serving' | 'retraining'>): boolean =>
  charter.retraining !== undefined && watchesDrift(charter);

/** The charter's section as the handlers read it; undefined: nothing is retrained. `containerOf` resolves `scikit-learn:VERSION`. */
export function retrainingPolicyOf(charter: Charter, containerOf: (container: string) => ServedModel): RetrainingPolicy | undefined {
  const { retraining, drift } = charter;
  const group = charter.release.registry?.group;
  if (retraining === undefined || drift === undefined || group === undefined || !retrains(charter)) return undefined;
  const { on, coolDown, mostRunsPerMonth, monthlyBudget, data, evaluation, approval } = retraining;
  const { since, minimumRows, evaluationShare } = data;
  return {
    on: { drift: on.drift, kpi: on.kpi, ...(on.schedule === undefined ? {} : { schedule: on.schedule }) },
    coolDownMinutes: coolDown,
    mostRunsPerMonth,
    ...(monthlyBudget === undefined ? {} : { monthlyBudget }),
    data: { sinceDays: since, minimumRows, evaluationShare },
    training: trainingOf(retraining.training, containerOf),
    evaluation: {
      metric: evaluation.metric ?? (drift.truth?.kind === 'regression' ? 'mae' : 'accuracy'),
      notWorseBy: evaluation.notWorseBy,
      instanceType: evaluation.instance,
    },
    ...(approval === undefined ? {} : { approval }),
    group,
    inference: inferenceOf(charter, retraining.inference, containerOf),
  };
}

const INSTANCE = 'ml.m5.xlarge';
const VOLUME_GB = 30;

function trainingOf(given: RetrainingSection['training'], containerOf: (container: string) => ServedModel): TrainingPolicy {
  const { image, container, pipeline, stateMachine, maxRuntime: maxRuntimeMinutes } = given;
  if (pipeline !== undefined) return { kind: 'pipeline', pipelineName: pipeline, maxRuntimeMinutes };
  if (stateMachine !== undefined) return { kind: 'state-machine', stateMachineArn: stateMachine, maxRuntimeMinutes };
  const used = image ?? (container === undefined ? undefined : containerOf(container).image);
  if (used === undefined) throw new Error('retraining.training says nothing that trains');
  return {
    kind: 'job',
    image: used,
    instanceType: given.instance ?? INSTANCE,
    instanceCount: given.instances ?? 1,
    volumeGb: given.volumeGb ?? VOLUME_GB,
    hyperParameters: given.hyperParameters ?? {},
    maxRuntimeMinutes,
  };
}

/** What the section leaves out is as in `release.model`. */
function inferenceOf(
  { release: { model }, drift }: Charter,
  given: RetrainingSection['inference'],
  containerOf: (container: string) => ServedModel,
): RetrainingPolicy['inference'] {
  const own = given.image !== undefined || given.container !== undefined;
  const { image, container } = own ? given : model;
  const base = image !== undefined ? { image, environment: {} } : container !== undefined ? containerOf(container) : undefined;
  if (base === undefined) throw new Error('retraining.inference names no image, and release.model has none');
  return {
    image: base.image,
    environment: { ...base.environment, ...(own ? {} : model.environment), ...given.environment },
    contentType: given.contentType ?? (drift?.csv?.input === undefined ? 'application/json' : 'text/csv'),
  };
}
