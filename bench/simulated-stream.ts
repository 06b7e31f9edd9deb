import type { Arm, KpiPolicy } from '../core/contracts';
import { ERROR_RATE_KPI } from '../core/contracts';
import type { ArmCounts, ControlArm, Counters, MinuteCounts } from '../core/verdict';

const MINUTE_MILLIS = 60_000;

/** Uniform in [0, 1), mulberry32: small, seeded, good enough to draw units. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface StreamKpi {
  policy: KpiPolicy;
  /** Part of all units that can have this outcome at all, e.g. the spam among the mails. KPIs exclude each other. */
  unitShare: number;
  /** Rate of the outcome among those, by arm and minutes since the start. */
  rate: (arm: Arm, minute: number) => number;
  /** Minutes from the decision to the outcome. */
  delayMinutes: (random: () => number) => number;
}

export interface StreamOptions {
  seed: number;
  startMillis: number;
  perMinute: (minute: number) => number;
  control: ControlArm;
  holdout: number;
  kpis: StreamKpi[];
  errorRate: (arm: Arm) => number;
}

/** Traffic as the ingest handler counts it: units at their exposure, outcomes when they arrive, in the minute of the exposure. */
export class SimulatedStream {
  readonly counters: Counters = {};
  candidateUnits = 0;
  private readonly random: () => number;
  private readonly pending: (() => void)[][] = [];
  private minute = 0;

  constructor(private readonly options: StreamOptions) {
    this.random = seededRandom(options.seed);
    for (const name of [ERROR_RATE_KPI, ...options.kpis.map((kpi) => kpi.policy.name)]) {
      this.counters[name] = [];
    }
  }

  nowMillis(): number {
    return this.options.startMillis + this.minute * MINUTE_MILLIS;
  }

  /** Lets one minute pass at the given weight of the candidate. */
  pass(candidateWeight: number): void {
    const arrivals = this.poisson(this.options.perMinute(this.minute));
    for (let index = 0; index < arrivals; index++) {
      this.arrive(candidateWeight);
    }
    this.pending[this.minute]?.forEach((count) => count());
    delete this.pending[this.minute];
    this.minute += 1;
  }

  private arrive(candidateWeight: number): void {
    const arm = this.drawArm(candidateWeight);
    const exposed = this.minute;
    if (arm === 'candidate') {
      this.candidateUnits += 1;
    }
    this.count(ERROR_RATE_KPI, exposed, arm, this.random() < this.options.errorRate(arm));
    let kind = this.random();
    for (const { policy, unitShare, rate, delayMinutes } of this.options.kpis) {
      const counts = this.count(policy.name, exposed, arm, false);
      if (kind >= 0 && kind < unitShare && this.random() < rate(arm, exposed)) {
        const arrival = exposed + Math.floor(delayMinutes(this.random));
        (this.pending[arrival] ??= []).push(() => (counts.x += 1));
      }
      kind -= unitShare;
    }
  }

  private drawArm(candidateWeight: number): Arm {
    const draw = this.random();
    if (draw < candidateWeight) {
      return 'candidate';
    }
    return draw < candidateWeight + this.options.holdout ? 'baseline' : this.options.control;
  }

  private count(kpi: string, minute: number, arm: Arm, happened: boolean): ArmCounts {
    const minutes = (this.counters[kpi] ??= []);
    const minuteMillis = this.options.startMillis + minute * MINUTE_MILLIS;
    let found = minutes.findLast((one) => one.minuteMillis === minuteMillis);
    if (found === undefined) {
      found = { minuteMillis, arms: {} } satisfies MinuteCounts;
      minutes.push(found);
    }
    const counts = (found.arms[arm] ??= { n: 0, x: 0 });
    counts.n += 1;
    counts.x += happened ? 1 : 0;
    return counts;
  }

  private poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let product = this.random();
    let count = 0;
    while (product > limit) {
      product *= this.random();
      count += 1;
    }
    return count;
  }
}
