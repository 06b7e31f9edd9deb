import { readFileSync } from 'node:fs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { CostCriterion } from '../../core/contracts/cost';
import type { Ledger } from '../ledger/ledger';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import type { KpiPolicy } from '../observation/kpi-policy';
import type { ReleaseWorkflow } from '../release/release-workflow';
import type { RollbackController } from '../rollback/rollback-controller';
import type { KillCriterion } from '../use-case/ai-use-case-props';
import type { CostBudget } from './cost-budget';

/** What a cost meter counts, and what that may cost. */
export interface CostMeterProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where it is read what runs, and kept what it cost. */
  readonly ledger: Ledger;

  /** Who is told. */
  readonly notifications: OwnerNotifications;

  /**
   * What is asked for the kill switch.
   *
   * @default - none: no action may be CostAction.KILL
   */
  readonly rollback?: RollbackController;

  /**
   * The workflow of releases: those that an order bars are woken when it is lifted.
   *
   * @default - none is woken: they ask again by themselves, in at most 12 hours
   */
  readonly release?: ReleaseWorkflow;

  /**
   * What the use case may cost.
   *
   * @default - it is metered, and nothing is judged
   */
  readonly budget?: CostBudget;

  /**
   * The kill criteria of the charter: those about the cost of a decision are told.
   *
   * @default - none
   */
  readonly criteria?: KillCriterion[];

  /**
   * The KPIs: the goal with the largest weight that says of a unit whether it went well gives the cost of a good outcome.
   *
   * @default - the cost of a good outcome is not published
   */
  readonly kpis?: KpiPolicy[];

  /**
   * Path of a JSON file with prices of your own, laid over the built-in ones: `{ currency, asOf, regions: { REGION: { instances: { TYPE:
   * price per hour } } } }`.
   *
   * @default - the built-in prices, in USD
   */
  readonly pricesFile?: string;

  /**
   * The endpoint, where it was found and not made.
   *
   * @default - the endpoints that releases make
   */
  readonly existingEndpoint?: string;

  /**
   * Key that encrypts the handler's environment and the topic of AWS Budgets.
   *
   * @default - keys managed by AWS; the topic is not encrypted at rest
   */
  readonly encryptionKey?: kms.IKey;
}

/** @internal As the handler reads them; criteria by KPI are the holdout's. */
export const criteriaOf = (criteria: KillCriterion[]): CostCriterion[] =>
  criteria.flatMap(({ costPerDecisionAbove, forDays }) =>
    costPerDecisionAbove === undefined || forDays === undefined ? [] : [{ costPerDecisionAbove, forMinutes: Math.round(forDays * 1440) }],
  );

/** @internal */
export function priceFileOf({ pricesFile }: CostMeterProps): { path: string; text: string } | undefined {
  return pricesFile === undefined ? undefined : { path: pricesFile, text: readFileSync(pricesFile, 'utf8') };
}
