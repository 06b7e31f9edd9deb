import type { KpiPolicy as CoreKpiPolicy, ReleaseSpec } from '../../core/contracts';
import type { BoundModel } from '../model/model-source';
import { RolloutStrategy } from './release-policy';
import type { ReleaseWorkflowProps } from './release-workflow-props';

const ALPHA = 0.05;
const STRATUM_MINUTES = 5;
const DEFAULT_STEPS = [0.05, 0.25, 0.5].map((weight) => ({ weight, bakeMinutes: 30 }));

/** The desired release as the custom resource hands it to the workflow. */
export function desiredRelease(props: ReleaseWorkflowProps, model: BoundModel): ReleaseSpec {
  const rollout = props.rollout ?? {};
  const strategy = rollout.strategy ?? RolloutStrategy.CANARY;
  return {
    useCase: props.useCaseName,
    model: {
      ...(model.modelPackageArn === undefined ? {} : { modelPackageArn: model.modelPackageArn }),
      ...(model.image === undefined ? {} : { image: model.image }),
      ...(model.artefactUrl === undefined ? {} : { artefactUrl: model.artefactUrl }),
      environment: { ...model.environment, ...props.modelEnvironment },
    },
    serving: {
      mode: 'real-time',
      instanceType: props.serving.instanceType,
      minInstances: props.serving.minInstances ?? 1,
      maxInstances: props.serving.maxInstances ?? props.serving.minInstances ?? 1,
    },
    behaviour: props.behaviour ?? {},
    rollout: {
      strategy,
      steps: strategy === RolloutStrategy.CANARY ? (rollout.steps ?? DEFAULT_STEPS) : [],
      maxDurationMinutes: rollout.maxDurationMinutes ?? 1440,
      inconclusive: rollout.inconclusive ?? 'hold',
      holdout: rollout.holdout ?? 0.02,
      rollbackAlpha: ALPHA,
      promotionAlpha: ALPHA,
      promoteEarly: rollout.promoteEarly ?? false,
      stratumMinutes: STRATUM_MINUTES,
    },
    kpis: props.kpis as CoreKpiPolicy[],
    approvals: {
      requiredRoles: props.approvals?.requiredRoles ?? [],
      deadlineMinutes: props.approvals?.deadlineMinutes ?? 2880,
      onDeadline: props.approvals?.onDeadline ?? 'reject',
    },
  };
}
