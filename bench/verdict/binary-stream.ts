import type { BinaryKpi } from './kpis';
import type { Random } from './random';
import { DELAY_MINUTES, GOES_ON, SESSION_REQUESTS, Stream, WINDOW_MINUTES } from './stream';
import type { StreamOptions } from './stream';
import type { Tallies, Tally } from './tally';
import { SQUARES, SUM, UNITS } from './tally';
import type { Arrival } from './young';
import { DAY_MINUTES, levelAt, shareAt, trafficAt } from './traffic';

type Part = keyof Tallies;

/** Units and outcomes as counts: no loop over requests. */
export class BinaryStream extends Stream {
  private readonly level: number;
  private readonly arms: Record<Part, ArmState>;
  private readonly comings: Arrival[][] = [];

  constructor(random: Random, options: StreamOptions) {
    super(random, options);
    this.level = (options.kpi as BinaryKpi).level;
    this.arms = { candidate: new ArmState(), equal: new ArmState(), rest: new ArmState() };
  }

  protected pass(): void {
    const { scenario, kpi, perMinute, factor } = this.options;
    const traffic = trafficAt(scenario, perMinute, this.minute);
    const share = shareAt(scenario, this.minute);
    const rate = this.level * levelAt(scenario, kpi.better, this.minute);
    const units = scenario.sticky ? traffic / SESSION_REQUESTS : traffic;
    this.passArm('candidate', units * share, oddsTimes(rate, factor));
    this.passArm('equal', units * share, rate);
    this.passArm('rest', units * (1 - 2 * share), rate);
    this.arrived = this.comings[this.minute] ?? [];
  }

  private passArm(part: Part, meanUnits: number, rate: number): void {
    const { scenario } = this.options;
    // At half the traffic there is no rest, up to rounding.
    const units = meanUnits > 1e-9 ? this.random.poisson(meanUnits) : 0;
    const events = this.random.binomial(units, rate);
    if (scenario.young) this.passYoung(part, units, events);
    else if (scenario.late) this.passLate(part, units, events);
    else if (scenario.sticky) this.passSessions(part, units, events);
    else {
      set(this.judged[part], units, events);
      set(this.seen[part], units, events);
    }
  }

  /** Requests of a session bear its outcome; the session itself counts when it begins. */
  private passSessions(part: Part, sessions: number, events: number): void {
    set(this.judged[part], sessions, events);
    const arm = this.arms[part];
    arm.going = this.random.binomial(arm.going, GOES_ON) + sessions - events;
    arm.goingWithEvent = this.random.binomial(arm.goingWithEvent, GOES_ON) + events;
    set(this.seen[part], arm.going + arm.goingWithEvent, arm.goingWithEvent);
  }

  private passYoung(part: Part, units: number, events: number): void {
    set(this.judged[part], units, 0);
    set(this.seen[part], units, 0);
    for (let event = 0; event < events; event++) {
      const delay = this.delay();
      const arrival = { exposedMinute: this.minute, candidate: part === 'candidate' };
      if (delay < WINDOW_MINUTES) (this.comings[this.minute + delay] ??= []).push(arrival);
    }
  }

  private delay(): number {
    return Math.floor(-DELAY_MINUTES * Math.log(this.random.uniform()));
  }

  private passLate(part: Part, units: number, events: number): void {
    const arm = this.arms[part];
    let inWindow = 0;
    if (this.options.watched) {
      for (let event = 0; event < events; event++) {
        const delay = this.delay();
        inWindow += delay < WINDOW_MINUTES ? 1 : 0;
        const arrival = this.minute + delay;
        if (arrival < DAY_MINUTES) arm.arrivals[arrival] = (arm.arrivals[arrival] ?? 0) + 1;
      }
    } else {
      inWindow = this.random.binomial(events, 1 - Math.exp(-WINDOW_MINUTES / DELAY_MINUTES));
    }
    arm.units[this.minute] = units;
    arm.inWindow[this.minute] = inWindow;
    set(this.seen[part], units, arm.arrivals[this.minute] ?? 0);
    const exposed = this.judgedMinute;
    set(this.judged[part], arm.units[exposed] ?? 0, arm.inWindow[exposed] ?? 0);
  }
}

class ArmState {
  readonly units = new Int32Array(DAY_MINUTES);
  readonly inWindow = new Int32Array(DAY_MINUTES);
  readonly arrivals = new Int32Array(DAY_MINUTES);
  /** Sessions that have a request in this minute, without and with an outcome. */
  going = 0;
  goingWithEvent = 0;
}

/** The rate whose odds are `ratio` times those of `rate`. */
export function oddsTimes(rate: number, ratio: number): number {
  return (ratio * rate) / (1 - rate + ratio * rate);
}

function set(tally: Tally, units: number, events: number): void {
  tally[UNITS] = units;
  tally[SUM] = events;
  tally[SQUARES] = events;
}
