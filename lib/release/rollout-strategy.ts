import {
  DEFAULT_GUARDED,
  DEFAULT_LINEAR,
  DEFAULT_SHADOW,
  DEFAULT_SHADOW_MINUTES,
  DEFAULT_STEPS,
  guardedMisfits,
  LINEAR_STEP,
  linearSteps,
  MOST_SHADOW_MINUTES,
  type Takeover,
} from '../../core/release/strategy';

/** One step of a canary. */
export interface CanaryStep {
  /** Share of all units that the candidate answers, a fraction above 0, at most 1. */
  readonly weight: number;

  /** How long the step bakes without harm before the next one, in minutes. */
  readonly bakeMinutes: number;
}

/** How a linear rollout grows. */
export interface LinearOptions {
  /**
   * Share of all units that each step adds, a fraction from 0.05 to 0.5.
   *
   * @default 0.2
   */
  readonly step?: number;

  /**
   * How long each step bakes, in minutes.
   *
   * @default 30
   */
  readonly bakeMinutes?: number;
}

/** What a shadow's answers have to be like. */
export interface ShadowOptions {
  /**
   * How long requests are copied, in minutes, at most seven days.
   *
   * @default 120
   */
  readonly bakeMinutes?: number;

  /**
   * Share of stable's requests that the shadow gets a copy of, a fraction above 0, at most 1.
   *
   * @default 1
   */
  readonly samplingShare?: number;

  /**
   * Where two answers have to be the same: a JMESPath into the JSON answer, such as `label`.
   *
   * @default - the whole answer
   */
  readonly agreementField?: string;

  /**
   * Smallest share of compared answers that must agree.
   *
   * @default - agreement is reported, not demanded
   */
  readonly agreementAtLeast?: number;

  /**
   * Numbers this close agree.
   *
   * @default - only equal answers agree
   */
  readonly agreementTolerance?: number;

  /**
   * Largest 95th percentile of the shadow's latency, over stable's.
   *
   * @default - latency is reported, nothing is demanded of it
   */
  readonly latencyRatioAtMost?: number;

  /**
   * Share of the shadow's requests that may fail above stable's.
   *
   * @default 0.02
   */
  readonly errorRateAbove?: number;

  /**
   * Fewer compared answers say nothing: the phase ends as inconclusive.
   *
   * @default 100
   */
  readonly minimumAnswers?: number;
}

/** How SageMaker moves traffic from the old fleet to the new one. */
export enum GuardedRouting {
  /** All traffic in one go. */
  ALL_AT_ONCE = 'all-at-once',

  /** A part of it, then the rest. */
  CANARY = 'canary',

  /** In equal steps. */
  LINEAR = 'linear',
}

/** What SageMaker's deployment guardrails are asked for. */
export interface BlueGreenOptions {
  /**
   * How traffic moves.
   *
   * @default GuardedRouting.CANARY
   */
  readonly routing?: GuardedRouting;

  /**
   * Share of the new fleet that gets traffic first (canary, at most 0.5), or at each step (linear, 0.1 to 0.5).
   *
   * @default 0.1
   */
  readonly step?: number;

  /**
   * Time between steps, in minutes, at most 60.
   *
   * @default 10
   */
  readonly waitMinutes?: number;

  /**
   * How long the old fleet stays after the last step, in minutes, at most 60: until then the way back is short.
   *
   * @default 10
   */
  readonly terminationWaitMinutes?: number;
}

/**
 * How a release takes over traffic.
 *
 * @example
 * const canary = RolloutStrategy.canary([{ weight: 0.05, bakeMinutes: 120 }, { weight: 0.5, bakeMinutes: 240 }]);
 * const rollout = RolloutStrategy.combined(RolloutStrategy.shadow({ agreementField: 'label', agreementAtLeast: 0.95 }), canary);
 */
export abstract class RolloutStrategy {
  /**
   * Step by step, judged by KPIs of assigned units.
   *
   * @param steps steps with growing weights; default: 5 %, 25 % and 50 %, 30 minutes each
   * @throws when weights do not grow, or are no fractions
   */
  static canary(steps?: CanaryStep[]): RolloutStrategy {
    checkSteps(steps ?? DEFAULT_STEPS);
    return new Known(() => ({ strategy: 'canary', steps: steps ?? DEFAULT_STEPS }), {
      strategy: ['canary'],
      ...(steps === undefined ? {} : { steps: steps.map(({ weight, bakeMinutes }) => ({ weight, bake: `${bakeMinutes}m` })) }),
    });
  }

