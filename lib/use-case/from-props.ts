import * as path from 'node:path';
import { charterFromProps } from '../../core/charter';
import type { CostBudget } from '../cost/cost-budget';
import { writtenDrift } from '../drift/written-drift';
import { writtenApprovals } from '../release/checked-approvals';
import { writtenServing } from '../release/written-serving';
import { writtenRetraining } from '../retraining/written-retraining';
import type { AiUseCaseProps, KillCriterion, UseCaseKpi } from './ai-use-case-props';
import { charterOrThrow, type ResolvedUseCase } from './resolved-use-case';

const minutes = (value: number | undefined): string | undefined => (value === undefined ? undefined : `${value}m`);
const days = (value: number | undefined): string | undefined => (value === undefined ? undefined : `${value}d`);

/** Typed props as the charter would write them, checked by the same rules. */
export function useCaseFromProps(props: AiUseCaseProps, origin: string): ResolvedUseCase {
  const written = withoutUndefined(charterOf(props));
  const { charter, effectless } = charterOrThrow(charterFromProps(written, origin), `The use case ${origin}`);
  return {
    charter,
    effectless,
    model: props.model,
    baseline: props.baseline,
    gates: props.gates ?? [],
    // As `writtenPath` writes them.
    fileOf: (written) => path.resolve(written),
    behaviourFiles: {},
    platform: props,
    ...(props.pricesFile === undefined ? {} : { pricesFile: props.pricesFile }),
  };
}

function charterOf(props: AiUseCaseProps): Record<string, unknown> {
  const { purpose, rollout, approvals, serving } = props;
  return {
    schema: 'sluice/v1',
    name: props.name,
    charter: {
      problem: purpose.problem,
      users: purpose.users,
      hypothesis: purpose.hypothesis,
      reviewBy: purpose.reviewBy,
      killCriteria: purpose.killCriteria?.map(killCriterion),
      risk: purpose.risk,
      data: {
        sources: purpose.data.sources,
        residency: purpose.data.residency,
        personal: purpose.data.personal,
        retention: days(purpose.data.retentionDays),
      },
    },
    owners: props.owners,
    kpis: props.kpis.map(kpi),
    baseline: props.baseline._charter,
    release: {
      model: { ...props.model._charter, environment: props.modelEnvironment, secrets: props.modelSecrets },
      registry: props.registry && { group: props.registry.group },
      behaviour: props.behaviour,
    },
    serving: writtenServing(serving),
    rollout: rollout && {
      ...rollout.strategy?._charter,
      maxDuration: minutes(rollout.maxDurationMinutes),
      inconclusive: rollout.inconclusive,
      holdout: rollout.holdout,
      promoteEarly: rollout.promoteEarly,
      freezes: rollout.freezes?.map(({ reason, weekly, from, to }) => ({ reason, weekly, from, to })),
      keepWarm: minutes(rollout.keepWarmMinutes),
    },
    gates: props.gates?.map(({ _charter }) => _charter),
    approvals: approvals && writtenApprovals(approvals),
    lanes: props.lanes,
    budget: props.budget && budget(props.budget),
    drift: props.drift && writtenDrift(props.drift),
    retraining: props.retraining && writtenRetraining(props.retraining),
    tags: props.tags,
    platform: {
      permissionsBoundary: props.permissionsBoundaryArn,
      existingEndpoint: props.existingEndpoint,
      prices: props.pricesFile && path.basename(props.pricesFile),
      chatWebhook: props.chatWebhookSecretName,
      vpc: props.network && { subnets: props.network.subnetIds, securityGroups: props.network.securityGroupIds },
    },
  };
}

const budget = ({ monthly, currency, overrun, ...rest }: CostBudget): Record<string, unknown> => ({
  monthly,
  currency: currency ?? 'USD',
  thresholds: rest.thresholds,
  forecastThresholds: rest.forecastThresholds,
  onForecastExceeded: rest.onForecastExceeded,
  onExceeded: rest.onExceeded,
  overrun: overrun && { hourlyAbove: overrun.hourlyAbove, for: minutes(overrun.forMinutes), then: overrun.action },
});

const kpi = ({ type, windowMinutes, aboveMillis, typical, ...rest }: UseCaseKpi): Record<string, unknown> => ({
  ...rest,
  type: type ?? 'binary',
  window: minutes(windowMinutes),
  above: aboveMillis,
  typical: typical && { mean: typical.mean, deviation: typical.standardDeviation },
});

const killCriterion = (criterion: KillCriterion): Record<string, unknown> => ({
  kpi: criterion.kpi,
  noBetterThanBaselineAfter: days(criterion.noBetterThanBaselineAfterDays),
  costPerDecisionAbove: criterion.costPerDecisionAbove,
  for: days(criterion.forDays),
});

/** What was left out is no key: unknown and missing are told apart. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutUndefined(item)]));
}
