import type { KpiPolicy as CoreKpiPolicy, ReleaseSpec } from '../../core/contracts';
import { modeOfStrategyFindings } from '../../core/charter/serving-checks';
import { servingSpec } from '../../core/charter/serving-spec';
import type { ServingMode } from '../../core/contracts/serving';
import { instanceMisfit, type Takeover } from '../../core/release/strategy';
import type { BoundModel } from '../model/model-source';
import { checkedApprovals } from './checked-approvals';
import type { ModelSecret } from './model-secrets';
import type { ReleaseWorkflowProps } from './release-workflow-props';
import { freezeWindows } from './freeze-window';
import { RolloutStrategy } from './rollout-strategy';
import { servingOf } from './serving-of';

const ALPHA = 0.05;
const STRATUM_MINUTES = 5;

/** The desired release as the custom resource hands it to the workflow. */
export function desiredRelease(props: ReleaseWorkflowProps, model: BoundModel, secrets: ModelSecret[]): ReleaseSpec {
  const rollout = props.rollout ?? {};
  const holdout = rollout.holdout ?? 0.02;
  const takeover = (rollout.strategy ?? RolloutStrategy.canary())._takeover(holdout);
  checkTakeover(takeover, props);
  const serving = servingOf(props.serving);
  checkMode(takeover, serving.mode);
  const { approvals, lanes } = checkedApprovals(props);
  return {
    useCase: props.useCaseName,
    model: {
      ...(model.modelPackageArn === undefined ? {} : { modelPackageArn: model.modelPackageArn }),
      ...(model.image === undefined ? {} : { image: model.image }),
      ...(model.artefactUrl === undefined ? {} : { artefactUrl: model.artefactUrl }),
      environment: {
        ...model.environment,
        ...props.modelEnvironment,
        ...Object.fromEntries(secrets.map(({ variable, arn }) => [variable, arn])),
      },
    },
    serving: servingSpec(serving),
    behaviour: props.behaviour ?? {},
    rollout: {
      ...takeover,
      ...(rollout.keepWarmMinutes === undefined ? {} : { keepWarmMinutes: rollout.keepWarmMinutes }),
      ...(rollout.freezes === undefined ? {} : { freezes: freezeWindows(rollout.freezes) }),
      maxDurationMinutes: rollout.maxDurationMinutes ?? 1440,
      inconclusive: rollout.inconclusive ?? 'hold',
      holdout,
      rollbackAlpha: ALPHA,
      promotionAlpha: ALPHA,
      promoteEarly: rollout.promoteEarly ?? false,
      stratumMinutes: STRATUM_MINUTES,
    },
    kpis: props.kpis as CoreKpiPolicy[],
    approvals,
    ...(lanes.length === 0 ? {} : { lanes }),
    ...(model.artefactSha256 === undefined ? {} : { artefactSha256: model.artefactSha256 }),
  };
}

/** What SageMaker does within one endpoint does not go with releases on endpoints of their own. */
function checkMode({ strategy, shadow }: Takeover, mode: ServingMode): void {
  const [finding] = modeOfStrategyFindings(mode, [strategy, ...(shadow === undefined ? [] : ['shadow'])]);
  if (finding !== undefined) throw new Error(`serving.mode is ${mode}, which ${finding.message}: allowed is ${finding.allowed}.`);
}

/** What a charter would be refused for as well. */
function checkTakeover({ strategy, steps, shadow }: Takeover, { rollout, serving }: ReleaseWorkflowProps): void {
  const misfit = instanceMisfit(serving.instanceType);
  if (misfit !== undefined && (shadow !== undefined || strategy === 'blue-green')) {
    throw new Error(`serving.instanceType is ${serving.instanceType}: ${misfit}. Take another instance, or another strategy.`);
  }
  if (strategy === 'blue-green' && rollout?.keepWarmMinutes !== undefined) {
    throw new Error(
      'rollout.keepWarmMinutes does not go with RolloutStrategy.blueGreen: SageMaker ends the old fleet itself, terminationWaitMinutes after the last step.',
    );
  }
  const most = 1 - (rollout?.holdout ?? 0.02);
  const last = steps.at(-1)?.weight ?? 0;
  if (last > most + 1e-9) {
    throw new Error(`The last step's weight is ${last}: it must be at most ${most}, since the holdout stays with the baseline.`);
  }
}
