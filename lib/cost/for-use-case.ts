/* eslint-disable awscdk/require-passing-this -- this function constructs for the construct that calls it */
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Charter } from '../../core/charter';
import type { TechnicalAlarms } from '../alarms/technical-alarms';
import type { Ledger } from '../ledger/ledger';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import type { KpiPolicy } from '../observation/kpi-policy';
import type { ReleaseWorkflow } from '../release/release-workflow';
import type { RollbackController } from '../rollback/rollback-controller';
import type { KillCriterion } from '../use-case/ai-use-case-props';
import type { ResolvedUseCase } from '../use-case/resolved-use-case';
import type { CostAction, CostBudget } from './cost-budget';
import { CostMeter } from './cost-meter';
import { tellOfCosts } from './tell-of-costs';

export interface UseCaseCostProps {
  readonly resolved: ResolvedUseCase;
  readonly ledger: Ledger;
  readonly notifications: OwnerNotifications;
  readonly rollback: RollbackController;
  readonly release: ReleaseWorkflow;
  readonly alarms: TechnicalAlarms;
  readonly kpis: KpiPolicy[];
  readonly killCriteria: KillCriterion[];
  readonly encryptionKey?: kms.IKey;
}

/** What AWS Budgets takes. */
const MOST_EMAILS = 10;

/** Every use case is metered; what its charter says of money is watched. */
export function createCostMeter(scope: Construct, { resolved, alarms, killCriteria, ...props }: UseCaseCostProps): CostMeter {
  const { charter, pricesFile } = resolved;
  const meter = new CostMeter(scope, 'Cost', {
    ...props,
    useCaseName: charter.name,
    budget: budgetOf(charter),
    criteria: killCriteria,
    pricesFile,
    existingEndpoint: charter.platform.existingEndpoint,
  });
  const isJudged = charter.budget !== undefined || killCriteria.some(({ costPerDecisionAbove }) => costPerDecisionAbove !== undefined);
  tellOfCosts(alarms, meter, isJudged);
  return meter;
}

/** As a construct of its own takes it. AWS Budgets itself writes to the process owner. */
function budgetOf({ budget, owners }: Charter): CostBudget | undefined {
  if (budget === undefined) return undefined;
  const { overrun } = budget;
  return {
    monthly: budget.monthly,
    currency: budget.currency,
    thresholds: budget.thresholds,
    forecastThresholds: budget.forecastThresholds,
    onForecastExceeded: budget.onForecastExceeded as CostAction,
    onExceeded: budget.onExceeded as CostAction,
    overrun: overrun && { hourlyAbove: overrun.hourlyAbove, forMinutes: overrun.for, action: overrun.then as CostAction },
    emails: [...new Set(owners['process']?.notify ?? [])].slice(0, MOST_EMAILS),
  };
}