  /**
   * A canary with equal steps.
   *
   * @param options how it grows
   * @throws when the step is out of its range
   */
  static linear(options: LinearOptions = {}): RolloutStrategy {
    const { step, bakeMinutes } = { ...DEFAULT_LINEAR, ...given(options) };
    const [least, most] = LINEAR_STEP;
    demand('linear: step', step, step >= least && step <= most, `a fraction from ${least} to ${most}`);
    demandMinutes('linear: bakeMinutes', bakeMinutes);
    return new Known((holdout) => ({ strategy: 'canary', steps: linearSteps(step, bakeMinutes, holdout) }), {
      strategy: ['linear'],
      linear: { step, bake: `${bakeMinutes}m` },
    });
  }

  /**
   * Copies of stable's requests go to the candidate first; its answers are compared with stable's and never used. Takes over nothing:
   * combine it with what follows. A first release has nothing to be compared with and skips it.
   *
   * @param options what the answers have to be like
   * @throws when a setting is out of its range
   */
  static shadow(options: ShadowOptions = {}): RolloutStrategy {
    const policy = { ...DEFAULT_SHADOW, bakeMinutes: DEFAULT_SHADOW_MINUTES, ...given(options) };
    checkShadow(policy);
    const { agreementField: field, agreementAtLeast: atLeast, agreementTolerance: tolerance, latencyRatioAtMost } = policy;
    const agreement = given({ field, atLeast, tolerance });
    return new Known(
      () => {
        throw new Error('RolloutStrategy.shadow() takes over no traffic: combine it, as RolloutStrategy.combined(shadow, canary).');
      },
      {
        strategy: ['shadow'],
        shadow: {
          bake: `${policy.bakeMinutes}m`,
          sampling: policy.samplingShare,
          ...(Object.keys(agreement).length === 0 ? {} : { agreement }),
          ...given({ latencyRatioAtMost }),
          errorRateAbove: policy.errorRateAbove,
          minimumAnswers: policy.minimumAnswers,
        },
      },
      policy,
    );
  }

  /**
   * SageMaker moves traffic to a new fleet, and goes back by itself when an alarm on that fleet fires. Units are not assigned, so that no
   * KPI is judged; for that take a canary.
   *
   * @param options what SageMaker is asked for
   * @throws when SageMaker would refuse it
   */
  static blueGreen(options: BlueGreenOptions = {}): RolloutStrategy {
    const routing = options.routing ?? GuardedRouting.CANARY;
    const step = options.step ?? (routing === GuardedRouting.ALL_AT_ONCE ? undefined : DEFAULT_GUARDED.stepShare);
    const { waitMinutes, terminationWaitMinutes } = { ...DEFAULT_GUARDED, ...given(options) };
    const guarded = { routing, ...(step === undefined ? {} : { stepShare: step }), waitMinutes, terminationWaitMinutes };
    for (const { setting, message, allowed } of guardedMisfits(guarded)) {
      throw new Error(`RolloutStrategy.blueGreen: ${setting} ${message}: allowed is ${allowed}. Given: ${JSON.stringify(guarded)}.`);
    }
    return new Known(() => ({ strategy: 'blue-green', steps: [], guarded }), {
      strategy: ['blue-green'],
      blueGreen: {
        routing,
        ...(step === undefined ? {} : { step }),
        wait: `${waitMinutes}m`,
        terminationWait: `${terminationWaitMinutes}m`,
      },
    });
  }

  /** At once, after its gates and approvals. */
  static allAtOnce(): RolloutStrategy {
    return new Known(() => ({ strategy: 'all-at-once', steps: [] }), { strategy: ['all-at-once'] });
  }

