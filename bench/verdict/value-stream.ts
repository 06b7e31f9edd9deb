import type { Random } from './random';
import { DELAY_MINUTES, GOES_ON, SESSION_REQUESTS, Stream, WINDOW_MINUTES } from './stream';
import type { StreamOptions } from './stream';
import type { Tallies } from './tally';
import { clear, emptyTallies, SQUARES, SUM, UNITS } from './tally';
import { DAY_MINUTES, levelAt, shareAt, trafficAt } from './traffic';
import type { ValueTable, ValueWorld } from './value-table';
import { addDraw, addSeen, addValues, drawValue } from './value-table';

type Part = keyof Tallies;

/** Every unit has a value. */
export class ValueStream extends Stream {
  private readonly arms: Record<Part, ArmState> = { candidate: new ArmState(), equal: new ArmState(), rest: new ArmState() };
  /** The last exposures, as far as their values have come. */
  private readonly ring: Tallies[];

  constructor(
    random: Random,
    options: StreamOptions,
    private readonly world: ValueWorld,
  ) {
    super(random, options);
    this.ring = Array.from({ length: this.lag + 1 }, () => emptyTallies());
  }

  protected pass(): void {
    const { scenario, kpi, perMinute, factor } = this.options;
    const traffic = trafficAt(scenario, perMinute, this.minute);
    const share = shareAt(scenario, this.minute);
    const level = levelAt(scenario, kpi.better, this.minute);
    const units = scenario.sticky ? traffic / SESSION_REQUESTS : traffic;
    clear(this.seen);
    clear(this.judged);
    this.passArm('candidate', units * share, this.world.table(level, factor));
    this.passArm('equal', units * share, this.world.table(level, 1));
    this.passArm('rest', units * (1 - 2 * share), this.world.table(level, 1));
  }

  private passArm(part: Part, meanUnits: number, table: ValueTable): void {
    const { scenario } = this.options;
    const units = meanUnits > 1e-9 ? this.random.poisson(meanUnits) : 0;
    if (scenario.late) this.passLate(part, units, table);
    else if (scenario.sticky && this.options.watched) this.passSessions(part, units, table);
    else {
      addValues(this.random, table, units, this.judged[part]);
      this.seen[part].set(this.judged[part]);
    }
  }

  /** Requests of a session bear its value; the session itself counts when it begins. */
  private passSessions(part: Part, sessions: number, table: ValueTable): void {
    const { going } = this.arms[part];
    let kept = 0;
    for (const draw of going) {
      if (this.random.uniform() < GOES_ON) going[kept++] = draw;
    }
    going.length = kept;
    for (let session = 0; session < sessions; session++) {
      const draw = drawValue(this.random);
      addDraw(table, draw, this.judged[part]);
      going.push(draw);
    }
    for (const draw of going) addDraw(table, draw, this.seen[part]);
  }

  /** Dashboards see a value when it arrives; its unit counts in the minute of exposure if the value is in time. */
  private passLate(part: Part, units: number, table: ValueTable): void {
    const slot = this.ring[this.minute % this.ring.length]?.[part] ?? this.judged[part];
    slot.fill(0);
    const { arrivals } = this.arms[part];
    if (this.options.watched) {
      for (let unit = 0; unit < units; unit++) {
        const draw = drawValue(this.random);
        const delay = Math.floor(-DELAY_MINUTES * Math.log(this.random.uniform()));
        const arrival = this.minute + delay;
        if (delay < WINDOW_MINUTES) addDraw(table, draw, slot);
        if (arrival < DAY_MINUTES) addSeen(table, draw, arrivals, arrival * SEEN_FIELDS);
      }
      const from = this.minute * SEEN_FIELDS;
      for (const field of [UNITS, SUM, SQUARES]) this.seen[part][field] = arrivals[from + field] ?? 0;
    } else {
      const inWindow = this.random.binomial(units, 1 - Math.exp(-WINDOW_MINUTES / DELAY_MINUTES));
      addValues(this.random, table, inWindow, slot);
      this.seen[part][UNITS] = units;
    }
    const exposed = this.judgedMinute;
    if (exposed >= 0) this.judged[part].set(this.ring[exposed % this.ring.length]?.[part] ?? []);
  }
}

const SEEN_FIELDS = 3;

class ArmState {
  /** Units, sum and squares by minute of arrival. */
  readonly arrivals = new Float64Array(DAY_MINUTES * SEEN_FIELDS);
  /** What each session that has a request in this minute drew. */
  readonly going: number[] = [];
}
