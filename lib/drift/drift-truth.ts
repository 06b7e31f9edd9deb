/** What every kind of truth needs. */
export interface DriftTruthOptions {
  /** The feature of the answer that predicts it. */
  readonly prediction: string;

  /** Truth arrives within so many minutes of the decision. */
  readonly windowMinutes: number;

  /**
   * Fewer labelled answers say nothing.
   *
   * @default 200
   */
  readonly minimumLabels?: number;
}

/** Labels, and limits of which each may be left out: then it is measured, not demanded. */
export interface ClassificationTruthOptions extends DriftTruthOptions {
  /**
   * The label that precision and recall are about.
   *
   * @default - neither is measured
   */
  readonly positive?: string;

  /**
   * The numeric feature of the answer that says how sure the model is, 0 to 1.
   *
   * @default - calibration is not measured
   */
  readonly confidence?: string;

  /**
   * Smallest share of right answers.
   *
   * @default - none
   */
  readonly accuracyAtLeast?: number;

  /**
   * Smallest share of right answers among those that say `positive`.
   *
   * @default - none
   */
  readonly precisionAtLeast?: number;

  /**
   * Smallest share of found ones among those that are `positive`.
   *
   * @default - none
   */
  readonly recallAtLeast?: number;

  /**
   * Largest mean difference of confidence and share of right answers, 0 to 1.
   *
   * @default - none
   */
  readonly calibrationErrorAtMost?: number;
}

/** Amounts. */
export interface RegressionTruthOptions extends DriftTruthOptions {
  /**
   * Largest mean absolute error, in the unit of the prediction.
   *
   * @default - none
   */
  readonly maeAtMost?: number;
}

/**
 * How good answers are, once the truth is known: KPI events bring it in `truth`.
 *
 * @example
 * const truth = DriftTruth.regression({ prediction: 'delay', windowMinutes: 180, maeAtMost: 25 });
 */
export abstract class DriftTruth {
  /**
   * Labels.
   *
   * @param options prediction, window and limits
   */
  static classification(options: ClassificationTruthOptions): DriftTruth {
    const { windowMinutes, ...rest } = options;
    return new WrittenTruth({ kind: 'classification', window: `${windowMinutes}m`, ...rest });
  }

  /**
   * Amounts.
   *
   * @param options prediction, window and limit
   */
  static regression(options: RegressionTruthOptions): DriftTruth {
    const { windowMinutes, ...rest } = options;
    return new WrittenTruth({ kind: 'regression', window: `${windowMinutes}m`, ...rest });
  }

  /** @internal As the charter would write it. */
  abstract readonly _charter: Record<string, unknown>;
}

class WrittenTruth extends DriftTruth {
  constructor(override readonly _charter: Record<string, unknown>) {
    super();
  }
}