  /**
   * One after the other: a shadow, then what takes over.
   *
   * @param strategies a shadow and one other strategy
   * @throws when they do not go together
   */
  static combined(...strategies: RolloutStrategy[]): RolloutStrategy {
    const [first, second, ...others] = strategies;
    const takers = strategies.filter(({ _shadow }) => _shadow === undefined);
    if (first?._shadow === undefined || second === undefined || others.length > 0 || takers.length !== 1) {
      const got = strategies.map(({ _charter }) => (_charter['strategy'] as string[]).join(' → ')).join(', ');
      throw new Error(
        `RolloutStrategy.combined got ${got || 'nothing'}: give a shadow and one other strategy, as combined(RolloutStrategy.shadow(), RolloutStrategy.canary()).`,
      );
    }
    const { strategy: before, ...shadow } = first._charter;
    const { strategy: after, ...taker } = second._charter;
    const charter = { strategy: [...(before as string[]), ...(after as string[])], ...shadow, ...taker };
    const policy = first._shadow;
    return new Known((holdout) => ({ ...second._takeover(holdout), shadow: policy }), charter);
  }

  /** @internal What a charter says. */
  static _of(takeover: Takeover): RolloutStrategy {
    return new Known(() => takeover, {});
  }

  /** @internal What the release workflow goes by. */
  abstract _takeover(holdout: number): Takeover;

  /** @internal The same as the charter would write it. */
  abstract readonly _charter: Record<string, unknown>;

  /** @internal Of a shadow that is not combined yet. */
  abstract readonly _shadow: Takeover['shadow'];
}

class Known extends RolloutStrategy {
  constructor(
    private readonly takeover: (holdout: number) => Takeover,
    override readonly _charter: Record<string, unknown>,
    override readonly _shadow: Takeover['shadow'] = undefined,
  ) {
    super();
  }

  override _takeover(holdout: number): Takeover {
    return this.takeover(holdout);
  }
}

function checkSteps(steps: CanaryStep[]): void {
  if (steps.length === 0)
    throw new Error('RolloutStrategy.canary got no steps: give at least one, such as { weight: 0.1, bakeMinutes: 60 }.');
  steps.forEach(({ weight, bakeMinutes }, index) => {
    const before = steps[index - 1]?.weight ?? 0;
    demand(`canary: steps[${index}].weight`, weight, weight > before && weight <= 1, `a fraction above ${before}, at most 1`);
    demandMinutes(`canary: steps[${index}].bakeMinutes`, bakeMinutes);
  });
}

function checkShadow(policy: NonNullable<Takeover['shadow']>): void {
  const { bakeMinutes, samplingShare, agreementAtLeast, agreementTolerance, latencyRatioAtMost, errorRateAbove, minimumAnswers } = policy;
  demandMinutes('shadow: bakeMinutes', bakeMinutes, MOST_SHADOW_MINUTES);
  demand('shadow: samplingShare', samplingShare, samplingShare > 0 && samplingShare <= 1, 'a fraction above 0, at most 1');
  demand('shadow: errorRateAbove', errorRateAbove, errorRateAbove >= 0 && errorRateAbove <= 1, 'a fraction from 0 to 1');
  demand('shadow: minimumAnswers', minimumAnswers, Number.isInteger(minimumAnswers) && minimumAnswers > 0, 'a whole number above 0');
  if (agreementAtLeast !== undefined) {
    demand('shadow: agreementAtLeast', agreementAtLeast, agreementAtLeast >= 0 && agreementAtLeast <= 1, 'a fraction from 0 to 1');
  }
  if (agreementTolerance !== undefined)
    demand('shadow: agreementTolerance', agreementTolerance, agreementTolerance >= 0, 'a number from 0');
  if (latencyRatioAtMost !== undefined)
    demand('shadow: latencyRatioAtMost', latencyRatioAtMost, latencyRatioAtMost > 0, 'a number above 0');
}

function demandMinutes(what: string, minutes: number, most = 525_600): void {
  demand(what, minutes, Number.isInteger(minutes) && minutes > 0 && minutes <= most, `a whole number of minutes from 1 to ${most}`);
}

function demand(what: string, value: number, fits: boolean, allowed: string): void {
  if (!fits) throw new Error(`RolloutStrategy.${what} is ${value}: it must be ${allowed}.`);
}

/** Options without those that are left out. */
function given<Options extends object>(options: Options): { [Key in keyof Options]: Exclude<Options[Key], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
