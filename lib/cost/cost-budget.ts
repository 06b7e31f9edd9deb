/** What happens when a use case costs too much: each does what the one before it does, and more. */
export enum CostAction {
  /** Owners are told. */
  NOTIFY = 'notify',

  /** No release begins. */
  BLOCK_RELEASES = 'block-releases',

  /** The endpoint goes to its smallest. */
  SCALE_IN = 'scale-in',

  /** The endpoint is off outside its hours. */
  OFF_HOURS = 'off-hours',

  /** The kill switch goes on: the baseline answers. */
  KILL = 'kill',
}

/** A rate of spending that is too high, long before the month is over. */
export interface CostOverrun {
  /** More than this in an hour, in the budget's currency, is too much. */
  readonly hourlyAbove: number;

  /**
   * For so many minutes without a break.
   *
   * @default 15
   */
  readonly forMinutes?: number;

  /**
   * What happens then.
   *
   * @default CostAction.NOTIFY
   */
  readonly action?: CostAction;
}

/** What a use case may cost in a calendar month (UTC), and what happens when that is not enough. */
export interface CostBudget {
  /** Amount in a month, above 0. */
  readonly monthly: number;

  /**
   * Currency, as the prices have it. An AWS budget is made for USD alone: that is what AWS Budgets counts in.
   *
   * @default 'USD'
   */
  readonly currency?: string;

  /**
   * Shares of the amount at which owners are told what was spent; at most five, above 0.
   *
   * @default - 0.5, 0.8 and 1
   */
  readonly thresholds?: number[];

  /**
   * Shares of the amount at which owners are told what is expected to be spent; at most five, above 0.
   *
   * @default - 1
   */
  readonly forecastThresholds?: number[];

  /**
   * What happens when the amount is expected to be used up before the month is over.
   *
   * @default CostAction.NOTIFY
   */
  readonly onForecastExceeded?: CostAction;

  /**
   * What happens when the amount is used up.
   *
   * @default CostAction.NOTIFY
   */
  readonly onExceeded?: CostAction;

  /**
   * A rate that is too high.
   *
   * @default - the rate is measured and not judged
   */
  readonly overrun?: CostOverrun;

  /**
   * E-mail addresses that AWS Budgets itself tells; at most ten.
   *
   * @default - nobody: the owners' topic tells
   */
  readonly emails?: string[];
}
